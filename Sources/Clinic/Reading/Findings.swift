public import Canonical

/// The problems found so far, with pointers relative to the value being read.
public struct Findings: Sendable {
    private struct Finding {
        var pointer: String
        var message: String
        /// Whether the message has its subject yet. Rules say "must be …"; the field that reads the rule puts its name before it.
        var isNamed: Bool
    }

    private var list: [Finding] = []
    /// Off in the first, fast pass, where only *whether* there is a problem counts; on in the second, which words them.
    let explains: Bool

    init(explains: Bool) { self.explains = explains }

    var count: Int { list.count }
    var isEmpty: Bool { list.isEmpty }

    var problems: [Problem] {
        list.map { Problem(pointer: $0.pointer, message: $0.isNamed ? $0.message : "data " + $0.message) }
    }

    /// Reports the value being read: "must be …". The field's name is put before it.
    public mutating func fail(_ message: @autoclosure () -> String) {
        add("", message(), isNamed: false)
    }

    /// Reports that another kind of value stands here than the one expected: "is a text; it must be …". Which kind is said, never which value.
    public mutating func fail(_ json: JSON, _ expectation: @autoclosure () -> String) {
        fail("is \(json.kind); it \(expectation())")
    }

    /// Reports a whole sentence, at a pointer relative to the value being read.
    mutating func add(_ pointer: String, sentence: @autoclosure () -> String) {
        add(pointer, sentence(), isNamed: true)
    }

    private mutating func add(_ pointer: String, _ message: @autoclosure () -> String, isNamed: Bool) {
        guard list.count < ValidationError.maximumProblems else { return }
        if explains {
            list.append(Finding(pointer: pointer, message: message(), isNamed: isNamed))
        } else if list.isEmpty {
            list.append(Finding(pointer: "", message: "", isNamed: true))
        }
    }

    /// Puts what was reported since `start` under a member.
    mutating func nest(from start: Int, under key: String) {
        for index in start..<list.count {
            list[index].pointer = "/" + Self.escaped(key) + list[index].pointer
            if !list[index].isNamed {
                // An item of a list brings its number: "given[1] must be …".
                list[index].message = key + (list[index].message.hasPrefix("[") ? "" : " ") + list[index].message
                list[index].isNamed = true
            }
        }
    }

    /// Puts what was reported since `start` under an item of a list. The list's own field still names it, with the item's number from 0.
    mutating func nest(from start: Int, under item: Int) {
        for index in start..<list.count {
            list[index].pointer = "/\(item)" + list[index].pointer
            if !list[index].isNamed {
                list[index].message = "[\(item)]" + (list[index].message.hasPrefix("[") ? "" : " ") + list[index].message
            }
        }
    }

    func concerns(_ key: String) -> Bool {
        let pointer = "/" + key
        return list.contains { $0.pointer == pointer || $0.pointer.hasPrefix(pointer + "/") }
    }

    private static func escaped(_ key: String) -> String {
        guard key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return key }
        return key.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}

extension JSON {
    /// What kind of value it is, as a refusal says it.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
