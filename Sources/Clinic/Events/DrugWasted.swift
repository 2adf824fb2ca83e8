public import Foundation

/// What is left over is destroyed. Never blocked. A witness is the clinic's policy, not federal law.
public struct DrugWasted: EventData {
    public static var eventType: EventType { .drugWasted }
    public static var streams: Set<StreamKind> { [.vial] }

    /// Above 0, at most 100,000.
    public let amountMg: Milligrams
    /// How it was destroyed.
    public let manner: String
    /// Staff handle.
    public let witness: String?
    /// The session that it is left over from.
    public let session: UUID?
}

extension DrugWasted {
    public init(reading fields: inout FieldReader) {
        amountMg = fields.required("amount_mg", .quantity(.above(0, through: 100_000)))
        manner = fields.required("manner", .text(.line))
        witness = fields.optional("witness", .handle)
        session = fields.optional("session", .uuid)
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("amount_mg", amountMg)
        fields.put("manner", manner)
        fields.put("witness", witness)
        fields.put("session", session)
    }

    public var summary: String {
        "Wasted \(amountMg.withUnit), \(manner)" + (witness.map { ", witnessed by \($0)" } ?? ", no witness")
    }

    public var subject: StreamID? { session.map { .session($0) } }
}
