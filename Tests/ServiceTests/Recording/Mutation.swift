import Canonical
import Foundation

/// What goes wrong with a request on its way, by accident or on purpose.
enum Mutation {
    /// The request's text, most often with one thing wrong: among several events often in one of them only.
    static func mutated(_ request: JSON, _ random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<16, using: &random) {
        case 0: return request.canonical
        case 1...7: return changed(request, &random).canonical
        case 8: return duplicate(request.canonical, &random)
        case 9: return string(in: request, #""\ud800""#, &random)
        case 10: return string(in: request, #""\udc00x""#, &random)
        case 11: return string(in: request, String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000), &random)
        case 12: return string(in: request, String(repeating: #"{"a":"#, count: 60) + "1" + String(repeating: "}", count: 60), &random)
        case 13: return String(request.canonical.prefix(Int.random(in: 0..<request.canonical.count, using: &random)))
        case 14: return request.canonical + "{}"
        default: return number(in: request, &random)
        }
    }

    /// A value somewhere is another, is missing, or has company.
    private static func changed(_ json: JSON, _ random: inout SeededGenerator) -> JSON {
        let values: [JSON] = [
            .null, true, -1, 0, 7, "", " ", "text", [], [:], .array(Array(repeating: [:], count: 501)), ["text": "x"],
            .string(String(repeating: "x", count: 1 << 20)), .string(String(repeating: "é", count: 5000)), "\u{0}", "2026-11-22T15:30:00Z",
            "9999-12-31T23:59:59Z", "clinic", "access", .string(UUID().lowercase), "DischargeOrdered",
        ]
        let value = values.randomElement(using: &random) ?? .null
        switch json {
        case .object(var members):
            guard let key = members.keys.sorted().randomElement(using: &random) else { return value }
            switch Int.random(in: 0..<6, using: &random) {
            case 0: members[key] = nil
            case 1: members[key + "s"] = value
            case 2: members[key] = value
            default: members[key] = changed(members[key] ?? .null, &random)
            }
            return .object(members)
        case .array(var items) where !items.isEmpty:
            let index = Int.random(in: items.indices, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: items.remove(at: index)
            case 1: items.insert(value, at: index)
            case 2: items += items
            default: items[index] = changed(items[index], &random)
            }
            return .array(items)
        default: return value
        }
    }

    /// A member of some object stands there twice.
    private static func duplicate(_ text: String, _ random: inout SeededGenerator) -> String {
        let places = text.indices.filter { text[$0] == "{" }
        guard let place = places.randomElement(using: &random) else { return text }
        let rest = text[text.index(after: place)...]
        guard let key = rest.firstRange(of: ":").map({ rest[..<$0.lowerBound] }), key.hasPrefix("\"") else { return text }
        return text[...place] + key + ":null," + rest
    }

    /// A raw token in the place of some string.
    private static func string(in json: JSON, _ token: String, _ random: inout SeededGenerator) -> String {
        let marker = "\"\(UUID().lowercase)\""
        return marked(json, marker, &random).canonical.replacing(marker, with: token)
    }

    private static func marked(_ json: JSON, _ marker: String, _ random: inout SeededGenerator) -> JSON {
        switch json {
        case .object(var members):
            guard let key = members.keys.sorted().randomElement(using: &random) else { return json }
            members[key] = marked(members[key] ?? .null, marker, &random)
            return .object(members)
        case .array(var items) where !items.isEmpty:
            let index = Int.random(in: items.indices, using: &random)
            items[index] = marked(items[index], marker, &random)
            return .array(items)
        default: return .string(String(marker.dropFirst().dropLast()))
        }
    }

    /// A number beyond what anybody measures, or writes.
    private static func number(in json: JSON, _ random: inout SeededGenerator) -> String {
        let numbers = [
            "1e308", "1e309", "-1e308", "1e-400", String(repeating: "9", count: 400), "9223372036854775808", "0.0001", "-0", "01",
        ]
        return string(in: json, numbers.randomElement(using: &random) ?? "0", &random)
    }
}
