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
    /// With each stream's last version: grows with the streams of the log, not with its events.
    public private(set) var names = ReplayNames()
    private var versions: [Int64] = []
    /// Its root is held against the tree.
    private let checkpoint: Checkpoint?

    init(log: LogName, checkpoint: Checkpoint? = nil) {
        self.log = log
        self.checkpoint = checkpoint
    }

    /// An event whose entry can be read, as a replay tells of it. Numbers are those of `ReplayNames`.
    public struct Event: Sendable {
        /// Where it was found.
        public let position: Int64
        public let occurredAt: Timestamp
        public let stream: Int
        public let type: Int
        public let subject: Int?
    }

    /// Takes the next records, checked before.
    /// - Parameter each: is told of those whose entries can be read, in their order.
    mutating func take(_ stretch: ReplayedStretch, _ each: (Event, ReplayNames) -> Void = { _, _ in }) {
        let streams = names.streams.numbers(of: stretch.names.streams)
        let types = names.types.numbers(of: stretch.names.types)
        versions += Array(repeating: 0, count: names.streams.count - versions.count)
        for event in stretch.events {
            let stream = event.place.map { streams[Int($0.stream)] }
            take(event, stream)
            guard let place = event.place, let stream else { continue }
            each(
                Event(
                    position: event.position, occurredAt: Timestamp(microseconds: place.occurredAt), stream: stream,
                    type: types[Int(place.type)], subject: place.subject.map { streams[Int($0)] }), names)
        }
    }

    private mutating func take(_ event: ReplayedEvent, _ stream: Int?) {
        let at = event.position
        if at != position + 1 { found(position + 1, "the events up to position \(at - 1) are missing", nil) }
        position = at
        tree.append(event.leaf)
        if let checkpoint, tree.size == checkpoint.size, tree.root != checkpoint.root {
            found(at, "the checkpoint signed at this size has another root", nil)
        }
        for what in event.entryFaults { found(at, what, stream) }
        if let place = event.place, let stream { checkOrder(place, at, stream) }
        for what in event.payloadFaults { found(at, what, stream) }
        if event.isErased { erasures.erased(at) }
        if event.isErasure { erasures.names(event.erasure, at: at) }
    }

    /// To be called after the last record.
    /// - Parameter last: where the log was to be read to.
    mutating func finish(_ last: Int64) {
        if position < last { found(position + 1, "the events from here to position \(last) are missing", nil) }
    }

    /// Where the data is gone and no erasure up to here names it, or the other way round; asked for after the last record. An audit of an early
    /// position may find what was erased since: so these are faults to those who look at a whole log only.
    public var unexplainedErasures: [Fault] { erasures.faults.map { Fault(position: $0.position, what: $0.what, stream: nil) } }

    private mutating func found(_ position: Int64, _ what: String, _ stream: Int?) {
        faults.append(Fault(position: position, what: what, stream: stream.map { names.stream($0) }))
    }

    private mutating func checkOrder(_ place: ReplayedEvent.Place, _ at: Int64, _ stream: Int) {
        let version = versions[stream] &+ 1
        if place.version != version { found(at, "its stream's version is \(place.version) and should be \(version)", stream) }
        versions[stream] = max(place.version, version)
        let recordedAt = Timestamp(microseconds: place.recordedAt)
        if let lastRecordedAt, recordedAt < lastRecordedAt { found(at, "it was recorded before the event before it", stream) }
        lastRecordedAt = max(lastRecordedAt ?? recordedAt, recordedAt)
        let ordinal = command.map { $0.id == place.command ? $0.ordinal + 1 : 0 } ?? 0
        command = (place.command, ordinal)
        if place.event != UUID.v5(namespace: place.command, name: String(ordinal)) {
            found(at, "the event's id is not that of its command and place", stream)
        }
    }
}
