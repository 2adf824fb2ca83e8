import Hummingbird

/// Limits the requests of each account, once it is known who asks. Stands after authentication.
struct AccountRateMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    private let accounts: RateLimiter

    init(_ accounts: RateLimiter) { self.accounts = accounts }

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        if let principal = context.principal, let wait = accounts.take("\(principal.clinic)/\(principal.staff)") {
            throw ProblemResponse.tooManyRequests(wait)
        }
        return try await next(request, context)
    }
}
