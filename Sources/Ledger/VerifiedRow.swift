import Canonical
import Foundation
import Postgres

/// All of an event's stored bytes, and how its command is registered.
struct VerifiedRow {
    /// What a row is read from; `e` is the event, `k` its command's registration.
    static let columns = """
        e.position, e.version, e.occurred_at, e.recorded_at, e.charted_at, e.event, e.command, e.stream, e.type, e.actor, e.subject, \
        e.override_gate, e.override_reason, e.override_digest, e.salt, e.payload_digest, e.leaf, e.payload, e.entry, e.v, \
        k.first_position, k.events
        """

    let position: Int64
    let version: Int64
    let occurredAt: Timestamp
    let recordedAt: Timestamp
    let chartedAt: Timestamp?
    let event: UUID
    let command: UUID
    let stream: String
    let type: String
    let actor: String
    let subject: String?
    let overrideGate: String?
    let overrideReason: String?
    let overrideDigest: [UInt8]?
    let salt: [UInt8]?
    let payloadDigest: [UInt8]
    let leaf: [UInt8]
    let payload: String?
    let entry: String
    let v: Int16
    let commandFirst: Int64?
    let commandEvents: Int32?

    init(_ row: inout CopyRow) throws {
        position = try row.field()
        version = try row.field()
        occurredAt = Timestamp(microseconds: try row.field(SQLTimestamp.self).microseconds)
        recordedAt = Timestamp(microseconds: try row.field(SQLTimestamp.self).microseconds)
        chartedAt = try row.field(SQLTimestamp?.self).map { Timestamp(microseconds: $0.microseconds) }
        event = try row.field()
        command = try row.field()
        stream = try row.field()
        type = try row.field()
        actor = try row.field()
        subject = try row.field()
        overrideGate = try row.field()
        overrideReason = try row.field()
        overrideDigest = try row.field()
        salt = try row.field()
        payloadDigest = try row.field()
        leaf = try row.field()
        payload = try row.field(JSONText?.self)?.text
        entry = try row.field()
        v = try row.field()
        commandFirst = try row.field()
        commandEvents = try row.field()
    }

    /// The entry that these columns make: canonical JSON, so keys stand in order. Every value is of a form that needs no escape,
    /// which `dripline.append` sees to; where a column was altered into one that does, the result differs from the stored entry all the same.
    func rebuiltEntry(log: LogName) -> String {
        var text = #"{"actor":"\#(actor)""#
        if let chartedAt { text += #","charted_at":"\#(chartedAt)""# }
        text += #","clinic":"\#(log.clinic)","command":"\#(command.lowercase)","event":"\#(event.lowercase)","log":"\#(log.kind.rawValue)""#
        text += #","occurred_at":"\#(occurredAt)""#
        if let overrideGate, let overrideDigest {
            text += #","override":{"gate":"\#(overrideGate)","reason_digest":"\#(Hex.encode(overrideDigest))"}"#
        }
        text += #","payload_digest":"\#(Hex.encode(payloadDigest))","position":\#(position),"recorded_at":"\#(recordedAt)""#
        text += #","stream":"\#(stream)""#
        if let subject { text += #","subject":"\#(subject)""# }
        text += #","type":"\#(type)","v":\#(v),"version":\#(version)}"#
        return text
    }

    /// The times of the years 1 to 9999; another (the database's infinities) was never appended, and makes an entry that is none.
    private static let writable = Int64(-62_135_596_800_000_000)..<253_402_300_800_000_000

    private static func text(_ time: Timestamp) -> String { writable.contains(time.microseconds) ? time.description : "" }
}
