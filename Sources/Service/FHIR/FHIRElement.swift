import Canonical
import Clinic

/// A place in a FHIR resource, read with errors that name it by its JSON pointer and never quote it.
///
/// Elements that nobody asks for are left alone: a resource may carry more than is kept of it.
struct FHIRElement {
    let json: JSON
    let pointer: String

    /// A text that may be absent. FHIR's texts are never empty.
    func text(_ name: String, _ problems: inout [Problem]) -> String? {
        guard let value = json[name] else { return nil }
        if let text = value.text { return text }
        problems.append(Problem(pointer: "\(pointer)/\(name)", message: "\(name) must be text"))
        return nil
    }

    func flag(_ name: String, _ problems: inout [Problem]) -> Bool? {
        guard let value = json[name] else { return nil }
        if case .bool(let flag) = value { return flag }
        problems.append(Problem(pointer: "\(pointer)/\(name)", message: "\(name) must be true or false"))
        return nil
    }

    func integer(_ name: String, _ problems: inout [Problem]) -> Int64? {
        guard let value = json[name] else { return nil }
        if let number = value.int64 { return number }
        problems.append(Problem(pointer: "\(pointer)/\(name)", message: "\(name) must be a whole number"))
        return nil
    }

    /// One of a few words.
    func choice<Value: Choice>(_ name: String, _ problems: inout [Problem]) -> Value? {
        guard let text = text(name, &problems) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
        problems.append(Problem(pointer: "\(pointer)/\(name)", message: "\(name) must be one of \(words)"))
        return nil
    }

    /// The objects of a list that may be absent.
    func list(_ name: String, _ problems: inout [Problem]) -> [FHIRElement] {
        guard let value = json[name] else { return [] }
        guard let elements = value.elements else {
            problems.append(Problem(pointer: "\(pointer)/\(name)", message: "\(name) must be a list"))
            return []
        }
        return elements.enumerated().compactMap { index, element in
            let pointer = "\(pointer)/\(name)/\(index)"
            if case .object = element { return FHIRElement(json: element, pointer: pointer) }
            problems.append(Problem(pointer: pointer, message: "\(name) must hold objects"))
            return nil
        }
    }

    /// The object of this name, which may be absent.
    func object(_ name: String, _ problems: inout [Problem]) -> FHIRElement? {
        guard let value = json[name] else { return nil }
        if case .object = value { return FHIRElement(json: value, pointer: "\(pointer)/\(name)") }
        problems.append(Problem(pointer: "\(pointer)/\(name)", message: "\(name) must be an object"))
        return nil
    }

    /// The texts of a list that may be absent; nil where there are none. A null stands where only an extension is known of an item.
    func texts(_ name: String, _ problems: inout [Problem]) -> [String]? {
        guard let value = json[name] else { return nil }
        guard let elements = value.elements else {
            problems.append(Problem(pointer: "\(pointer)/\(name)", message: "\(name) must be a list of texts"))
            return nil
        }
        let texts = elements.enumerated().compactMap { index, element -> String? in
            if let text = element.text { return text }
            if element != .null { problems.append(Problem(pointer: "\(pointer)/\(name)/\(index)", message: "\(name) must hold texts")) }
            return nil
        }
        return texts.isEmpty ? nil : texts
    }

    /// Whether a time of validity says that it is over.
    func isOver(_ problems: inout [Problem]) -> Bool {
        json["use"]?.text == "old" || object("period", &problems)?.json["end"] != nil
    }
}
