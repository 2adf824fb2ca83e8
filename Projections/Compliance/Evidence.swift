public import Canonical
public import Clinic
public import Foundation

/// All that a rule may look at, folded once for all rules.
public struct Evidence: Sendable {
    /// How far a session has come.
    public enum Progress: Sendable, Hashable {
        /// Booked only; its patient has not been seen.
        case awaited
        /// The patient is here.
        case open
        case discharged
        /// This stream is not a session.
        case notASession
    }

    public let stream: StreamID
    /// The stream's own events.
    public let history: History
    /// Empty where the stream is not a session.
    public let session: SessionState
    /// The session's patient.
    public let patient: PatientState
    public let reference: ClinicReference
    /// Empty where the stream is not a vial.
    public let vial: VialState
    /// The sessions that a vial is drawn for, by the id of the session. Empty where the stream is not a vial.
    public let sessions: [UUID: SessionState]
    /// When the last event that is known was recorded, whatever its stream: deadlines are judged by it. Nil for an empty log.
    public let asOf: Timestamp?
    /// Vitals with heart rate and both pressures, in the order of happening: what the monitoring rules count.
    public let vitals: [ChartEvent]

    /// Whether the data of some of it was erased.
    public let isPartlyErased: Bool

    public init(_ dossier: Dossier) {
        stream = dossier.stream
        isPartlyErased = dossier.isPartlyErased
        history = dossier.history
        let isSession = dossier.stream.kind == .session
        session = SessionState(isSession ? dossier.history : History())
        patient = PatientState(isSession ? dossier.patient : History())
        reference = ClinicReference(
            dossier.clinicHistory.isEmpty && dossier.stream.kind == .clinic ? dossier.history : dossier.clinicHistory)
        vial = VialState(dossier.stream.kind == .vial ? dossier.history : History())
        sessions = dossier.sessions.reduce(into: [:]) { states, session in
            if let id = session.key.id { states[id] = SessionState(session.value) }
        }
        asOf = dossier.asOf
        vitals = dossier.history.clinical.filter { event in
            guard case .vitalsRecorded(let body) = event.body else { return false }
            return body.hasHeartRateAndPressure
        }
    }

    public var progress: Progress {
        guard stream.kind == .session else { return .notASession }
        if session.discharge != nil { return .discharged }
        // A voided arrival must not hide what was done to the patient.
        let isSeen = session.arrival != nil || !session.lines.isEmpty || !session.runs.isEmpty
        return isSeen ? .open : .awaited
    }

    /// Where the session's patient has their own events.
    public var patientStream: StreamID { session.patient.map { .patient($0) } ?? stream }

    public func policy(at instant: Timestamp) -> Policy { reference.policy(at: instant) }

    /// - Parameter instant: decides which policy is named; nil where nothing happened: the one in force at the stream's last event.
    func finding(
        _ verdict: Verdict, _ sentence: String, _ deciding: [DecidingEvent] = [], at instant: Timestamp? = nil,
        reconsiderAt: Timestamp? = nil
    ) -> Finding {
        let last = instant ?? history.clinical.last?.occurredAt ?? history.events.last?.occurredAt
        return Finding(
            verdict: verdict, sentence: sentence, deciding: deciding,
            policyVersion: last.map { policy(at: $0).version } ?? Policy.defaultVersion, decidedAt: instant, reconsiderAt: reconsiderAt)
    }

    func notApplicable(_ sentence: String) -> Finding { finding(.notApplicable, sentence) }

    /// An event of this stream as one that decides.
    func deciding(_ charted: Charted<some EventData>) -> DecidingEvent { DecidingEvent(charted, on: stream) }

    /// An event of the patient's stream as one that decides.
    func decidingOfPatient(_ charted: Charted<some EventData>) -> DecidingEvent { DecidingEvent(charted, on: patientStream) }
}

extension History {
    var isEmpty: Bool { events.isEmpty }
}
