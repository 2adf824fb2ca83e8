import Canonical
import Clinic
import Foundation
import Ledger

/// Sign-ins and sign-outs in the clinic's access log.
struct AccessEvents: Sendable {
    let recorder: Recorder

    /// The author of a failed sign-in under a name that nobody has: what was typed there may be a password.
    static let nobody = "unknown"

    func signedIn(_ session: UUID, clinic: String, staff: String, method: String) async throws(RecordingError) {
        try await record(
            "SignedIn", on: session, command: UUID.v7(at: .now()), at: .now(), ["method": .string(method)], clinic: clinic, actor: staff)
    }

    /// A token of an identity provider was shown for the first time. Each makes one event, whichever process sees it first.
    func signedIn(byToken digest: [UInt8], issuedAt: Timestamp, clinic: String, staff: String) async throws(RecordingError) {
        let id = UUID.v5(namespace: Self.tokens, name: Hex.encode(digest))
        try await record(
            "SignedIn", on: id, command: UUID.v5(namespace: id, name: "signed in"), at: issuedAt, ["method": "oidc"], clinic: clinic,
            actor: staff)
    }

    /// - Parameter staff: nil for a name that nobody has at this clinic.
    /// - Returns: false where there is no such clinic, and so no log.
    func signInFailed(clinic: String, staff: String?, reason: String) async throws(RecordingError) -> Bool {
        guard LogName(clinic: clinic) != nil else { return false }
        do {
            try await record(
                "SignInFailed", on: UUID.v7(at: .now()), command: UUID.v7(at: .now()), at: .now(), ["reason": .string(reason)],
                clinic: clinic, actor: staff ?? Self.nobody)
            return true
        } catch {
            if case .refused(let refusal) = error, refusal.code == "clinic-not-founded" { return false }
            throw error
        }
    }

    /// Said again after a failure, it is recorded once.
    func signedOut(_ session: EndedSession) async throws(RecordingError) {
        try await record(
            "SignedOut", on: session.id, command: UUID.v5(namespace: session.id, name: "signed out"), at: session.endedAt,
            ["reason": .string(session.reason)], clinic: session.clinic, actor: session.staff)
    }

    private static let tokens = UUID.v5(
        namespace: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), name: "dripline OpenID Connect tokens")

    private func record(
        _ type: String, on id: UUID, command: UUID, at time: Timestamp, _ data: JSON, clinic: String, actor: String
    ) async throws(RecordingError) {
        guard let log = LogName(clinic: clinic, kind: .access) else { throw .badName("the clinic's name is 1 to 63 of a-z, 0-9 and -") }
        let request: AppendRequest
        do {
            request = try AppendRequest(
                [
                    "command": .string(command.lowercase), "stream": .string("access/\(id.lowercase)"), "type": .string(type),
                    "occurred_at": .string(time.description), "data": data,
                ], form: .single)
        } catch {
            throw .invalid(error)
        }
        _ = try await recorder.record(request, in: log, actor: actor)
    }
}
