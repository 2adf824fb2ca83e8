import Canonical

extension JSON {
    /// This value with the one at `pointer` replaced, added, or (with `nil`) taken away.
    func setting(_ pointer: String, to value: JSON?) -> JSON {
        guard let slash = pointer.firstIndex(of: "/") else { return value ?? .null }
        let rest = pointer[pointer.index(after: slash)...]
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        let (key, deeper) = (String(rest[..<end]), String(rest[end...]))
        switch self {
        case .object(var members):
            members[key] = deeper.isEmpty ? value : (members[key] ?? [:]).setting(deeper, to: value)
            return .object(members)
        case .array(var items):
            guard let index = Int(key), items.indices.contains(index) else { return self }
            if deeper.isEmpty, value == nil {
                items.remove(at: index)
            } else {
                items[index] = deeper.isEmpty ? value ?? .null : items[index].setting(deeper, to: value)
            }
            return .array(items)
        default: return self
        }
    }

    /// The pointers of everything inside, this value itself ("") first.
    var pointers: [String] {
        switch self {
        case .object(let members):
            [""] + members.sorted { $0.key < $1.key }.flatMap { member in member.value.pointers.map { "/" + member.key + $0 } }
        case .array(let items): [""] + items.enumerated().flatMap { item in item.element.pointers.map { "/\(item.offset)" + $0 } }
        default: [""]
        }
    }
}
