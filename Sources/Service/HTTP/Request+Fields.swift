import Canonical
import Clinic
import Hummingbird
import NIOCore

extension Request {
    /// The body, a JSON object of these fields.
    /// - Throws: 413, 400 or 422 as problem details.
    func fields<Value>(upTo maximum: Int, _ body: (inout FieldReader) -> Value) async throws -> Value {
        try Self.fields(of: try await json(upTo: maximum), body)
    }

    /// - Throws: 422 as problem details.
    static func fields<Value>(of json: JSON, _ body: (inout FieldReader) -> Value) throws -> Value {
        do {
            return try FieldReader.read(json, body)
        } catch {
            throw RecordingError.invalid(error)
        }
    }

    /// - Throws: 413 or 400 as problem details.
    func json(upTo maximum: Int) async throws -> JSON {
        let bytes = try await bytes(upTo: maximum)
        do {
            return try JSON.request(bytes)
        } catch {
            throw ProblemResponse(.badRequest, "invalid-json", "The body is \(error.description).")
        }
    }

    func bytes(upTo maximum: Int) async throws -> [UInt8] {
        do {
            return Array(try await body.collect(upTo: maximum).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw ProblemResponse(.contentTooLarge, "body-too-large", "The body is longer than \(maximum) bytes.")
        }
    }
}

/// A password as it is sent: any text within a bound. Whether it may be one is said when it is set.
struct PasswordRule: FieldRule {
    var placeholder: String { "" }
    var expectation: String { "must be the password, as text" }
    var schema: JSON { ["type": "string", "maxLength": .number(JSONNumber(Accounts.maximumPasswordBytes))] }

    func read(_ json: JSON, _ findings: inout Findings) -> String {
        guard let text = json.text else {
            findings.fail(expectation)
            return placeholder
        }
        if text.utf8.count > Accounts.maximumPasswordBytes { findings.fail("must be at most \(Accounts.maximumPasswordBytes) bytes") }
        return text
    }
}

extension FieldRule where Self == PasswordRule {
    static var password: Self { PasswordRule() }
}
