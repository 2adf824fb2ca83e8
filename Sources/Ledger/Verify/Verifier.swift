import Canonical
import Foundation
import Tlog

/// Recomputes what a log claims of itself along its positions, from events whose own bytes were checked before.
struct Verifier: Sendable {
    private(set) var result: Verification
    private var checkpoints: CheckpointAudit
    /// The log's head, read before the events in the same snapshot.
    private let size: Int64
    private let recordedAt: Int64
    /// Whether the events come with their registrations; else the register is compared as a whole.
    private let isRegistered: Bool
    private var last: CheckedEvent?
    /// Each stream's last version: the only thing that grows with the log, and with its streams, not its events.
    private var streams = StreamNames()
    private var versions: [Int64] = []
    private var ordinal = 0
    /// The commands that the events make.
    private(set) var commands: RegisterSum
    private var erasures = ErasureAudit()
    /// Telling of each position at most once that the order is broken.
    private var expected: Int64 = 1

    /// How often progress is told, in events.
    static let progressStep: Int64 = 10_000

    /// - Parameters:
    ///   - checkpoints: those stored, by size.
    ///   - key: of the sum of its commands; nil where events come with their registrations.
    init(
        log: LogName, size: Int64, recordedAt: Int64, checkpoints: [CheckpointAudit.Stored], options: VerifyOptions, key: RegisterSum.Key?
    ) throws {
        self.size = size
        self.recordedAt = recordedAt
        isRegistered = key == nil
        commands = RegisterSum(key ?? RegisterSum.Key())
        var result = Verification(log: log)
        self.checkpoints = try CheckpointAudit(checkpoints, options, &result)
        self.result = result
    }

    /// Takes the range that follows the one before.
    mutating func take(_ range: CheckedRange, progress: ((Int64) -> Void)?) {
        let numbers = streams.numbers(of: range.streams)
        versions += Array(repeating: 0, count: streams.count - versions.count)
        for event in range.events {
            take(event, stream: numbers[Int(event.stream)])
            if result.events.isMultiple(of: Self.progressStep) { progress?(result.events) }
        }
    }

    private mutating func take(_ event: CheckedEvent, stream: Int) {
        result.events += 1
        let at = event.position
        if at != expected { result.found(expected, "the event is missing; the next one stored is \(at)") }
        if at > size { result.found(at, "the event lies beyond the log's head, which says \(size)") }
        expected = at &+ 1

        let faults = event.faults
        if faults.contains(.entry) { result.found(at, EventFaults.entry.words[0]) }
        if faults.contains(.leaf) { result.found(at, EventFaults.leaf.words[0]) }
        checkpoints.append(event.leaf, &result)
        if faults.contains(.erased) {
            result.erased += 1
            erasures.erased(at)
        }
        if !faults.isEmpty { for words in faults.subtracting([.entry, .leaf]).words { result.found(at, words) } }
        checkOrder(event, stream)
        checkCommand(event)
        last = event
    }

    /// To be called after the last event.
    mutating func endOfEvents() { finishCommand() }

    /// A PayloadErased event of the log, by what it says; nil where that is gone itself. Before `finish`.
    mutating func take(erasure: String?, at position: Int64) { erasures.names(erasure, at: position) }

    /// To be called after `endOfEvents`.
    /// - Parameter unkept: first positions of registered commands whose first event is not there.
    mutating func finish(unkept: [Int64]) {
        if expected <= size { result.found(expected, "the events from here on are missing: the log's head says \(size)") }
        if let last, last.position == size, last.recordedAt != recordedAt {
            result.found(0, "the log's head has another recorded_at than its last event")
        }
        checkpoints.finish(&result)
        for (position, what) in erasures.faults { result.found(position, what) }
        for position in unkept { result.found(position, "a command is registered here, and its event is not in the log") }
    }

    /// A stored tile; in any order, after `finish`.
    mutating func take(tile level: Int, _ number: UInt64, _ bytes: [UInt8]) { checkpoints.check(tile: level, number, bytes, &result) }

    /// To be called after the last tile.
    mutating func finishTiles() { checkpoints.finishTiles(&result) }

    private mutating func checkOrder(_ event: CheckedEvent, _ stream: Int) {
        let version = versions[stream] &+ 1
        if event.version != version { result.found(event.position, "its stream's version is \(event.version) and should be \(version)") }
        versions[stream] = max(event.version, version)
        if let last, event.recordedAt < last.recordedAt {
            result.found(event.position, "recorded_at is before that of the event before it")
        }
    }

    private mutating func checkCommand(_ event: CheckedEvent) {
        if let last, last.command == event.command {
            ordinal += 1
        } else {
            finishCommand()
            ordinal = 0
        }
        if event.event != UUID.v5(namespace: event.command, name: String(ordinal)) {
            result.found(event.position, "the event's id is not that of its command and place")
        }
        guard isRegistered else { return }
        guard let registration = event.registration else {
            result.found(event.position, "its command is not registered: a repeat would be taken again")
            return
        }
        if registration.first != event.position &- Int64(ordinal) || ordinal >= Int(registration.events) {
            result.found(event.position, "its command is registered at other positions")
        }
    }

    /// When the next event is of another command: the one before must have had as many as it was registered with.
    private mutating func finishCommand() {
        guard let last else { return }
        guard isRegistered else { return commands.add(last.command, first: last.position &- Int64(ordinal), events: Int64(ordinal) + 1) }
        guard let registration = last.registration, ordinal + 1 < Int(registration.events) else { return }
        result.found(
            last.position &+ 1, "the command before it is registered with \(registration.events) events and has \(ordinal + 1)")
    }
}
