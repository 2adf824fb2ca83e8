public import Canonical

/// One of the cases of an enumeration.
public struct ChoiceRule<Value: Choice>: FieldRule {
    public var placeholder: Value {
        guard let first = Value.allCases.first else { preconditionFailure("an enumeration without cases cannot be read") }
        return first
    }

    public var expectation: String { "must be one of " + Value.allCases.map(\.rawValue).joined(separator: ", ") }

    public var schema: JSON { ["type": "string", "enum": .array(Value.allCases.map { .string($0.rawValue) })] }

    public func read(_ json: JSON, _ findings: inout Findings) -> Value {
        guard case .string(let text) = json else {
            findings.fail(json, expectation)
            return placeholder
        }
        guard let value = Value(rawValue: text) else {
            findings.fail(expectation + suggestion(text))
            return placeholder
        }
        return value
    }

    private func suggestion(_ text: String) -> String {
        guard let near = NearestName.to(text, among: Value.allCases.map(\.rawValue)) else { return "" }
        return "; did you mean \(near)?"
    }
}

/// `true` or `false`.
public struct FlagRule: FieldRule {
    public var placeholder: Bool { false }
    public var expectation: String { "must be true or false" }

    public var schema: JSON { ["type": "boolean"] }

    public func read(_ json: JSON, _ findings: inout Findings) -> Bool {
        guard case .bool(let value) = json else {
            findings.fail(json, expectation)
            return false
        }
        return value
    }
}

extension FieldRule {
    public static func choice<Value>() -> Self where Self == ChoiceRule<Value> { ChoiceRule() }
}

extension FieldRule where Self == FlagRule {
    public static var flag: Self { FlagRule() }
}
