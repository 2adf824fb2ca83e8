import Canonical
import Clinic

/// A HumanName, as the members of `other_names`.
struct FHIRName {
    let members: [String: JSON]
    /// Which name is the patient's own: official before usual before others, those whose time is over last.
    let rank: Int

    init(_ element: FHIRElement, _ problems: inout [Problem]) {
        let use: PatientRegistered.NameUse? = element.choice("use", &problems)
        var members: [String: JSON] = [:]
        members["use"] = use.map { .string($0.rawValue) }
        for name in ["family", "text"] { members[name] = element.text(name, &problems).map { .string($0) } }
        for name in ["given", "prefix", "suffix"] {
            members[name] = element.texts(name, &problems).map { .array($0.map { .string($0) }) }
        }
        // A text that only repeats the parts says nothing more.
        if members["family"] != nil || members["given"] != nil { members["text"] = nil }
        self.members = members
        let order: [PatientRegistered.NameUse?] = [.official, .usual, nil, .temp, .nickname, .maiden, .anonymous, .old]
        rank = (order.firstIndex(of: use) ?? order.count) + (element.isOver(&problems) ? order.count : 0)
    }

    /// Whether somebody can be registered under it.
    var isWhole: Bool { members["family"] != nil && members["given"] != nil }
    var isEmpty: Bool { !isWhole && members["family"] == nil && members["given"] == nil && members["text"] == nil }
}

/// An Address: as the members of `address`, and of `other_addresses`.
struct FHIRAddress {
    let pointer: String
    let members: [String: JSON]
    let rank: Int

    /// The parts, in the data and in the resource.
    static let parts: [(data: String, resource: String)] = [
        ("use", "use"), ("line", "line"), ("city", "city"), ("district", "district"), ("state", "state"), ("postal_code", "postalCode"),
        ("country", "country"), ("text", "text"),
    ]
    private static let main = ["line", "city", "state", "postal_code", "country"]

    init(_ element: FHIRElement, _ problems: inout [Problem]) {
        pointer = element.pointer
        let use: PatientRegistered.OtherAddress.Use? = element.choice("use", &problems)
        var members: [String: JSON] = [:]
        members["use"] = use.map { .string($0.rawValue) }
        members["line"] = element.texts("line", &problems).map { .array($0.map { .string($0) }) }
        for part in Self.parts where part.data != "use" && part.data != "line" {
            members[part.data] = element.text(part.resource, &problems).map { .string($0) }
        }
        if members.count > (use == nil ? 1 : 2) { members["text"] = nil }
        self.members = members
        let order: [PatientRegistered.OtherAddress.Use?] = [.home, nil, .temp, .work, .billing, .old]
        rank = (order.firstIndex(of: use) ?? order.count) + (element.isOver(&problems) ? order.count : 0)
    }

    /// Whether it has every part of the main address.
    var isWhole: Bool { Self.main.allSatisfy { members[$0] != nil } }
    var isEmpty: Bool { members.keys.allSatisfy { $0 == "use" } }
    var mainMembers: [String: JSON] { members.filter { Self.main.contains($0.key) } }
}

/// A ContactPoint, as the members of `other_contacts`. Nil without a value, or where it doesn't say what it is.
struct FHIRContact {
    let pointer: String
    let system: PatientRegistered.OtherContact.System
    let value: String
    let members: [String: JSON]
    /// The source's own rank (1 is preferred), then those without; those that are not in use any more last.
    let rank: Int64

    init?(_ element: FHIRElement, _ problems: inout [Problem]) {
        let use: PatientRegistered.OtherContact.Use? = element.choice("use", &problems)
        let rank = element.integer("rank", &problems)
        guard let value = element.text("value", &problems) else { return nil }
        system = element.choice("system", &problems) ?? .other
        self.value = value
        pointer = element.pointer
        var members: [String: JSON] = ["system": .string(system.rawValue), "value": .string(value)]
        members["use"] = use.map { .string($0.rawValue) }
        self.members = members
        self.rank = element.isOver(&problems) ? Int64.max : min(rank ?? Int64(Int32.max), Int64.max - 1)
    }
}
