import Canonical
import Clinic

extension Accounts {
    /// Proves a signer: by handle and password, whoever is signed in (21 CFR 11.200). A failure is in the access log before this returns.
    ///
    /// Failures are counted for the pair of who is signed in and who signs: nobody guesses for long, and nobody shuts somebody else out.
    /// - Returns: the printed name.
    /// - Throws: `AccountError`; `.wrongCredentials` whatever of it was wrong.
    func prove(signer: String, _ password: String, code: String?, before principal: Principal) async throws -> String {
        let keys = [AttemptKey.signing(signer, before: principal)]
        try await store.begin(keys)
        let proven = try await prove(PasswordProof(clinic: principal.clinic, staff: signer, password: password, code: code))
        try await store.succeeded(keys)
        return proven.name
    }
}
