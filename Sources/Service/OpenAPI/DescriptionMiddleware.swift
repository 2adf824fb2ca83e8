import HTTPTypes
import Hummingbird

/// Holds requests to the description: a parameter that the operation does not have is refused, and so is one that is given twice; a path that
/// does not know the method says which it knows.
///
/// A parameter that was mistyped must not be taken for one that was left out: `known-at` for `known_at` would show what was not known.
struct DescriptionMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        if let path = context.endpointPath, let operation = API.byRoute["\(request.method) \(path)"] {
            try check(request, operation)
        }
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            if let problem = unknownMethod(request) { throw problem }
            throw error
        }
    }

    private func check(_ request: Request, _ operation: APIOperation) throws {
        var seen: Set<Substring> = []
        let known = operation.parameters.filter { $0.place == .query }.map(\.name)
        for name in request.uri.queryParameters.map({ $0.key }) {
            guard known.contains(where: { $0 == name }) else {
                let names = known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))"
                let message = "a parameter is not one of this path's: \(names)"
                throw ProblemResponse(.badRequest, "invalid-parameter", message + ".", errors: [("?", message)])
            }
            guard seen.insert(name).inserted else {
                throw ProblemResponse(
                    .badRequest, "invalid-parameter", "\(name) is given twice.", errors: [("?\(name)", "\(name) must be given once")])
            }
        }
    }

    /// The answer to a path that is there for other methods; nil where it is not, or this process does not serve it.
    private func unknownMethod(_ request: Request) -> ProblemResponse? {
        let parts = request.uri.path.split(separator: "/")
        let methods = API.operations.filter { $0.matches(parts) }.map(\.method.rawValue)
        guard !methods.isEmpty, !methods.contains(request.method.rawValue) else { return nil }
        var problem = ProblemResponse(.methodNotAllowed, "method-not-allowed", "This path does not know this method.")
        problem.headers[.allow] = Set(methods).sorted().joined(separator: ", ")
        return problem
    }
}

extension APIOperation {
    fileprivate func matches(_ parts: [Substring]) -> Bool {
        let own = path.split(separator: "/")
        let isOpen = path.hasSuffix("/{tile}")
        guard isOpen ? parts.count >= own.count : parts.count == own.count else { return false }
        return zip(own, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
