public import Canonical

/// An electronic signature on an event: the printed name, the time, and what it means (21 CFR 11.50).
///
/// It stands in the event's payload beside the data, as the member `signatures`. So it is committed to by the event's digest and can't be cut off, copied
/// to another event, or outlive an erasure (21 CFR 11.70). What an amendment says was not signed with what it amends: it bears its own.
public struct Signature: FieldGroup {
    /// What signing says.
    public enum Meaning: String, Choice {
        /// I did this, and this is what I did.
        case authorship
        /// I order or allow this.
        case approval
        /// I answer for going on although a safety gate fails.
        case responsibility
        /// I looked at what somebody else did.
        case review
        /// I was there and saw it.
        case witness
    }

    /// How the signer proved who they are.
    public enum Method: String, Choice {
        /// To this service, with handle and password, when signing.
        case password
        /// To the clinic's identity provider, just before.
        case oidc
        /// Not to this service: another system, or the operator, says that it was signed.
        case imported
    }

    /// Staff handle.
    public let staff: String
    /// The printed name, as enrolled when signing.
    public let name: String
    public let at: Timestamp
    public let meaning: Meaning
    public let method: Method

    /// Signatures on one event.
    public static let maximumCount = 8

    public init(staff: String, name: String, at: Timestamp, meaning: Meaning, method: Method) {
        self.staff = staff
        self.name = name
        self.at = at
        self.meaning = meaning
        self.method = method
    }

    /// In words: `signed by Dr. Amal Lin, approval, 2026-06-01 15:40`.
    public var words: String { "signed by \(name) (\(staff)), \(meaning.rawValue)" + (method == .imported ? ", as imported" : "") }
}

extension Signature {
    public init(reading fields: inout FieldReader) {
        staff = fields.required("staff", .handle)
        name = fields.required("name", .text(.line))
        at = fields.required("at", .time)
        meaning = fields.required("meaning", .choice())
        method = fields.required("method", .choice())
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("staff", staff)
        fields.put("name", name)
        fields.put("at", at)
        fields.put("meaning", meaning)
        fields.put("method", method)
    }
}
