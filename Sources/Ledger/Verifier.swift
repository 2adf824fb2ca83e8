import Canonical
import Foundation
import Postgres
import Tlog

/// Recomputes everything that a log claims of itself, event by event in position order, from the stored bytes.
struct Verifier {
    private(set) var result: Verification
    private var checkpoints: CheckpointAudit
    private let log: LogName
    /// The log's head, read before the events in the same snapshot.
    private let size: Int64
    private let recordedAt: Timestamp
    private var last: VerifiedRow?
    /// Each stream's last version: the only thing that grows with the log, and with its streams, not its events.
    private var versions: [String: Int64] = [:]
    private var ordinal = 0
    /// Telling of each position at most once that the order is broken.
    private var expected: Int64 = 1

    /// - Parameter checkpoints: those stored, by size.
    init(log: LogName, size: Int64, recordedAt: Timestamp, checkpoints: [CheckpointAudit.Stored], options: VerifyOptions) throws {
        self.log = log
        self.size = size
        self.recordedAt = recordedAt
        var result = Verification(log: log)
        self.checkpoints = try CheckpointAudit(checkpoints, options, &result)
        self.result = result
    }

    mutating func take(_ row: VerifiedRow) {
        result.events += 1
        let at = row.position
        if at != expected { result.found(expected, "the event is missing; the next one stored is \(at)") }
        if at > size { result.found(at, "the event lies beyond the log's head, which says \(size)") }
        expected = at + 1

        let entry = row.rebuiltEntry(log: log)
        if entry != row.entry { result.found(at, "the entry does not say what the columns say") }
        let leaf = TreeHash.leaf(Array(row.entry.utf8))
        if leaf != TreeHash(row.leaf) { result.found(at, "the leaf hash is not that of the entry") }
        checkpoints.append(leaf, &result)
        checkPayload(row)
        checkOrder(row)
        checkCommand(row)
        last = row
    }

    /// To be called after the last event.
    /// - Parameter unkept: first positions of registered commands whose first event is not there.
    mutating func finish(unkept: [Int64]) {
        checkCommandIsWhole()
        if expected <= size { result.found(expected, "the events from here on are missing: the log's head says \(size)") }
        if let last, last.position == size, last.recordedAt != recordedAt {
            result.found(0, "the log's head has another recorded_at than its last event")
        }
        checkpoints.finish(&result)
        for position in unkept { result.found(position, "a command is registered here, and its event is not in the log") }
    }

    /// A stored tile; in any order, after `finish`.
    mutating func take(tile level: Int, _ number: UInt64, _ bytes: [UInt8]) { checkpoints.check(tile: level, number, bytes, &result) }

    /// To be called after the last tile.
    mutating func finishTiles() { checkpoints.finishTiles(&result) }

    private mutating func checkPayload(_ row: VerifiedRow) {
        guard let payload = row.payload, let salt = row.salt else {
            result.erased += 1
            if row.overrideReason != nil { result.found(row.position, "the override's reason stands although its salt was erased") }
            return
        }
        if Digest.keyed(payload, salt: salt) != row.payloadDigest { result.found(row.position, "the payload does not match its digest") }
        if let reason = row.overrideReason {
            if Digest.keyed(reason, salt: salt) != row.overrideDigest {
                result.found(row.position, "the override's reason does not match its digest")
            }
        } else if row.overrideGate != nil {
            result.found(row.position, "the override has lost its reason")
        }
        if (try? JSON.parse(payload).canonical) != payload { result.found(row.position, "the payload is not canonical JSON") }
    }

    private mutating func checkOrder(_ row: VerifiedRow) {
        let version = versions[row.stream, default: 0] + 1
        if row.version != version { result.found(row.position, "its stream's version is \(row.version) and should be \(version)") }
        versions[row.stream] = max(row.version, version)
        if let last, row.recordedAt < last.recordedAt { result.found(row.position, "recorded_at is before that of the event before it") }
    }

    private mutating func checkCommand(_ row: VerifiedRow) {
        if last?.command == row.command {
            ordinal += 1
        } else {
            checkCommandIsWhole()
            ordinal = 0
        }
        if row.event != UUID.v5(namespace: row.command, name: String(ordinal)) {
            result.found(row.position, "the event's id is not that of its command and place")
        }
        guard let first = row.commandFirst, let count = row.commandEvents else {
            result.found(row.position, "its command is not registered: a repeat would be taken again")
            return
        }
        if first != row.position - Int64(ordinal) || ordinal >= Int(count) {
            result.found(row.position, "its command is registered at other positions")
        }
    }
    /// When the next event is of another command: the one before must have had as many as it was registered with.
    private mutating func checkCommandIsWhole() {
        guard let last, let count = last.commandEvents, ordinal + 1 < Int(count) else { return }
        result.found(last.position + 1, "the command before it is registered with \(count) events and has \(ordinal + 1)")
    }
}
