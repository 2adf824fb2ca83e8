public import Canonical

/// A person becomes a patient of the clinic. Everything here identifies them.
public struct PatientRegistered: EventData {
    public static var eventType: EventType { .patientRegistered }
    public static var streams: Set<StreamKind> { [.patient] }

    public enum Sex: String, Choice {
        case male, female, other, unknown
    }

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
        public let system: String
        public let value: String
    }

    /// The medical record number, 1–64 characters.
    public let mrn: String
    public let family: String
    /// At least one given name.
    public let given: [String]
    /// Not before 1880: nobody older lives.
    public let birthDate: CalendarDate
    public let sex: Sex
    public let phone: String?
    public let email: String?
    public let address: Address?
    public let identifiers: [Identifier]?

    static let earliestBirth = CalendarDate(year: 1880, month: 1, day: 1)
}

extension PatientRegistered {
    public init(reading fields: inout FieldReader) {
        mrn = fields.required("mrn", .text(.identifier))
        family = fields.required("family", .text(.line))
        given = fields.required("given", .list(of: .text(.line), 1...10))
        birthDate = fields.required("birth_date", .date(notBefore: Self.earliestBirth))
        sex = fields.required("sex", .choice())
        phone = fields.optional("phone", .text(.identifier))
        email = fields.optional("email", .text(.line))
        address = fields.optional("address", .group())
        identifiers = fields.optional("identifiers", .list(of: .group(), 0...20))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("mrn", mrn)
        fields.put("family", family)
        fields.put("given", given)
        fields.put("birth_date", birthDate)
        fields.put("sex", sex)
        fields.put("phone", phone)
        fields.put("email", email)
        fields.put("address", address)
        fields.put("identifiers", identifiers)
    }

    public var summary: String {
        "Registered \(family), \(given.joined(separator: " ")), born \(birthDate), \(sex.rawValue), MRN \(mrn)"
    }
}

extension PatientRegistered {
    /// What a change makes of it: what the change leaves out stays.
    func replaced(by change: PatientDetailsChanged) -> PatientRegistered {
        PatientRegistered(
            mrn: change.mrn ?? mrn, family: change.family ?? family, given: change.given ?? given,
            birthDate: change.birthDate ?? birthDate, sex: change.sex ?? sex, phone: change.phone ?? phone, email: change.email ?? email,
            address: change.address ?? address, identifiers: change.identifiers ?? identifiers)
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
        system = fields.required("system", .text(.line))
        value = fields.required("value", .text(.line))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("system", system)
        fields.put("value", value)
    }
}
