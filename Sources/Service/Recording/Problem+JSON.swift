public import Canonical
import Clinic

extension JSON {
    /// What a problem's type starts with; its code follows.
    static let problemType = "urn:dripline:problem:"

    /// RFC 9457 problem details: `type` and `title` are the same for every occurrence, `detail` is of this one;
    /// `errors:[{pointer, message}]` where fields are to blame.
    static func problem(
        _ code: String, status: Int, detail: String, gate: Gate? = nil, errors: [(pointer: String, message: String)] = []
    ) -> JSON {
        var members: [String: JSON] = [
            "type": .string(problemType + code), "title": .string(title(of: code)), "status": .number(JSONNumber(status)),
            "detail": .string(detail),
        ]
        if let gate { members["gate"] = .string(gate.rawValue) }
        if !errors.isEmpty {
            members["errors"] = .array(errors.map { ["pointer": .string($0.pointer), "message": .string($0.message)] })
        }
        return .object(members)
    }

    /// `version-conflict` as `Version conflict`.
    private static func title(of code: String) -> String {
        let words = code.replacing("-", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

extension RecordingError {
    /// RFC 9457 problem details.
    public var json: JSON {
        .problem(code, status: status, detail: message, gate: gate, errors: problems.map { ($0.pointer, $0.message) })
    }
}
