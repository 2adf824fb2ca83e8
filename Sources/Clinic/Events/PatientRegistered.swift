public import Canonical

/// A person becomes a patient of the clinic. Everything here identifies them.
public struct PatientRegistered: EventData {
    public static var eventType: EventType { .patientRegistered }
    public static var streams: Set<StreamKind> { [.patient] }

    public enum Sex: String, Choice {
        case male, female, other, unknown
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
    /// What the name above is used as, and what stands before and after it, such as `Dr.` and `Jr.`.
    public let nameUse: NameUse?
    public let prefix: [String]?
    public let suffix: [String]?
    /// Other names that the person goes or went by.
    public let otherNames: [OtherName]?
    public let otherAddresses: [OtherAddress]?
    public let otherContacts: [OtherContact]?
    /// Whether the person is known to have died, and the day of it where that is known.
    public let deceased: Bool?
    public let deceasedOn: CalendarDate?

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
        nameUse = fields.optional("name_use", .choice())
        prefix = fields.optional("prefix", Self.affixes)
        suffix = fields.optional("suffix", Self.affixes)
        otherNames = fields.optional("other_names", .list(of: .group(), 0...20))
        otherAddresses = fields.optional("other_addresses", .list(of: .group(), 0...20))
        otherContacts = fields.optional("other_contacts", .list(of: .group(), 0...20))
        deceased = fields.optional("deceased", .flag)
        deceasedOn = fields.optional("deceased_on", .date(notBefore: Self.earliestBirth))
        fields.check(deceasedOn == nil || deceased != false, "deceased", "must not be false beside deceased_on", with: "deceased_on")
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
    }

    static let affixes = ListRule<TextRule>.list(of: .text(.line), 1...10)

    public var summary: String {
        "Registered \(family), \(given.joined(separator: " ")), born \(birthDate), \(sex.rawValue), MRN \(mrn)"
    }
}

extension PatientRegistered {
    /// What a change makes of it: what the change leaves out stays, what it removes is gone.
    public func replaced(by change: PatientDetailsChanged) -> PatientRegistered {
        func kept<Value>(_ new: Value?, _ old: Value?, _ detail: PatientDetailsChanged.Removable) -> Value? {
            change.removed?.contains(detail) == true ? nil : new ?? old
        }
        return PatientRegistered(
            mrn: change.mrn ?? mrn, family: change.family ?? family, given: change.given ?? given,
            birthDate: change.birthDate ?? birthDate, sex: change.sex ?? sex, phone: kept(change.phone, phone, .phone),
            email: kept(change.email, email, .email), address: kept(change.address, address, .address),
            identifiers: kept(change.identifiers, identifiers, .identifiers), nameUse: kept(change.nameUse, nameUse, .nameUse),
            prefix: kept(change.prefix, prefix, .prefix), suffix: kept(change.suffix, suffix, .suffix),
            otherNames: kept(change.otherNames, otherNames, .otherNames),
            otherAddresses: kept(change.otherAddresses, otherAddresses, .otherAddresses),
            otherContacts: kept(change.otherContacts, otherContacts, .otherContacts),
            deceased: kept(change.deceased, deceased, .deceased), deceasedOn: kept(change.deceasedOn, deceasedOn, .deceasedOn))
    }
}
