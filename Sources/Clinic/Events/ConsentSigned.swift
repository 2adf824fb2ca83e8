public import Canonical

/// A signed consent: who signed which text, when, how, and what the signature means (21 CFR 11.50; 42 CFR 482.51(b)(2)).
public struct ConsentSigned: EventData {
    public static var eventType: EventType { .consentSigned }
    public static var streams: Set<StreamKind> { [.patient] }

    public struct Signer: FieldGroup {
        public enum Role: String, Choice {
            case patient, representative
        }

        public let name: String
        public let role: Role
    }

    public enum Method: String, Choice {
        case ink, electronic
    }

    public let form: String
    public let formVersion: String
    /// SHA-256 of the text that was shown, in lower-case hexadecimal.
    public let formDigest: String
    public let signer: Signer
    public let witness: String?
    public let method: Method
    public let meaning: String
    public let signedAt: Timestamp
}

extension ConsentSigned {
    public init(reading fields: inout FieldReader) {
        form = fields.required("form", .text(.identifier))
        formVersion = fields.required("form_version", .text(.identifier))
        formDigest = fields.required("form_digest", .digest)
        signer = fields.required("signer", .group())
        witness = fields.optional("witness", .text(.line))
        method = fields.required("method", .choice())
        meaning = fields.required("meaning", .text(.note))
        signedAt = fields.required("signed_at", .time)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("form", form)
        fields.put("form_version", formVersion)
        fields.put("form_digest", formDigest)
        fields.put("signer", signer)
        fields.put("witness", witness)
        fields.put("method", method)
        fields.put("meaning", meaning)
        fields.put("signed_at", signedAt)
    }

    public var summary: String {
        "Consent \(form) version \(formVersion) signed by \(signer.name) (\(signer.role.rawValue)) at \(signedAt.clock), \(method.rawValue)"
    }
}

extension ConsentSigned.Signer {
    public init(reading fields: inout FieldReader) {
        name = fields.required("name", .text(.line))
        role = fields.required("role", .choice())
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("name", name)
        fields.put("role", role)
    }
}
