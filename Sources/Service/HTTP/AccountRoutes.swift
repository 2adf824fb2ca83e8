import Canonical
import Clinic
import Foundation
import HTTPTypes
import Hummingbird

/// Signing in and out, and what people do with their own account.
struct AccountRoutes: Sendable {
    let accounts: Accounts

    /// Bytes in the body of a request.
    static let maximumBody = 16 << 10

    func add(to router: Router<ServiceContext>) {
        router.post("v1/signin") { try await signIn($0, $1) }
        router.post("v1/signout") { try await signOut($0, $1) }
        router.get("v1/me") { _, context in Response.json(try context.requirePrincipal().json) }
        router.put("v1/me/password") { try await changePassword($0, $1) }
        router.get("v1/me/sessions") { _, context in try await sessions(context) }
        router.delete("v1/me/sessions/:id") { _, context in try await endSession(context) }
        router.post("v1/me/totp") { try await beginCodes($0, $1) }
        router.post("v1/me/totp/confirm") { try await confirmCodes($0, $1) }
        router.post("v1/me/totp/remove") { try await removeCodes($0, $1) }
    }

    // MARK: In and out

    /// By password, or by an ID token of the clinic's identity provider.
    private struct SignIn {
        let clinic: String
        let password: PasswordProof?
        let openID: String?
        let wantsToken: Bool

        init(_ fields: inout FieldReader, byToken: Bool) {
            clinic = fields.required("clinic", .text(.identifier))
            openID = byToken ? fields.required("id_token", .password) : nil
            password =
                byToken
                ? nil
                : PasswordProof(
                    clinic: clinic, staff: fields.required("staff", .text(.identifier)), password: fields.required("password", .password),
                    code: fields.optional("totp", .text(.identifier)))
            let respond: Respond? = fields.optional("respond", .choice())
            wantsToken = respond == .token
        }
    }

    /// How a session is handed out: to a browser as a cookie, to a program as a bearer token.
    private enum Respond: String, Choice {
        case cookie, token
    }

    private func signIn(_ request: Request, _ context: ServiceContext) async throws -> Response {
        // Another site's page must not sign its visitors in either.
        try CrossSiteDefence.check(request, allowsSilence: true)
        let json = try await request.json(upTo: Self.maximumBody)
        let wanted = try Request.fields(of: json) { SignIn(&$0, byToken: json["id_token"] != nil) }
        let (cookie, client) = (SessionCookie(isSecure: context.isSecure), client(request, context))
        let session: SignedInSession
        if let token = wanted.openID {
            session = try await accounts.signIn(openID: token, clinic: wanted.clinic, client: client)
        } else if let proof = wanted.password {
            session = try await accounts.signIn(proof, client: client, device: cookie.secret(.device, in: request))
        } else {
            throw AccountError.wrongCredentials
        }
        // What the browser held before is over: one browser, one session.
        if let old = cookie.secret(.session, in: request) { try await accounts.signOut(replaced: old) }
        return answer(session, wanted.wantsToken ? nil : cookie)
    }

    /// - Parameter cookie: how a browser keeps it; nil where a token is asked for.
    private func answer(_ session: SignedInSession, _ cookie: SessionCookie?) -> Response {
        guard case .object(var members) = session.principal.json else { return .json(session.principal.json) }
        members["session"] = .string(session.id.lowercase)
        members["expires_at"] = .string(session.expiresAt.description)
        guard let cookie else {
            members["token"] = .string(session.secret.text)
            return .json(.object(members))
        }
        var response = Response.json(.object(members))
        response.headers.append(cookie.session(session.secret))
        response.headers.append(cookie.device(session.device))
        return response
    }

    private func signOut(_ request: Request, _ context: ServiceContext) async throws -> Response {
        try await accounts.signOut(try context.requirePrincipal())
        var response = Response(status: .noContent, headers: [.cacheControl: "no-store"])
        response.headers.append(SessionCookie(isSecure: context.isSecure).none)
        return response
    }

    // MARK: One's own account

    private func changePassword(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.requirePerson()
        let (old, new, code) = try await read(request) { fields in
            (
                fields.required("password", .password), fields.required("new_password", .password),
                fields.optional("totp", .text(.identifier))
            )
        }
        _ = try await accounts.confirm(principal, password: old, code: code)
        let session = try await accounts.changePassword(principal, to: new, client: client(request, context))
        return answer(session, request.headers.contains(.authorization) ? nil : SessionCookie(isSecure: context.isSecure))
    }

    private func sessions(_ context: ServiceContext) async throws -> Response {
        let principal = try context.requirePerson()
        let sessions = try await accounts.sessions(clinic: principal.clinic, staff: principal.staff)
        return .json(["sessions": .array(sessions.map(\.json))])
    }

    private func endSession(_ context: ServiceContext) async throws -> Response {
        let principal = try context.requirePerson()
        guard let id = UUID(canonical: try context.parameters.require("id")),
            try await accounts.endSessions(clinic: principal.clinic, staff: principal.staff, only: id) == 1
        else { throw ProblemResponse(.notFound, "unknown-session", "This account has no such session, or it is over.") }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    private func beginCodes(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try await confirmed(request, context)
        let uri = try await accounts.beginCodes(clinic: principal.clinic, staff: principal.staff)
        return .json(["otpauth": .string(uri)])
    }

    private func confirmCodes(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try context.requirePerson()
        let code = try await read(request) { $0.required("totp", .text(.identifier)) }
        try await accounts.confirmCodes(code, clinic: principal.clinic, staff: principal.staff)
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    private func removeCodes(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let principal = try await confirmed(request, context)
        try await accounts.removeCodes(clinic: principal.clinic, staff: principal.staff)
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    /// Who has proved again, with this request, who they are.
    private func confirmed(_ request: Request, _ context: ServiceContext) async throws -> Principal {
        let principal = try context.requirePerson()
        let (password, code) = try await read(request) { fields in
            (fields.required("password", .password), fields.optional("totp", .text(.identifier)))
        }
        _ = try await accounts.confirm(principal, password: password, code: code)
        return principal
    }

    // MARK: Reading

    private func read<Value>(_ request: Request, _ body: (inout FieldReader) -> Value) async throws -> Value {
        try await request.fields(upTo: Self.maximumBody, body)
    }

    private func client(_ request: Request, _ context: ServiceContext) -> ClientDescription {
        ClientDescription(address: context.address, agent: request.headers[.userAgent])
    }
}
