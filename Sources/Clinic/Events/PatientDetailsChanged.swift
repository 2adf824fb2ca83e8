public import Canonical

/// What is known of a patient changes: a new name, address or number. What is left out stays as it was.
public struct PatientDetailsChanged: EventData {
    public static var eventType: EventType { .patientDetailsChanged }
    public static var streams: Set<StreamKind> { [.patient] }

    public let mrn: String?
    public let family: String?
    public let given: [String]?
    public let birthDate: CalendarDate?
    public let sex: PatientRegistered.Sex?
    public let phone: String?
    public let email: String?
    public let address: PatientRegistered.Address?
    public let identifiers: [PatientRegistered.Identifier]?
    public let reason: String
}

extension PatientDetailsChanged {
    public init(reading fields: inout FieldReader) {
        mrn = fields.optional("mrn", .text(.identifier))
        family = fields.optional("family", .text(.line))
        given = fields.optional("given", .list(of: .text(.line), 1...10))
        birthDate = fields.optional("birth_date", .date(notBefore: PatientRegistered.earliestBirth))
        sex = fields.optional("sex", .choice())
        phone = fields.optional("phone", .text(.identifier))
        email = fields.optional("email", .text(.line))
        address = fields.optional("address", .group())
        identifiers = fields.optional("identifiers", .list(of: .group(), 0...20))
        reason = fields.required("reason", .text(.note))
        fields.check(!changed.isEmpty, sentence: "data must change at least one detail beside the reason")
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
        fields.put("reason", reason)
    }

    /// The names of the fields that it sets, for people.
    var changed: [String] {
        [
            mrn.map { _ in "MRN" }, family.map { _ in "family name" }, given.map { _ in "given names" },
            birthDate.map { _ in "birth date" },
            sex.map { _ in "sex" }, phone.map { _ in "phone" }, email.map { _ in "e-mail" }, address.map { _ in "address" },
            identifiers.map { _ in "identifiers" },
        ].compactMap(\.self)
    }

    public var summary: String { "Details changed: \(changed.joined(separator: ", ")) (\(reason.onOneLine))" }
}
