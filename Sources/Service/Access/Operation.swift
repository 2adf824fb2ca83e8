public import Clinic

/// What somebody may do over HTTP. Every route names the operations that it can be; ``AccessTable`` says who may do them.
public enum Operation: Sendable, Hashable {
    // Without an account.
    case checkHealth, readDescription, signIn
    /// What anybody who is signed in may do with their own account: sign out, change the password, see their sessions.
    case ownAccount
    // The charts.
    case listPatients, listSessions
    case readChart, compareCharts, readSession
    case readPatientOutcomes, readSessionVerdicts
    // The events of one stream, by its kind; then those of whole logs. The same, as they are recorded.
    case readPatientEvents, readVialEvents, readClinicEvents, readRecord, readAccessLog
    case followPatientEvents, followVialEvents, followClinicEvents, followRecord, followAccessLog
    // The whole clinic.
    case readRules, readVerdicts, runAudit, readDrugs, readOutcomes, readReports
    // Who saw what of whom.
    case readAccess, readPatientAccess, readBreakGlass
    // Proofs hold digests alone; entries name staff and streams.
    case readProofs, readEntries
    // Accounts and tokens of others.
    case administerUsers, administerTokens
    /// To record an event of this type.
    case append(EventType)
}

extension Operation: CaseIterable {
    public static let allCases: [Operation] =
        [
            .checkHealth, .readDescription, .signIn, .ownAccount, .listPatients, .listSessions, .readChart, .compareCharts, .readSession,
            .readPatientOutcomes, .readSessionVerdicts, .readPatientEvents, .readVialEvents, .readClinicEvents, .readRecord,
            .readAccessLog, .followPatientEvents, .followVialEvents, .followClinicEvents, .followRecord, .followAccessLog, .readRules,
            .readVerdicts,
            .runAudit, .readDrugs, .readOutcomes, .readReports, .readAccess, .readPatientAccess, .readBreakGlass, .readProofs,
            .readEntries, .administerUsers, .administerTokens,
        ] + EventType.allCases.map(Operation.append)
}

extension Operation {
    /// As the access log names it: `read chart`, `append InfusionStarted`.
    public var name: String {
        if case .append(let type) = self { return "append \(type)" }
        return String(describing: self).reduce(into: "") { words, letter in
            words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
        }
    }
}
