public import Canonical
public import Foundation

/// What is true of one session at an instant: a fold over the facts in force.
///
/// The fold is total. A chart that corrections have made impossible (a start whose stop was voided, an adjustment before any start) folds into the
/// nearest thing that makes sense; the decisions keep such charts from arising in the ordinary way.
public struct SessionState: Sendable, Hashable {
    public internal(set) var booked: Charted<SessionBooked>?
    public internal(set) var cancellation: Charted<SessionCancelled>?
    public internal(set) var arrival: Charted<PatientArrived>?
    public internal(set) var assessments: [Charted<PreInfusionAssessed>] = []
    public internal(set) var failedAttempts: [Charted<IVAttemptFailed>] = []
    public internal(set) var lines: [IVLine] = []
    public internal(set) var runs: [InfusionRun] = []
    public internal(set) var sideEffects: [SideEffectCourse] = []
    public internal(set) var medications: [Charted<MedicationGiven>] = []
    public internal(set) var waivers: [Charted<WaiverNoted>] = []
    public internal(set) var recoveryScores: [Charted<RecoveryScored>] = []
    public internal(set) var drivers: [Charted<DriverConfirmed>] = []
    public internal(set) var driverExemptions: [Charted<DriverExempted>] = []
    public internal(set) var dischargeOrders: [Charted<DischargeOrdered>] = []
    public internal(set) var discharge: Charted<Discharged>?
    /// Every event that carries an override, in the order of happening. Whether its author was a prescriber is for the reader to ask.
    public internal(set) var overrides: [GateOverride] = []
    /// When the last fact happened: up to then a dose is known that still runs. Nil for an empty stream.
    public internal(set) var knownUntil: Timestamp?

    /// - Parameter until: the instant, inclusive; nil for the whole history.
    public init(_ history: History, until: Timestamp? = nil) {
        for event in history.clinical {
            if let until, event.occurredAt > until { break }
            apply(event)
        }
    }

    /// A session is known once it has been booked or its patient has arrived.
    public var exists: Bool { booked != nil || arrival != nil }

    /// As `exists` of the whole history, without folding it: most often its first fact tells.
    static func exists(in history: History) -> Bool {
        history.clinical.contains { event in
            switch event.body {
            case .sessionBooked, .patientArrived: true
            default: false
            }
        }
    }

    public var patient: UUID? { arrival?.body.patient ?? booked?.body.patient }
    /// The plan that the booking names; nil where the patient's latest plan applies.
    public var plan: UUID? { booked?.body.plan }
    /// The weight at arrival, which all doses per kilogram refer to.
    public var weight: Kilograms? { arrival?.body.weightKg }

    public var isIVIn: Bool { lines.contains { $0.isIn } }
    /// The run in progress, paused or not.
    public var run: InfusionRun? { runs.last.flatMap { $0.isRunning ? $0 : nil } }
    /// The rate in force; 0 while paused; nil when no infusion runs.
    public var rate: MilligramsPerHour? { run?.rate }
    /// Charted rates of all runs, in order.
    public var doseSegments: [DoseSegment] { runs.flatMap(\.segments) }
    /// The vials that the infusions in force were drawn from.
    public var vials: Set<UUID> { Set(runs.map(\.start.body.vial)) }

    /// Side effects that were observed and not resolved, by the event that observed them.
    public var openSideEffects: [UUID: SideEffectCourse] {
        Dictionary(sideEffects.filter { $0.resolved == nil }.map { ($0.observed.id, $0) }) { first, _ in first }
    }

    /// What all runs together have given by an instant: the exact integral of the charted rates plus boluses, rounded once, to the microgram.
    public func given(at instant: Timestamp) throws(QuantityError) -> Milligrams {
        var amount = InfusedAmount()
        for run in runs {
            try run.add(until: instant, to: &amount)
        }
        return try amount.total
    }
}

/// An intravenous line from its insertion to its removal.
public struct IVLine: Sendable, Hashable {
    public let inserted: Charted<IVInserted>
    public internal(set) var removed: Charted<IVRemoved>?

    public var isIn: Bool { removed == nil }
}

/// A side effect from its observation to its resolution.
public struct SideEffectCourse: Sendable, Hashable {
    public let observed: Charted<SideEffectObserved>
    public internal(set) var resolved: Charted<SideEffectResolved>?
}

/// An override, with the event that carries it.
public struct GateOverride: Sendable, Hashable {
    public let event: UUID
    public let position: Int64
    public let type: EventType
    public let at: Timestamp
    public let actor: String
    public let override: Override
}
