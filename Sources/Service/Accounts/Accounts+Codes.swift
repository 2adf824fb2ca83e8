import Canonical
import Foundation

/// One-time codes of an account: begun with a new secret, in force once a code has shown that an authenticator holds it.
extension Accounts {
    /// Returns what the authenticator reads.
    public func beginCodes(clinic: String, staff: String) async throws(AccountError) -> String {
        let account = try await store.account(clinic: clinic, staff: staff)
        let secret = OneTimeCode.newSecret()
        try await store.setPendingCode(secret, of: account.id)
        return OneTimeCode.uri(secret, clinic: clinic, staff: staff)
    }

    public func confirmCodes(_ code: String, clinic: String, staff: String) async throws(AccountError) {
        let account = try await store.account(clinic: clinic, staff: staff)
        guard let secret = try await store.pendingCode(of: account.id) else {
            throw .invalid("No secret waits for a code: begin again.")
        }
        let now = Timestamp.now().microseconds / 1_000_000
        guard let step = OneTimeCode.step(of: code, secret: secret, after: 0, at: now),
            try await store.confirmCode(secret, step: step, of: account.id)
        else { throw .invalid("The code is not the one that the authenticator shows now; look at its clock, and begin again.") }
    }

    public func removeCodes(clinic: String, staff: String) async throws(AccountError) {
        try await store.removeCode(of: try await store.account(clinic: clinic, staff: staff).id)
    }
}
