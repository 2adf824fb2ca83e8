public import Canonical
public import Foundation

/// Somebody asks for a patient's data to be erased.
public struct ErasureRequest: Sendable, Hashable {
    public let patient: UUID
    /// On what authority: the law, or the order, in words.
    public let authority: String
    /// Whether that is an order of a court or an authority, which does not wait for the retention date.
    public let isLegalOrder: Bool
    /// Staff handles.
    public let approvers: [String]

    public init(patient: UUID, authority: String, isLegalOrder: Bool, approvers: [String]) {
        self.patient = patient
        self.authority = authority
        self.isLegalOrder = isLegalOrder
        self.approvers = approvers
    }
}

/// Until when a chart must be kept: the policy's years after the last care, and for whoever was a minor until they are 21 at least.
public struct RetentionPeriod: Sendable, Hashable {
    /// The last day on which care was charted or is booked.
    public let lastCareOn: CalendarDate
    /// The last day on which the chart must be kept.
    public let endsOn: CalendarDate

    /// The age until which a minor's chart is kept at least.
    public static let minorsUntil = 21

    /// - Returns: nil where nothing was ever charted for the patient.
    public init?(patient: PatientState, patientHistory: History, sessions: [History], policy: Policy) {
        let states = sessions.map { SessionState($0) }
        // Care is what was charted in sessions, and what is booked; of somebody who never had one, whatever was charted.
        var instants = sessions.flatMap { $0.clinical.map(\.occurredAt) }
        if instants.isEmpty { instants = patientHistory.clinical.map(\.occurredAt) }
        instants += states.filter { $0.phase != .cancelled }.compactMap { $0.booked?.body.scheduledAt }
        guard let last = instants.max() else { return nil }
        lastCareOn = last.date
        var end = lastCareOn.adding(years: policy.retentionYears)
        if let birth = patient.details?.birthDate { end = max(end, birth.adding(years: Self.minorsUntil)) }
        endsOn = end
    }
}

/// Decides whether a patient's data may be erased. Pure.
///
/// - Parameters:
///   - sessions: the patient's sessions, by stream.
///   - clinic: the clinic's own stream.
/// - Returns: what must be kept until when, for the event that says so.
/// - Throws: ``Refusal``
public func decideErasure(
    _ request: ErasureRequest, patient: History, sessions: [StreamID: History], clinic: History, now: Timestamp
) throws(Refusal) -> RetentionPeriod {
    func refuse(_ kind: Refusal.Kind, _ code: String, _ message: String) -> Refusal { Refusal(kind: kind, code: code, message: message) }
    let reference = ClinicReference(clinic)
    let state = PatientState(patient)
    guard state.erasure == nil, patient.erased.isEmpty else {
        throw refuse(.conflict, "erased", "This patient's data was erased already; nothing is left to erase.")
    }
    guard !request.authority.allSatisfy(\.isWhitespace), request.authority.unicodeScalars.count <= Deliberation.maximumReasonLength else {
        throw refuse(
            .invalid, "no-authority",
            "The authority must say in words which law or order asks for the erasure, in at most \(Deliberation.maximumReasonLength) characters."
        )
    }
    guard request.approvers.count == 2, Set(request.approvers).count == 2 else {
        throw refuse(.forbidden, "two-approvers", "An erasure takes two different people who approve it; name both by their handles.")
    }
    for approver in request.approvers {
        guard let member = reference.staff(approver, at: now) else {
            throw refuse(.forbidden, "unknown-staff", "\(approver) is not enrolled at this clinic; name somebody who is.")
        }
        guard let roles = EventType.payloadErased.roles, !member.roles.isDisjoint(with: roles) else {
            let names = (EventType.payloadErased.roles ?? []).map(\.rawValue).sorted().joined(separator: ", ")
            throw refuse(.forbidden, "role-not-allowed", "\(approver) may not approve an erasure; it takes one of the roles \(names).")
        }
    }
    let isUnderWay: (History) -> Bool = { history in
        let state = SessionState(history)
        return state.discharge == nil && (state.arrival != nil || !state.runs.isEmpty || !state.lines.isEmpty)
    }
    if let open = sessions.filter({ isUnderWay($0.value) }).keys.map(\.description).min() {
        throw refuse(.conflict, "session-open", "\(open) is still under way; discharge the patient first.")
    }
    guard
        let retention = RetentionPeriod(
            patient: state, patientHistory: patient, sessions: Array(sessions.values), policy: reference.policy(at: now))
    else {
        throw refuse(.notFound, "unknown-patient", "Nothing is charted for this patient; check the id.")
    }
    guard request.isLegalOrder || now.date > retention.endsOn else {
        let policy = reference.policy(at: now)
        throw refuse(
            .conflict, "retention",
            "This chart must be kept until \(retention.endsOn): \(policy.retentionYears) years after the last care on \(retention.lastCareOn) by policy "
                + "\(policy.version), and until the patient is \(RetentionPeriod.minorsUntil); before that it takes a legal order, given with --legal-order."
        )
    }
    return retention
}

extension PayloadErased {
    /// What an erasure that was decided on says of itself.
    public init(_ request: ErasureRequest, until retention: RetentionPeriod, positions: [Stretch]) {
        self.init(
            patient: request.patient, authority: request.authority, isLegalOrder: request.isLegalOrder, approvedBy: request.approvers,
            lastCareOn: retention.lastCareOn, retainedThrough: retention.endsOn.year, positions: positions)
    }
}
