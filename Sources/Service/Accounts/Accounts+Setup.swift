import Canonical
import Clinic
import Foundation
import Ledger

/// What the first administrator gives.
struct FirstAdministrator: Sendable {
    let clinic: String
    let staff: String
    /// Needed where the clinic is new.
    let name: String?
    let password: String
}

extension Accounts {
    static let setupLifetime: Duration = .seconds(24 * 3600)

    /// The secret of a new one-time link, while no account exists; it is shown to whoever starts the service, once, and only its digest is kept.
    public func newSetupLink() async throws(AccountError) -> String? {
        guard try await !store.hasAccounts else { return nil }
        let secret = AccountSecret(.setup)
        try await store.createSetupLink(secret, lifetime: Self.setupLifetime)
        return secret.text
    }

    /// Makes the first account: of an administrator who is enrolled, or, where the clinic is new, of the one whose enrolment founds it.
    /// - Throws: `AccountError`, `RecordingError`; then the link may be used again.
    func setUp(_ secret: AccountSecret, _ administrator: FirstAdministrator) async throws {
        guard let link = try await store.claimSetupLink(secret) else { throw AccountError.linkSpent }
        do {
            try await setUp(administrator)
        } catch {
            try await store.releaseSetupLink(link)
            throw error
        }
    }

    private func setUp(_ administrator: FirstAdministrator) async throws {
        let (clinic, staff) = (administrator.clinic, administrator.staff)
        guard let log = LogName(clinic: clinic) else { throw RecordingError.badName("the clinic's name must be 1 to 63 of a-z, 0-9 and -") }
        let hash = try await newHash(administrator.password, clinic: clinic, staff: staff)
        if try await directory.reference(clinic, version: nil).isEmpty {
            guard let name = administrator.name else {
                throw AccountError.invalid("The clinic is new: give the name of its first administrator, too.")
            }
            try await enrol(staff, name: name, in: log)
        }
        guard try await directory.member(staff, of: clinic, version: nil)?.roles.contains(.administrator) == true else {
            throw AccountError.invalid(
                "The clinic is there already, and nobody of this handle is an administrator of it: give one's handle.")
        }
        guard try await store.finishSetup(clinic: clinic, staff: staff, password: hash) else { throw AccountError.linkSpent }
    }

    private func enrol(_ staff: String, name: String, in log: LogName) async throws {
        let request: AppendRequest
        do {
            request = try AppendRequest(
                [
                    "command": .string(UUID.v7(at: .now()).lowercase), "stream": "clinic", "type": "StaffEnrolled",
                    "occurred_at": .string(Timestamp.now().description),
                    "data": ["staff": .string(staff), "name": .string(name), "roles": ["administrator"]],
                ], form: .single)
        } catch {
            throw RecordingError.invalid(error)
        }
        _ = try await events.recorder.record(request, in: log, actor: staff)
    }
}
