import Canonical
import Clinic

/// Puts the elements of a resource into the fields of `PatientRegistered`, and notes where each came from.
struct FHIRPatientDraft {
    private let resource: FHIRElement
    private(set) var problems: [Problem] = []
    private var members: [String: JSON] = [:]
    /// Pointers into the data, and those into the resource that they came from.
    private var origins: [(data: String, resource: String)] = []

    /// HL7 table 0203: the kinds of identifiers.
    private static let medicalRecordNumber = "MR"

    init(_ resource: FHIRElement) { self.resource = resource }

    mutating func data() -> JSON {
        readIdentifiers()
        readNames()
        readContacts()
        readAddresses()
        readBirth()
        let sex: PatientRegistered.Sex? = resource.choice("gender", &problems)
        put("sex", .string((sex ?? .unknown).rawValue), from: "/gender")
        readDeath()
        return .object(members)
    }

    mutating func resourceID() -> String? {
        if let id = resource.text("id", &problems), (1...64).contains(id.utf8.count) { return id }
        if resource.json["id"] == nil || resource.json["id"]?.text != nil {
            fail("/id", "id must be there, of 1 to 64 characters: without it the patient could not be known again")
        }
        return nil
    }

    mutating func lastUpdated() -> Timestamp? {
        guard let meta = resource.object("meta", &problems), let text = meta.text("lastUpdated", &problems) else { return nil }
        if let time = Timestamp(rfc3339: text) { return time }
        fail("/meta/lastUpdated", "lastUpdated must be a time with an offset such as 2026-11-22T15:30:00Z, to the microsecond at most")
        return nil
    }

    /// What is wrong with the data, said of the resource. A field that is missing because its element had a problem is not said twice.
    mutating func add(_ error: ValidationError) {
        for problem in error.problems {
            let origin = origins.filter { problem.pointer == $0.data || problem.pointer.hasPrefix($0.data + "/") }.max {
                $0.data.utf8.count < $1.data.utf8.count
            }
            guard let origin else { continue }
            let pointer = origin.resource + problem.pointer.dropFirst(origin.data.count)
            if !problems.contains(where: { $0.pointer == pointer }) { fail(pointer, problem.message) }
        }
        if problems.isEmpty { problems = error.problems }
    }

    // MARK: - Elements

    private mutating func readIdentifiers() {
        var values: [JSON] = []
        var numbers: [(value: String, pointer: String, isOver: Bool)] = []
        for element in resource.list("identifier", &problems) {
            // One without a value identifies nothing: the source keeps it back.
            guard let value = element.text("value", &problems) else { continue }
            let type = element.object("type", &problems)
            let codes = type?.list("coding", &problems).compactMap { $0.json["code"]?.text } ?? []
            var identifier: [String: JSON] = ["value": .string(value)]
            identifier["system"] = element.text("system", &problems).map { .string($0) }
            identifier["type"] = codes.first.map { .string($0) }
            origins.append(("/identifiers/\(values.count)", element.pointer))
            origins.append(("/identifiers/\(values.count)/type", element.pointer + "/type"))
            values.append(.object(identifier))
            if codes.contains(Self.medicalRecordNumber) { numbers.append((value, element.pointer + "/value", element.isOver(&problems))) }
        }
        if !values.isEmpty { put("identifiers", .array(values), from: "/identifier") }
        if let number = numbers.first(where: { !$0.isOver }) ?? numbers.first {
            put("mrn", .string(number.value), from: number.pointer)
        } else {
            fail(
                "/identifier",
                "identifier must hold the medical record number: one whose type has the code MR of HL7's table 0203, with a value")
        }
    }

    private mutating func readNames() {
        let names = resource.list("name", &problems).map { (element: $0, name: FHIRName($0, &problems)) }
        // The lowest rank is the name that the patient is registered under; of equals the first.
        let ranked = names.enumerated().filter { $0.element.name.isWhole }.min { left, right in
            (left.element.name.rank, left.offset) < (right.element.name.rank, right.offset)
        }
        guard let ranked else {
            return fail("/name", "name must hold one with a family name and at least one given name")
        }
        let main = ranked.element
        for (field, element) in [("family", "family"), ("given", "given"), ("prefix", "prefix"), ("suffix", "suffix"), ("use", "use")] {
            guard let value = main.name.members[field] else { continue }
            put(field == "use" ? "name_use" : field, value, from: "\(main.element.pointer)/\(element)")
        }
        let others = names.enumerated().filter { $0.offset != ranked.offset && !$0.element.name.isEmpty }.map(\.element)
        put("other_names", others.map { ($0.name.members, $0.element.pointer) }, from: "/name")
    }

    private mutating func readContacts() {
        let contacts = resource.list("telecom", &problems).compactMap { FHIRContact($0, &problems) }
        var mains: Set<Int> = []
        for (field, system) in [("phone", PatientRegistered.OtherContact.System.phone), ("email", .email)] {
            let best = contacts.enumerated().filter { $0.element.system == system }.min { left, right in
                (left.element.rank, left.offset) < (right.element.rank, right.offset)
            }
            guard let best else { continue }
            mains.insert(best.offset)
            put(field, .string(best.element.value), from: best.element.pointer + "/value")
        }
        let others = contacts.enumerated().filter { !mains.contains($0.offset) }.map(\.element)
        put("other_contacts", others.map { ($0.members, $0.pointer) }, from: "/telecom")
    }

    private mutating func readAddresses() {
        let addresses = resource.list("address", &problems).map { FHIRAddress($0, &problems) }
        let main = addresses.enumerated().filter { $0.element.isWhole }.min { left, right in
            (left.element.rank, left.offset) < (right.element.rank, right.offset)
        }
        if let main {
            origins += FHIRAddress.parts.map { ("/address/\($0.data)", "\(main.element.pointer)/\($0.resource)") }
            put("address", .object(main.element.mainMembers), from: main.element.pointer)
        }
        let others = addresses.enumerated().filter { $0.offset != main?.offset && !$0.element.isEmpty }.map(\.element)
        for (index, address) in others.enumerated() {
            origins += FHIRAddress.parts.map { ("/other_addresses/\(index)/\($0.data)", "\(address.pointer)/\($0.resource)") }
        }
        put("other_addresses", others.map { ($0.members, $0.pointer) }, from: "/address")
    }

    private mutating func readBirth() {
        guard let text = resource.text("birthDate", &problems) else {
            if resource.json["birthDate"] == nil { fail("/birthDate", "birthDate is missing; it must be a whole date such as 1984-02-29") }
            return
        }
        let isPartial = [4, 7].contains(text.utf8.count) && text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
        if isPartial {
            fail(
                "/birthDate",
                "birthDate gives only a year, or a year and a month; the record needs the whole date, so complete it in the source")
        } else {
            put("birth_date", .string(text), from: "/birthDate")
        }
    }

    private mutating func readDeath() {
        if let flag = resource.flag("deceasedBoolean", &problems), flag { put("deceased", true, from: "/deceasedBoolean") }
        guard let text = resource.text("deceasedDateTime", &problems) else { return }
        put("deceased", true, from: "/deceasedDateTime")
        // The date where it happened, as the source writes it. Of a partial one only the death is kept.
        if text.utf8.count >= 10 { put("deceased_on", .string(String(text.prefix(10))), from: "/deceasedDateTime") }
    }

    // MARK: - Putting

    private mutating func put(_ field: String, _ value: JSON, from pointer: String) {
        members[field] = value
        origins.append(("/" + field, pointer))
    }

    private mutating func put(_ field: String, _ items: [(members: [String: JSON], pointer: String)], from list: String) {
        guard !items.isEmpty else { return }
        for (index, item) in items.enumerated() { origins.append(("/\(field)/\(index)", item.pointer)) }
        put(field, .array(items.map { .object($0.members) }), from: list)
    }

    private mutating func fail(_ pointer: String, _ message: String) {
        problems.append(Problem(pointer: pointer, message: message))
    }
}
