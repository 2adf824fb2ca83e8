import HTTPTypes
import Hummingbird

/// Finds out who asks, by `Authorization: Bearer` or by the session's cookie, and lets nobody further who did not prove it, but on the few paths that
/// are open. What they may do, `AccessMiddleware` decides.
struct AuthenticationMiddleware: RouterMiddleware {
    let accounts: Accounts

    /// Paths that need nobody. Everything else does, also what does not exist.
    static let open: Set<String> = ["/healthz", "/readyz", "/openapi.json", "/v1/signin", "/v1/setup", "/setup"]

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        if Self.open.contains(request.uri.path) { return try await next(request, context) }
        var context = context
        context.principal = try await principal(request, context)
        context.renewal = { [context] in try await principal(request, context, isUse: false) }
        return try await next(request, context)
    }

    private func principal(_ request: Request, _ context: ServiceContext, isUse: Bool = true) async throws -> Principal {
        if request.headers.contains(.authorization) {
            guard let text = Self.bearer(request.headers[values: .authorization]),
                let found = try await holder(ofBearer: text, context.parameters.get("clinic"), isUse: isUse)
            else {
                throw ProblemResponse.unauthorized(isInvalid: true)
            }
            return found
        }
        let cookie = SessionCookie(isSecure: context.isSecure)
        guard cookie.isPresent(in: request) else { throw ProblemResponse.unauthorized() }
        guard let secret = cookie.secret(.session, in: request), let found = try await accounts.principal(of: secret, isUse: isUse) else {
            throw ProblemResponse.unauthorized(isInvalid: true)
        }
        // A browser sends its cookies whoever made it send the request.
        try CrossSiteDefence.check(request)
        return found
    }

    private func holder(ofBearer text: String, _ clinic: String?, isUse: Bool) async throws -> Principal? {
        if Accounts.isOpenIDToken(text) { return try await accounts.principal(ofOpenID: text, clinic: clinic) }
        guard let secret = AccountSecret(text), secret.kind == .token || secret.kind == .session else { return nil }
        return try await accounts.principal(of: secret, isUse: isUse)
    }

    /// The token of exactly one header `Authorization: Bearer TOKEN`.
    static func bearer(_ values: [String]) -> String? {
        guard values.count == 1 else { return nil }
        let bytes = values[0].utf8
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")), bytes[..<space].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 })
        else {
            return nil
        }
        let token = bytes[space...].drop { $0 == UInt8(ascii: " ") }
        return token.isEmpty || token.contains { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") } ? nil : String(Substring(token))
    }
}

extension ProblemResponse {
    /// - Parameter isInvalid: something was shown, and it is no good.
    static func unauthorized(isInvalid: Bool = false) -> ProblemResponse {
        var problem =
            isInvalid
            ? ProblemResponse(.unauthorized, "not-signed-in", "This session or token is not good, or not any more: sign in again.")
            : ProblemResponse(
                .unauthorized, "not-signed-in", "Sign in at /v1/signin, or send a token in the header Authorization: Bearer TOKEN.")
        problem.headers[.wwwAuthenticate] = isInvalid ? #"Bearer realm="dripline", error="invalid_token""# : #"Bearer realm="dripline""#
        return problem
    }
}
