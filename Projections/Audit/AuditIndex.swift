import Canonical
import Clinic
import Ledger
import Tlog

/// What the first reading of a log leaves: whether it is intact, and where each stream's events stand.
///
/// It is all that grows with the log: 8 bytes an event, and a name and some flags a stream.
struct AuditIndex: Sendable {
    /// Where a stream's events stand, and what tells whether it belongs to a period.
    struct Place: Sendable {
        var positions: [Int64] = []
        /// Whether an event of it occurred in the period.
        var isTouched = false
        /// Sessions only: whether an arrival is charted, whether one in the period, and whether anything was voided.
        var hasArrival = false
        var arrivesInPeriod = false
        var hasVoiding = false
        /// What keeps its events from being read as they were written.
        var faults: [Int64] = []
        /// The sessions that an event of a vial names, or that name the vial.
        var sessions: Set<String> = []
    }

    let scope: AuditScope
    /// The checkpoint whose root is held against the tree.
    let sealed: Audit.SealedState?
    private(set) var replay: Replay
    private(set) var places: [String: Place] = [:]
    /// How many events of each type there are, and how many of them occurred in the period.
    private(set) var counts: [String: (all: Int, inPeriod: Int)] = [:]
    /// Events whose bytes are intact and that this program cannot read.
    private var unreadable: [Replay.Fault] = []
    private var settledFaults = 0

    init(_ log: LogName, _ scope: AuditScope, sealed: Audit.SealedState? = nil) {
        self.scope = scope
        self.sealed = sealed
        replay = Replay(log: log)
    }

    /// In the order of positions.
    var faults: [Replay.Fault] {
        (replay.faults + unreadable).sorted { ($0.position, $0.what) < ($1.position, $1.what) }
    }

    mutating func take(_ record: LogRecord) {
        let erasedBefore = replay.erased.count
        let entry = replay.take(record)
        settleFaults()
        if let checkpoint = sealed?.checkpoint, replay.tree.size == checkpoint.size, replay.tree.root != checkpoint.root {
            let what = "the checkpoint signed at this size has another root"
            unreadable.append(Replay.Fault(position: record.position, what: what, stream: nil))
        }
        guard let entry else { return }
        let inPeriod = scope.contains(entry.occurredAt)
        counts[entry.type, default: (0, 0)].all += 1
        if inPeriod { counts[entry.type, default: (0, 0)].inPeriod += 1 }
        let isErased = replay.erased.count > erasedBefore
        place(entry, inPeriod: inPeriod)
        guard !isErased, record.payload != nil else { return }
        do {
            _ = try ChartEvent(StoredEvent(entry, record), clinic: scope.clinic)
        } catch {
            let reason = if case .unreadable(_, _, let reason) = error { reason } else { "it is not known what it says" }
            let fault = Replay.Fault(position: record.position, what: "the event cannot be read: \(reason)", stream: entry.stream)
            unreadable.append(fault)
            places[entry.stream, default: Place()].faults.append(record.position)
        }
    }

    mutating func finish(_ last: Int64) {
        replay.finish(last)
        settleFaults()
    }

    /// Puts what the replay found since the last time at the streams that it concerns.
    private mutating func settleFaults() {
        for fault in replay.faults[settledFaults...] {
            if let stream = fault.stream { places[stream, default: Place()].faults.append(fault.position) }
        }
        settledFaults = replay.faults.count
    }

    private mutating func place(_ entry: LogEntry, inPeriod: Bool) {
        var place = places.removeValue(forKey: entry.stream) ?? Place()
        place.positions.append(replay.position)
        if inPeriod { place.isTouched = true }
        switch entry.type {
        case EventType.patientArrived.rawValue:
            place.hasArrival = true
            if inPeriod { place.arrivesInPeriod = true }
        case EventType.eventVoided.rawValue: place.hasVoiding = true
        default: break
        }
        if let subject = entry.subject {
            if entry.stream.hasPrefix("vial/"), subject.hasPrefix("session/") { place.sessions.insert(subject) }
            if entry.stream.hasPrefix("session/"), subject.hasPrefix("vial/") {
                places[subject, default: Place()].sessions.insert(entry.stream)
            }
        }
        places[entry.stream] = place
    }

    /// Whether a stream may belong to the period. Of a session only its facts in force tell when it took place: here it is let through
    /// wherever that is possible.
    func mayBelong(_ stream: String) -> Bool {
        guard scope.hasPeriod, let place = places[stream] else { return true }
        guard stream.hasPrefix("session/") else { return place.isTouched }
        return place.arrivesInPeriod || !place.hasArrival || place.hasVoiding
    }
}
