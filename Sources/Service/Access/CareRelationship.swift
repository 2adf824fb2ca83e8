public import Canonical
public import Clinic
public import Projections

/// Which patients are in the care of a clinician: those who come to the clinic about now, and their own.
///
/// Nurses and prescribers stand in for each other, so whoever comes about now is in the care of all of them: a session is booked or was held within
/// the window, or the patient was registered within it and has everything before them. Beyond that a patient stays in the care of the prescriber who
/// decided on them or planned for them. Charting makes nobody one's patient: a note is taken from anyone, and would open any chart.
public enum CareRelationship {
    /// A session is prepared this long before it.
    public static let daysBefore: Int64 = 7
    /// Side effects and follow-ups come this long after it.
    public static let daysAfter: Int64 = 30

    /// - Parameters:
    ///   - patient: as known now.
    ///   - sessions: the patient's.
    public static func holds(for staff: String, _ patient: PatientState, sessions: [SessionSummary], now: Timestamp) -> Bool {
        let (earliest, latest) = (now.adding(days: -daysAfter), now.adding(days: daysBefore))
        func isNear(_ time: Timestamp?) -> Bool { time.map { earliest <= $0 && $0 <= latest } ?? false }
        if isNear(patient.registration?.at) { return true }
        if patient.consultations.contains(where: { $0.actor == staff }) { return true }
        if patient.plans.contains(where: { $0.body.prescriber == staff }) { return true }
        return sessions.contains { session in
            guard session.state != SessionState.Phase.cancelled.rawValue else { return false }
            return isNear(session.arrivedAt) || isNear(session.scheduledAt)
        }
    }
}
