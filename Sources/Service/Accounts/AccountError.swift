import Postgres

/// Why somebody does not come in, or an account can't be changed. None tells a stranger which part of what they gave was wrong.
public enum AccountError: Error, Sendable, CustomStringConvertible {
    /// Clinic, handle, password, code or token: one of them is wrong, or the account is off. Which, is not said.
    case wrongCredentials
    /// Too many failures lately; the seconds until the next attempt is looked at.
    case tooManyAttempts(retryAfter: Int)
    /// Too many passwords are being checked at this moment.
    case busy
    /// The database can't be reached, or does not allow it.
    case unavailable(String)
    /// The password breaks a rule: the rest of a sentence that starts with it.
    case weakPassword(String)
    /// The account to be made is there.
    case accountExists(clinic: String, staff: String)
    case unknownAccount(clinic: String, staff: String)
    case notEnrolled(clinic: String, staff: String)
    /// The setup link was used, has expired, or an account exists.
    case linkSpent
    /// What a token or session is asked for cannot be had.
    case invalid(String)

    public var description: String {
        switch self {
        case .wrongCredentials: "The clinic, the handle, the password or the code is wrong, or this account may not sign in."
        case .tooManyAttempts(let seconds): "There were too many failed attempts; try again in \(seconds) s."
        case .busy: "Too many sign-ins at this moment; try again in a moment."
        case .unavailable(let what): "Accounts cannot be read at this moment: \(what)"
        case .weakPassword(let problem): "The password \(problem)."
        case .accountExists(let clinic, let staff):
            "\(staff) has an account at \(clinic) already: `dripline user passwd` changes its password."
        case .unknownAccount(let clinic, let staff): "There is no account \(staff) at \(clinic): `dripline user add` makes one."
        case .notEnrolled(let clinic, let staff):
            "\(staff) is not enrolled at \(clinic) now: have an administrator record StaffEnrolled on the stream clinic first."
        case .linkSpent: "This link is not good, or not any more: start `dripline serve` again for a new one, or use `dripline user add`."
        case .invalid(let what): what
        }
    }

    init(_ error: PostgresError) {
        let isNotAllowed = error.sqlState == "42501" || error.sqlState == "22023"
        self = .unavailable(isNotAllowed ? "as an administrator, GRANT dripline_accounts TO this login." : error.message)
    }
}
