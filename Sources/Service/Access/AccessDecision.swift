public import Clinic

/// What one is to the patient that an operation is about.
public enum Standing: Sendable, Hashable, CaseIterable {
    /// Nothing that is known. So it is for a patient who doesn't exist: who may not know that, can't tell it from the answer.
    case none
    case inCare
    case brokeGlass
}

/// Whether an operation is allowed, by what, or why not.
public enum AccessDecision: Sendable, Hashable {
    public enum Basis: Sendable, Hashable {
        /// Nobody had to be anybody.
        case open
        /// Being signed in.
        case account
        /// One's role.
        case role
        /// One's role, and the patient is in one's care.
        case care
        /// One's role, and an emergency that one has declared for this patient.
        case breakGlass
    }

    public enum Refusal: Sendable, Hashable {
        case notSignedIn
        /// The clinic is not one's own. It is answered as if there were no such clinic.
        case otherClinic
        /// No role of one's own may ever do this.
        case role
        /// It may be done for patients in one's care, and in an emergency.
        case notInCare
        /// It may be done in an emergency.
        case notInEmergency
    }

    case allowed(Basis)
    case refused(Refusal)

    /// Decides. Pure; what is not allowed is refused.
    /// - Parameters:
    ///   - principal: clinic and roles of who asks; nil for who is not signed in.
    ///   - clinic: whose data it is about; nil where it is about no clinic's.
    ///   - standing: what one is to the patient that it is about. It changes an answer only where without it one is not in care or in emergency.
    public static func on(
        _ operation: Operation, principal: (clinic: String, roles: Set<StaffRole>)?, clinic: String?, standing: Standing
    ) -> AccessDecision {
        let rule = AccessTable.rule(for: operation)
        if rule == .open { return .allowed(.open) }
        guard let principal else { return .refused(.notSignedIn) }
        if rule == .account { return .allowed(.account) }
        guard principal.clinic == clinic else { return .refused(.otherClinic) }
        guard let right = AccessTable.right(to: operation, of: principal.roles) else { return .refused(.role) }
        if right == .always { return .allowed(.role) }
        switch (right, standing) {
        case (_, .brokeGlass): return .allowed(.breakGlass)
        case (.inCare, .inCare): return .allowed(.care)
        case (.inCare, .none): return .refused(.notInCare)
        default: return .refused(.notInEmergency)
        }
    }
}
