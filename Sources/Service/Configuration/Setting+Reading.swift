import Canonical

extension Setting {
    static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

    /// The settings of the same group, or all groups, for who misspelt one.
    static func suggestion(for key: String) -> String {
        let group = key.split(separator: ".").first.map { $0 + "." } ?? ""
        let near = all.map(\.key).filter { $0.hasPrefix(group) }
        return "There are \((near.isEmpty ? all.map(\.key) : near).joined(separator: ", "))."
    }

    /// A value as text, from a flag or a variable.
    func value(_ items: [String], place: String) throws(ConfigurationError) -> ConfigurationValue {
        if kind == .list { return .list(items) }
        guard items.count == 1, let text = items.first else { throw ConfigurationError("\(place): this is said more than once.") }
        switch kind {
        case .text: return .text(text)
        case .flag:
            guard let flag = ["true": true, "yes": true, "1": true, "false": false, "no": false, "0": false][text] else {
                throw wrong(place)
            }
            return .flag(flag)
        case .number(let range):
            guard let number = Int(text), range.contains(number) else { throw wrong(place) }
            return .number(number)
        case .choice(let choices):
            guard choices.contains(text) else { throw wrong(place) }
            return .text(text)
        case .list: return .list(items)
        }
    }

    /// A value of the file: of its own JSON kind, so that `"10"` is no number and `1` no text.
    func value(_ json: JSON, place: String) throws(ConfigurationError) -> ConfigurationValue {
        switch (kind, json) {
        case (.text, .string(let text)): return .text(text)
        case (.choice, .string(let text)): return try value([text], place: place)
        case (.flag, .bool(let flag)): return .flag(flag)
        case (.number(let range), .number(let number)):
            guard let whole = number.int64, let value = Int(exactly: whole), range.contains(value) else { throw wrong(place) }
            return .number(value)
        case (.list, .array(let elements)):
            var items: [String] = []
            for element in elements {
                guard case .string(let text) = element else { throw wrong(place) }
                items.append(text)
            }
            return .list(items)
        default: throw wrong(place)
        }
    }

    private func wrong(_ place: String) -> ConfigurationError {
        let expected =
            switch kind {
            case .text: "a text"
            case .flag: "true or false"
            case .number(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
            case .choice(let choices): "one of \(choices.joined(separator: ", "))"
            case .list: "a list of texts"
            }
        return ConfigurationError("\(place) must be \(expected).")
    }
}
