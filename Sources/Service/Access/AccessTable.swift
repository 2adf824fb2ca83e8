public import Clinic

/// How far a role's right to an operation goes. What is in no row of the table is refused.
public enum Right: Int, Sendable, Hashable, Comparable, CaseIterable {
    /// For the patient whose glass one has broken, while it stays open.
    case emergency
    /// For patients in one's care; for others as in an emergency.
    case inCare
    case always

    public static func < (left: Right, right: Right) -> Bool { left.rawValue < right.rawValue }
}

/// Who may do what: the one place that says so.
public enum AccessTable {
    /// What a row asks of who wants to do its operation.
    public enum Rule: Sendable, Hashable {
        /// No account.
        case open
        /// An account, whatever its clinic and its roles.
        case account
        /// An account of the clinic, in one of these roles.
        case roles([StaffRole: Right])
    }

    /// The rule for an operation.
    ///
    /// - Reading a chart needs care for the patient, or a broken glass. Compliance reads all of it, to audit; every read is in the access log.
    /// - The front desk finds patients and books sessions, and sees no clinical content outside of an emergency.
    /// - Reporting sees reports; an administrator sees accounts, staff, policies and stock. Neither sees a chart, and no glass opens one.
    /// - Who may chart what, the domain says: a type that no role is needed for is taken from everybody at the clinic. What the service states
    ///   itself, sign-ins and reads, nobody else may state.
    // swift-format-ignore
    public static func rule(for operation: Operation) -> Rule {
        switch operation {
        case .checkHealth, .readDescription, .signIn: .open
        case .ownAccount: .account
        //                                                        nurse    prescriber desk        compliance reporting administrator
        case .listPatients, .listSessions: row                   (.always,  .always,   .always,     .always,   nil,       nil)
        case .readChart, .compareCharts, .readSession: row       (.inCare,  .inCare,   .emergency,  .always,   nil,       nil)
        case .readPatientEvents, .followPatientEvents: row       (.inCare,  .inCare,   .emergency,  .always,   nil,       nil)
        case .readPatientOutcomes, .readSessionVerdicts: row     (.inCare,  .inCare,   .emergency,  .always,   nil,       nil)
        case .readVialEvents, .followVialEvents: row             (.always,  .always,   nil,         .always,   nil,       .always)
        case .readDrugs: row                                     (.always,  .always,   nil,         .always,   nil,       .always)
        case .readClinicEvents, .followClinicEvents: row         (.always,  .always,   .always,     .always,   nil,       .always)
        case .readRecord, .followRecord: row                     (nil,      nil,       nil,         .always,   nil,       nil)
        case .readAccessLog, .followAccessLog: row               (nil,      nil,       nil,         .always,   nil,       nil)
        case .readRules: row                                     (.always,  .always,   .always,     .always,   .always,   .always)
        case .readVerdicts, .runAudit: row                       (nil,      nil,       nil,         .always,   nil,       nil)
        case .readOutcomes: row                                  (nil,      nil,       nil,         .always,   nil,       nil)
        case .readReports: row                                   (nil,      nil,       nil,         .always,   .always,   nil)
        case .readAccess, .readPatientAccess: row                (nil,      nil,       nil,         .always,   nil,       nil)
        case .readBreakGlass: row                                (nil,      .always,   nil,         .always,   nil,       .always)
        case .readProofs: row                                    (.always,  .always,   .always,     .always,   .always,   .always)
        case .readEntries: row                                   (nil,      nil,       nil,         .always,   nil,       nil)
        case .administerUsers, .administerTokens: row            (nil,      nil,       nil,         nil,       nil,       .always)
        case .append(let type): charting(type)
        }
    }

    private static func row(
        _ nurse: Right?, _ prescriber: Right?, _ frontDesk: Right?, _ compliance: Right?, _ reporting: Right?, _ administrator: Right?
    ) -> Rule {
        let rights: [StaffRole: Right?] = [
            .nurse: nurse, .prescriber: prescriber, .frontDesk: frontDesk, .compliance: compliance, .reporting: reporting,
            .administrator: administrator,
        ]
        return .roles(rights.compactMapValues(\.self))
    }

    private static func charting(_ type: EventType) -> Rule {
        if type.isStatedByTheService { return .roles([:]) }
        let roles = type.roles ?? Set(StaffRole.allCases)
        return .roles(Dictionary(uniqueKeysWithValues: roles.map { ($0, .always) }))
    }

    /// The farthest right that any of these roles gives at one's own clinic; nil for none.
    public static func right(to operation: Operation, of roles: Set<StaffRole>) -> Right? {
        switch rule(for: operation) {
        case .open, .account: .always
        case .roles(let rights): roles.compactMap { rights[$0] }.max()
        }
    }
}

extension EventType {
    /// What the service records of what it does itself. Taken from imports and from the operator's command line, not over HTTP.
    public var isStatedByTheService: Bool {
        switch self {
        case .chartRead, .exportMade, .signedIn, .signedOut, .signInFailed, .accessDenied: true
        default: false
        }
    }
}
