/// Names, addresses, numbers. The uses are those of FHIR R4's value sets name-use, address-use and contact-point-use.
extension PatientRegistered {
    public struct Address: FieldGroup {
        /// Street lines, at least one.
        public let line: [String]
        public let city: String
        public let state: String
        public let postalCode: String
        public let country: String
    }

    /// A number that another system knows the patient by.
    public struct Identifier: FieldGroup {
        /// Whose number it is: a URI, or a name. Left out where the source doesn't say.
        public let system: String?
        public let value: String
        /// What kind of number it is, in HL7's codes (table 0203): MR, SS, DL, PPN.
        public let type: String?
    }

    public enum NameUse: String, Choice {
        case usual, official, temp, nickname, anonymous, old, maiden
    }

    /// A name beside the one that the patient is registered under.
    public struct OtherName: FieldGroup {
        public let use: NameUse?
        public let family: String?
        public let given: [String]?
        public let prefix: [String]?
        public let suffix: [String]?
        /// The whole name in one text, where the source has it so.
        public let text: String?
    }

    /// An address beside the main one; it may be incomplete.
    public struct OtherAddress: FieldGroup {
        public enum Use: String, Choice {
            case home, work, temp, old, billing
        }

        public let use: Use?
        public let line: [String]?
        public let city: String?
        public let district: String?
        public let state: String?
        public let postalCode: String?
        public let country: String?
        public let text: String?
    }

    /// A way to reach the patient beside the main telephone and e-mail.
    public struct OtherContact: FieldGroup {
        public enum System: String, Choice {
            case phone, fax, email, pager, url, sms, other
        }

        public enum Use: String, Choice {
            case home, work, temp, old, mobile
        }

        public let system: System
        public let value: String
        public let use: Use?
    }
}

extension PatientRegistered.Address {
    public init(reading fields: inout FieldReader) {
        line = fields.required("line", .list(of: .text(.line), 1...10))
        city = fields.required("city", .text(.line))
        state = fields.required("state", .text(.line))
        postalCode = fields.required("postal_code", .text(.identifier))
        country = fields.required("country", .text(.line))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("line", line)
        fields.put("city", city)
        fields.put("state", state)
        fields.put("postal_code", postalCode)
        fields.put("country", country)
    }
}

extension PatientRegistered.Identifier {
    public init(reading fields: inout FieldReader) {
        system = fields.optional("system", .text(.line))
        value = fields.required("value", .text(.line))
        type = fields.optional("type", .text(.identifier))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("system", system)
        fields.put("value", value)
        fields.put("type", type)
    }
}

extension PatientRegistered.OtherName {
    public init(reading fields: inout FieldReader) {
        use = fields.optional("use", .choice())
        family = fields.optional("family", .text(.line))
        given = fields.optional("given", .list(of: .text(.line), 1...10))
        prefix = fields.optional("prefix", PatientRegistered.affixes)
        suffix = fields.optional("suffix", PatientRegistered.affixes)
        text = fields.optional("text", .text(.line))
        fields.check(family != nil || given != nil || text != nil, sentence: "a name needs family, given or text")
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("use", use)
        fields.put("family", family)
        fields.put("given", given)
        fields.put("prefix", prefix)
        fields.put("suffix", suffix)
        fields.put("text", text)
    }
}

extension PatientRegistered.OtherAddress {
    public init(reading fields: inout FieldReader) {
        use = fields.optional("use", .choice())
        line = fields.optional("line", .list(of: .text(.line), 1...10))
        city = fields.optional("city", .text(.line))
        district = fields.optional("district", .text(.line))
        state = fields.optional("state", .text(.line))
        postalCode = fields.optional("postal_code", .text(.identifier))
        country = fields.optional("country", .text(.line))
        text = fields.optional("text", .text(.note))
        let isEmpty = line == nil && [city, district, state, postalCode, country, text].allSatisfy { $0 == nil }
        fields.check(!isEmpty, sentence: "an address needs at least one part beside its use")
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("use", use)
        fields.put("line", line)
        fields.put("city", city)
        fields.put("district", district)
        fields.put("state", state)
        fields.put("postal_code", postalCode)
        fields.put("country", country)
        fields.put("text", text)
    }
}

extension PatientRegistered.OtherContact {
    public init(reading fields: inout FieldReader) {
        system = fields.required("system", .choice())
        value = fields.required("value", .text(.line))
        use = fields.optional("use", .choice())
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("system", system)
        fields.put("value", value)
        fields.put("use", use)
    }
}
