public import Canonical
public import Foundation

/// An entry, read from its bytes: what the log commits to of one event.
public struct LogEntry: Sendable, Hashable {
    public let log: LogName
    public let position: Int64
    public let version: Int64
    public let event: UUID
    public let command: UUID
    public let stream: String
    public let type: String
    /// The version of the type's payload.
    public let payloadVersion: Int64
    public let actor: String
    public let occurredAt: Timestamp
    public let recordedAt: Timestamp
    public let chartedAt: Timestamp?
    public let subject: String?
    public let overrideGate: String?
    /// HMAC-SHA256(salt, reason).
    public let overrideDigest: [UInt8]?
    /// HMAC-SHA256(salt, payload).
    public let payloadDigest: [UInt8]

    /// Nil for text that is not an entry as `dripline.append` writes it, byte for byte: members missing, unknown or in another form.
    public init?(_ line: String) {
        var copy = line
        if let scanned = copy.withUTF8({ LogEntry(scanning: UnsafeRawBufferPointer($0)) }) {
            self = scanned
        } else {
            self.init(parsing: line)
        }
    }

    /// Nil also for entries that hold escapes or letters beyond ASCII.
    private init?(scanning bytes: UnsafeRawBufferPointer) {
        guard let scan = EntryScan(bytes) else { return nil }
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        guard let log = LogName(clinic: text(scan.clinic), kind: scan.log), let digest = Hex.decode(text(scan.payloadDigest)) else {
            return nil
        }
        self.log = log
        position = scan.position
        version = scan.version
        event = scan.event
        command = scan.command
        stream = text(scan.stream)
        type = text(scan.type)
        payloadVersion = scan.payloadVersion
        actor = text(scan.actor)
        occurredAt = Timestamp(microseconds: scan.occurredAt)
        recordedAt = Timestamp(microseconds: scan.recordedAt)
        chartedAt = scan.chartedAt.map { Timestamp(microseconds: $0) }
        subject = scan.subject.map(text)
        overrideGate = scan.gate.map(text)
        overrideDigest = scan.overrideDigest.flatMap { Hex.decode(text($0)) }
        payloadDigest = digest
    }

    /// By the parser: what the scan is held against.
    init?(parsing line: String) {
        // Bytes are compared, not characters: `==` takes two spellings of an accent for one.
        guard let json = try? JSON.parse(line), json.canonicalBytes.elementsEqual(line.utf8), case .object(let members) = json else {
            return nil
        }
        func text(_ key: String) -> String? { members[key]?.text }
        func time(_ key: String) -> Timestamp? { text(key).flatMap { Timestamp(rfc3339: $0) } }
        func id(_ key: String) -> UUID? { text(key).flatMap { UUID(canonical: $0) } }
        guard let clinic = text("clinic"), let kind = text("log").flatMap(LogName.Kind.init),
            let log = LogName(clinic: clinic, kind: kind), let position = members["position"]?.int64,
            let version = members["version"]?.int64, let event = id("event"), let command = id("command"), let stream = text("stream"),
            let type = text("type"), let payloadVersion = members["v"]?.int64, let actor = text("actor"),
            let occurredAt = time("occurred_at"), let recordedAt = time("recorded_at"),
            let payloadDigest = text("payload_digest").flatMap(Hex.decode)
        else { return nil }
        self.log = log
        self.position = position
        self.version = version
        self.event = event
        self.command = command
        self.stream = stream
        self.type = type
        self.payloadVersion = payloadVersion
        self.actor = actor
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
        self.payloadDigest = payloadDigest
        chartedAt = time("charted_at")
        subject = text("subject")
        overrideGate = members["override"]?["gate"]?.text
        overrideDigest = members["override"]?["reason_digest"]?.text.flatMap(Hex.decode)
        // What was read must make the same bytes again: then nothing was passed over.
        guard self.json == json else { return nil }
    }

    /// The members of the entry.
    private var json: JSON {
        var members: [String: JSON] = [
            "actor": .string(actor), "clinic": .string(log.clinic), "command": .string(command.lowercase),
            "event": .string(event.lowercase), "log": .string(log.kind.rawValue), "occurred_at": .string(occurredAt.description),
            "payload_digest": .string(Hex.encode(payloadDigest)), "position": .number(JSONNumber(position)),
            "recorded_at": .string(recordedAt.description), "stream": .string(stream), "type": .string(type),
            "v": .number(JSONNumber(payloadVersion)), "version": .number(JSONNumber(version)),
        ]
        members["charted_at"] = chartedAt.map { .string($0.description) }
        members["subject"] = subject.map { .string($0) }
        if let overrideGate, let overrideDigest {
            members["override"] = ["gate": .string(overrideGate), "reason_digest": .string(Hex.encode(overrideDigest))]
        }
        return .object(members)
    }
}
