public import Canonical
public import Foundation

/// A UUID, in either case.
public struct UUIDRule: FieldRule {
    public var placeholder: UUID { UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) }
    public var expectation: String { "must be a UUID such as 0198f7a2-0000-7000-8000-000000000001" }

    public var schema: JSON {
        ["type": "string", "format": "uuid", "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"]
    }

    public func read(_ json: JSON, _ findings: inout Findings) -> UUID {
        guard case .string(let text) = json else {
            findings.fail(json, expectation)
            return placeholder
        }
        guard let id = UUID(canonical: text) else {
            findings.fail(expectation)
            return placeholder
        }
        return id
    }
}

/// A staff handle; see ``StaffHandle``. Whether there is such a person is for the decision.
public struct HandleRule: FieldRule {
    public var placeholder: String { "" }
    public var expectation: String {
        "must be a staff handle: 1 to \(StaffHandle.maximumLength) letters, digits, dots, dashes or underscores"
    }

    public var schema: JSON {
        ["type": "string", "pattern": .string("^[A-Za-z0-9][A-Za-z0-9._-]{0,\(StaffHandle.maximumLength - 1)}$")]
    }

    public func read(_ json: JSON, _ findings: inout Findings) -> String {
        guard case .string(let text) = json else {
            findings.fail(json, expectation)
            return ""
        }
        guard StaffHandle.isValid(text) else {
            findings.fail(expectation)
            return ""
        }
        return text
    }
}

/// A SHA-256 digest in hexadecimal, either case; kept in lower case.
public struct DigestRule: FieldRule {
    public var placeholder: String { "" }
    public var expectation: String { "must be a SHA-256 digest: 64 hexadecimal digits" }

    public var schema: JSON { ["type": "string", "pattern": "^[0-9A-Fa-f]{64}$"] }

    public func read(_ json: JSON, _ findings: inout Findings) -> String {
        guard case .string(let text) = json else {
            findings.fail(json, expectation)
            return ""
        }
        guard text.utf8.count == 64, let bytes = Hex.decode(text) else {
            findings.fail(expectation)
            return ""
        }
        return Hex.encode(bytes)
    }
}

extension FieldRule where Self == UUIDRule {
    public static var uuid: Self { UUIDRule() }
}

extension FieldRule where Self == HandleRule {
    public static var handle: Self { HandleRule() }
}

extension FieldRule where Self == DigestRule {
    public static var digest: Self { DigestRule() }
}
