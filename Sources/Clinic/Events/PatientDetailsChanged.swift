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
    public let nameUse: PatientRegistered.NameUse?
    public let prefix: [String]?
    public let suffix: [String]?
    public let otherNames: [PatientRegistered.OtherName]?
    public let otherAddresses: [PatientRegistered.OtherAddress]?
    public let otherContacts: [PatientRegistered.OtherContact]?
    public let deceased: Bool?
    public let deceasedOn: CalendarDate?
    /// What is not known any more, or was wrong altogether.
    public let removed: [Removable]?
    public let reason: String

    /// The details that a patient may be without, by the names of their fields.
    public enum Removable: String, Choice {
        case phone, email, address, identifiers
        case nameUse = "name_use"
        case prefix, suffix
        case otherNames = "other_names"
        case otherAddresses = "other_addresses"
        case otherContacts = "other_contacts"
        case deceased
        case deceasedOn = "deceased_on"
    }
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
        nameUse = fields.optional("name_use", .choice())
        prefix = fields.optional("prefix", PatientRegistered.affixes)
        suffix = fields.optional("suffix", PatientRegistered.affixes)
        otherNames = fields.optional("other_names", .list(of: .group(), 0...20))
        otherAddresses = fields.optional("other_addresses", .list(of: .group(), 0...20))
        otherContacts = fields.optional("other_contacts", .list(of: .group(), 0...20))
        deceased = fields.optional("deceased", .flag)
        deceasedOn = fields.optional("deceased_on", .date(notBefore: PatientRegistered.earliestBirth))
        removed = fields.optional("removed", .distinctChoices())
        reason = fields.required("reason", .text(.note))
        fields.check(removed?.contains(where: isSet) != true, "removed", "must not name a detail that is given too")
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
        fields.put("name_use", nameUse)
        fields.put("prefix", prefix)
        fields.put("suffix", suffix)
        fields.put("other_names", otherNames)
        fields.put("other_addresses", otherAddresses)
        fields.put("other_contacts", otherContacts)
        fields.put("deceased", deceased)
        fields.put("deceased_on", deceasedOn)
        fields.put("removed", removed)
        fields.put("reason", reason)
    }

    private func isSet(_ detail: Removable) -> Bool {
        switch detail {
        case .phone: phone != nil
        case .email: email != nil
        case .address: address != nil
        case .identifiers: identifiers != nil
        case .nameUse: nameUse != nil
        case .prefix: prefix != nil
        case .suffix: suffix != nil
        case .otherNames: otherNames != nil
        case .otherAddresses: otherAddresses != nil
        case .otherContacts: otherContacts != nil
        case .deceased: deceased != nil
        case .deceasedOn: deceasedOn != nil
        }
    }

    /// The names of the fields that it sets or removes, for people.
    var changed: [String] {
        let required = [
            mrn.map { _ in "MRN" }, family.map { _ in "family name" }, given.map { _ in "given names" },
            birthDate.map { _ in "birth date" }, sex.map { _ in "sex" },
        ]
        return required.compactMap(\.self) + Removable.allCases.filter(isSet).map(\.label) + (removed ?? []).map { "no \($0.label)" }
    }

    public var summary: String { "Details changed: \(changed.joined(separator: ", ")) (\(reason.onOneLine))" }
}

extension PatientDetailsChanged.Removable {
    var label: String {
        switch self {
        case .email: "e-mail"
        case .deceased: "deceased"
        case .deceasedOn: "date of death"
        default: rawValue.replacing("_", with: " ")
        }
    }
}
