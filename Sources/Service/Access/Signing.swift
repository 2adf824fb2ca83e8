import Canonical
import Clinic
import Foundation
import HTTPTypes
import Ledger
import Projections

/// Turns what signers show into signatures. What they showed goes no further.
struct Signing: Sendable {
    let database: Database

    /// The login at an identity provider that counts as proof when signing lies back this long at most, seconds.
    static let freshness: Int64 = 300

    /// The request with its signatures on every event. A request without credentials stays as it is; whether it may, the decision says.
    ///
    /// Sent again under the same command, the request bears the times of the first signing, so that it is the same request.
    /// - Throws: `ProblemResponse`: 403 for a signer who does not prove who they are.
    func sign(_ request: AppendRequest, in log: LogName, _ principal: Principal, pointer: String = "") async throws -> AppendRequest {
        guard !request.credentials.isEmpty else { return request }
        let now = Timestamp.now()
        var signatures: [Signature] = []
        var proven: [SigningCredential.Proof: Signer] = [:]
        for (index, credential) in request.credentials.enumerated() {
            let place = "\(pointer)/signatures/\(index)"
            guard !signatures.contains(where: { $0.staff == credential.staff && $0.meaning == credential.meaning }) else {
                throw ProblemResponse(
                    .unprocessableContent, "invalid-request", "The same person signs twice for the same.",
                    errors: [(place, "is the signature of somebody who has signed for this already")])
            }
            // Somebody who signs for two things shows a one-time code once.
            let signer: Signer
            if let known = proven[credential.proof] { signer = known } else { signer = try await prove(credential, principal, place) }
            proven[credential.proof] = signer
            signatures.append(
                Signature(staff: credential.staff, name: signer.name, at: now, meaning: credential.meaning, method: signer.method))
        }
        return request.signed(try await asFirstSigned(signatures, of: request, in: log))
    }

    private struct Signer {
        let name: String
        let method: Signature.Method
    }

    private func prove(_ credential: SigningCredential, _ principal: Principal, _ place: String) async throws -> Signer {
        do {
            if let password = credential.password {
                let name = try await database.accounts.prove(signer: credential.staff, password, code: credential.code, before: principal)
                return Signer(name: name, method: .password)
            }
            guard credential.staff == principal.staff, case .openID = principal.credential, let login = principal.authenticatedAt,
                Timestamp.now().microseconds - login.microseconds <= Self.freshness * 1_000_000
            else {
                throw ProblemResponse(
                    .forbidden, "signature-refused",
                    "Only who signed in at the identity provider within the last \(Self.freshness / 60) minutes signs without a password, "
                        + "and only for themselves: sign in there again.", errors: [(place, "is by nobody who signed in just now")])
            }
            return Signer(name: principal.name, method: .oidc)
        } catch AccountError.wrongCredentials {
            throw ProblemResponse(
                .forbidden, "signature-refused", "A signer's handle, password or code is wrong, or their account is off.",
                errors: [(place, "is not proved by its handle, password and code")])
        }
    }

    /// The signatures as the log holds them, where the command was recorded before with the same ones.
    private func asFirstSigned(_ signatures: [Signature], of request: AppendRequest, in log: LogName) async throws -> [Signature] {
        let stream = request.stream.description
        let stored = try await database.ledger.streams([stream], of: log.with(request.stream.kind.log))[stream] ?? []
        guard let first = stored.first(where: { $0.command == request.command }), let payload = first.payload,
            let json = try? JSON.parse(payload), let content = try? EventContent(type: first.type, version: first.v, payload: json)
        else { return signatures }
        func timeless(_ signatures: [Signature]) -> [Signature] {
            signatures.map {
                Signature(staff: $0.staff, name: $0.name, at: Timestamp(microseconds: 0), meaning: $0.meaning, method: $0.method)
            }
        }
        return timeless(content.signatures) == timeless(signatures) ? content.signatures : signatures
    }
}

extension AppendRequest {
    /// The same request, each of its events signed.
    fileprivate func signed(_ signatures: [Signature]) -> AppendRequest {
        var signed = self
        signed.events = events.map { $0.signed(signatures) }
        return signed
    }
}
