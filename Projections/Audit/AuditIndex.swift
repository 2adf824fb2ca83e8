import Canonical
import Clinic
import Ledger
import Tlog

/// What the first reading of a log leaves: whether it is intact, and where each stream's events stand.
///
/// It is all that grows with the log: 8 bytes an event, and a name and some flags a stream.
struct AuditIndex: Sendable {
    let scope: AuditScope
    /// The checkpoint whose root is held against the tree.
    let sealed: Audit.SealedState?
    let replay: Replay
    /// By the numbers of streams.
    let places: [AuditPlaces.Place]
    private let counts: [AuditPlaces.Count]

    /// - Parameter readers: of the log at one moment, each for a task.
    init(
        _ readers: [any LogSource], of log: LogName, upTo last: Int64, _ scope: AuditScope, sealed: Audit.SealedState?, stretch: Int,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws {
        self.scope = scope
        self.sealed = sealed
        var places: AuditPlaces
        (replay, places) = try await Replay.run(
            over: readers, of: log, upTo: last, checkpoint: sealed?.checkpoint, length: stretch, into: AuditPlaces(scope),
            progress: progress
        ) { $0.take($1, $2) }
        places.finish(replay)
        (self.places, counts) = (places.places, places.counts)
    }

    var log: LogName { replay.log }

    func name(_ stream: Int) -> String { replay.names.stream(stream) }

    /// Events of each type, by the type's name: how many there are, and how many of them occurred in the period.
    var eventCounts: [Audit.EventCount] {
        counts.indices.map {
            Audit.EventCount(log: log, type: replay.names.type($0), all: counts[$0].all, inPeriod: counts[$0].inPeriod)
        }.filter { $0.all > 0 }.sorted { $0.type < $1.type }
    }

    /// Whether a stream may belong to the period. Of a session only its facts in force tell when it took place: here it is let through
    /// wherever that is possible.
    func mayBelong(_ stream: Int) -> Bool {
        guard scope.hasPeriod else { return true }
        let place = places[stream]
        guard place.kind == .session else { return place.isTouched }
        return place.arrivesInPeriod || !place.hasArrival || place.hasVoiding
    }
}

/// Where the events of each stream stand, gathered event by event in the order of the log.
struct AuditPlaces: Sendable {
    /// Where a stream's events stand, and what tells whether it belongs to a period.
    struct Place: Sendable {
        /// Nil for a kind that is not known.
        let kind: StreamKind?
        var positions: [Int64] = []
        /// Whether an event of it occurred in the period.
        var isTouched = false
        /// Sessions only: whether an arrival is charted, whether one in the period, and whether anything was voided.
        var hasArrival = false
        var arrivesInPeriod = false
        var hasVoiding = false
        /// What keeps its events from being read as they were written.
        var faults: [Int64] = []
        /// The sessions that an event of a vial names, or that name the vial; by their numbers.
        var sessions: Set<Int> = []
        /// The first patient's stream that it concerns, by its number: no more than a hint at what is read together.
        var patient: Int?
    }

    /// How many events of a type there are, and how many of them occurred in the period.
    struct Count: Sendable {
        var all = 0
        var inPeriod = 0
    }

    private let scope: AuditScope
    private(set) var places: [Place] = []
    private(set) var counts: [Count] = []
    private var types: [EventType?] = []

    init(_ scope: AuditScope) { self.scope = scope }

    mutating func take(_ event: Replay.Event, _ names: ReplayNames) {
        while places.count < names.streamCount { places.append(Place(kind: Self.kind(names.stream(places.count)))) }
        while types.count <= event.type {
            types.append(EventType(rawValue: names.type(types.count)))
            counts.append(Count())
        }
        let inPeriod = scope.contains(event.occurredAt)
        counts[event.type].all += 1
        if inPeriod { counts[event.type].inPeriod += 1 }
        places[event.stream].positions.append(event.position)
        if inPeriod { places[event.stream].isTouched = true }
        switch types[event.type] {
        case .patientArrived:
            places[event.stream].hasArrival = true
            if inPeriod { places[event.stream].arrivesInPeriod = true }
        case .eventVoided: places[event.stream].hasVoiding = true
        default: break
        }
        if let subject = event.subject { link(event.stream, subject) }
    }

    private mutating func link(_ stream: Int, _ subject: Int) {
        switch (places[stream].kind, places[subject].kind) {
        case (.vial, .session): places[stream].sessions.insert(subject)
        case (.session, .vial): places[subject].sessions.insert(stream)
        case (_, .patient) where places[stream].patient == nil: places[stream].patient = subject
        default: break
        }
    }

    /// Puts what the replay found at the streams that it concerns.
    mutating func finish(_ replay: Replay) {
        while places.count < replay.names.streamCount { places.append(Place(kind: Self.kind(replay.names.stream(places.count)))) }
        for fault in replay.faults {
            if let number = fault.stream.flatMap({ replay.names.number(ofStream: $0) }) { places[number].faults.append(fault.position) }
        }
    }

    private static func kind(_ stream: String) -> StreamKind? { StreamKind(rawValue: String(stream.prefix { $0 != "/" })) }
}
