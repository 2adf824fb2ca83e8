public import Canonical
import Foundation
public import Tlog

/// Recomputes what a log claims of itself from its records alone, in the order of positions: entries, digests, leaf hashes and the root.
///
/// Where it was read from plays no part, but for what the source itself contradicts. How commands are registered for repeats is not in the log,
/// and is left to `Ledger.verify`.
public struct Replay: Sendable {
    /// What is wrong with one event, or the log at this place.
    public struct Fault: Sendable, Hashable {
        /// The position; where events are missing, that of the first.
        public let position: Int64
        /// Without clinical content.
        public let what: String
        /// The stream that is concerned; nil where that cannot be said.
        public let stream: String?

        public init(position: Int64, what: String, stream: String?) {
            self.position = position
            self.what = what
            self.stream = stream
        }
    }

    public let log: LogName
    /// The Merkle tree of the recomputed leaves (RFC 6962).
    public private(set) var tree = TreeFrontier()
    /// In the order of positions.
    public private(set) var faults: [Fault] = []
    /// Payloads that were erased, whose digests can therefore not be recomputed.
    public var erased: [Int64] { erasures.erased }
    private var erasures = ErasureAudit()
    /// When the last event was recorded; nil for an empty log.
    public private(set) var lastRecordedAt: Timestamp?
    /// The position of the last record that was taken; 0 before the first.
    public private(set) var position: Int64 = 0
    private var command: (id: UUID, ordinal: Int)?
    /// Each stream's last version: grows with the streams of the log, not with its events.
    private var versions: [String: Int64] = [:]

    public init(log: LogName) { self.log = log }

    /// Takes the next record.
    /// - Returns: its entry; nil where it cannot be read.
    public mutating func take(_ record: LogRecord) -> LogEntry? {
        let at = record.position
        if at != position + 1 { found(position + 1, "the events up to position \(at - 1) are missing", nil) }
        position = at
        tree.append(.leaf(Array(record.entry.utf8)))
        guard let entry = LogEntry(record.entry) else {
            found(at, "the entry cannot be read", nil)
            return nil
        }
        for what in record.contradictions { found(at, what, entry.stream) }
        if entry.log != log { found(at, "the entry is of another log, \(entry.log)", entry.stream) }
        if entry.position != at { found(at, "the entry says that it is at position \(entry.position)", entry.stream) }
        if entry.type == ErasureAudit.type { erasures.names(record.payload, at: at) }
        checkOrder(entry, at)
        checkPayload(record, entry)
        return entry
    }

    /// To be called after the last record.
    /// - Parameter last: where the log was to be read to.
    public mutating func finish(_ last: Int64) {
        if position < last { found(position + 1, "the events from here to position \(last) are missing", nil) }
    }

    /// Where the data is gone and no erasure up to here names it, or the other way round; asked for after the last record. An audit of an early
    /// position may find what was erased since: so these are faults to those who look at a whole log only.
    public var unexplainedErasures: [Fault] { erasures.faults.map { Fault(position: $0.position, what: $0.what, stream: nil) } }

    private mutating func found(_ position: Int64, _ what: String, _ stream: String?) {
        faults.append(Fault(position: position, what: what, stream: stream))
    }

    private mutating func checkOrder(_ entry: LogEntry, _ at: Int64) {
        let version = versions[entry.stream, default: 0] + 1
        if entry.version != version {
            found(at, "its stream's version is \(entry.version) and should be \(version)", entry.stream)
        }
        versions[entry.stream] = max(entry.version, version)
        if let lastRecordedAt, entry.recordedAt < lastRecordedAt {
            found(at, "it was recorded before the event before it", entry.stream)
        }
        lastRecordedAt = max(lastRecordedAt ?? entry.recordedAt, entry.recordedAt)
        let ordinal = command.map { $0.id == entry.command ? $0.ordinal + 1 : 0 } ?? 0
        command = (entry.command, ordinal)
        if entry.event != UUID.v5(namespace: entry.command, name: String(ordinal)) {
            found(at, "the event's id is not that of its command and place", entry.stream)
        }
    }

    private mutating func checkPayload(_ record: LogRecord, _ entry: LogEntry) {
        let at = record.position
        guard let payload = record.payload, let salt = record.salt else {
            if !record.isErased {
                found(at, "a part of the payload stands although the rest was erased", entry.stream)
            } else if record.contradictions.isEmpty {
                erasures.erased(at)
            }
            return
        }
        if Digest.keyed(payload, salt: salt) != entry.payloadDigest { found(at, "the payload does not match its digest", entry.stream) }
        switch (record.overrideReason, entry.overrideDigest) {
        case (nil, nil): break
        case (nil, _): found(at, "the override has lost its reason", entry.stream)
        case (let reason?, let digest):
            if Digest.keyed(reason, salt: salt) != digest { found(at, "the override's reason does not match its digest", entry.stream) }
        }
        if (try? JSON.parse(payload))?.canonicalBytes.elementsEqual(payload.utf8) != true {
            found(at, "the payload is not canonical JSON", entry.stream)
        }
    }
}

extension StoredEvent {
    /// An event from its stored bytes, and nothing else.
    public init(_ entry: LogEntry, _ record: LogRecord) {
        self.init(
            position: entry.position, version: entry.version, event: entry.event, command: entry.command, stream: entry.stream,
            type: entry.type, v: Int(entry.payloadVersion), actor: entry.actor, occurredAt: entry.occurredAt, recordedAt: entry.recordedAt,
            chartedAt: entry.chartedAt,
            subject: entry.subject, overrideGate: entry.overrideGate, overrideReason: record.overrideReason, payload: record.payload)
    }
}
