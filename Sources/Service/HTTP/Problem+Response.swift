import Canonical
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import NIOCore
import NIOHTTP1
import Postgres
import Projections

/// An answer that is no success: RFC 9457 problem details with a stable `type`.
struct ProblemResponse: Error, HTTPResponseError {
    let status: HTTPResponse.Status
    private(set) var json: JSON
    var headers: HTTPFields = [:]

    /// The slug of its type.
    var code: String { json["type"]?.text.map { String($0.dropFirst(JSON.problemType.count)) } ?? "" }

    init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, errors: [(pointer: String, message: String)] = []) {
        self.status = status
        json = .problem(code, status: status.code, detail: detail, errors: errors)
    }

    init(_ error: RecordingError) {
        status = HTTPResponse.Status(code: error.status)
        json = error.json
        if error.status == 503 { headers[.retryAfter] = "1" }
    }

    init(_ error: TogetherError) {
        self.init(error.reason)
        json = error.json
    }

    init(_ error: AccountError) {
        switch error {
        case .wrongCredentials:
            self.init(.unauthorized, "sign-in-failed", error.description)
            headers[.wwwAuthenticate] = ProblemResponse.unauthorized().headers[.wwwAuthenticate]
        case .tooManyAttempts(let seconds):
            self.init(.tooManyRequests, "too-many-attempts", error.description)
            headers[.retryAfter] = String(seconds)
        case .busy:
            self.init(.serviceUnavailable, "busy", error.description)
            headers[.retryAfter] = "1"
        case .unavailable:
            // What is wrong with the database is for its operator.
            self.init(.serviceUnavailable, "accounts-unavailable", "Accounts cannot be read at this moment: try again in a moment.")
            headers[.retryAfter] = "1"
        case .weakPassword(let problem):
            self.init(.unprocessableContent, "weak-password", error.description, errors: [("/password", "the password \(problem)")])
        case .accountExists: self.init(.conflict, "account-exists", "This account exists already.")
        case .unknownAccount: self.init(.notFound, "unknown-account", "There is no such account.")
        case .notEnrolled: self.init(.unprocessableContent, "not-enrolled", "Nobody of this handle is enrolled at the clinic now.")
        case .linkSpent: self.init(.forbidden, "setup-link", error.description)
        case .invalid(let what): self.init(.unprocessableContent, "invalid-request", what)
        }
    }

    /// What any error becomes on its way out. Unknown ones say nothing of themselves: the log does.
    static func from(_ error: any Error) -> ProblemResponse? {
        switch error {
        case let problem as ProblemResponse: return problem
        case is Overseer.TimedOut: return .timedOut
        case let refusal as Admission.Refusal: return ProblemResponse(refusal)
        // Undefined table or schema: no projector has made the read models yet.
        case LedgerError.database(let error) where ["42P01", "3F000"].contains(error.sqlState):
            var problem = ProblemResponse(
                .serviceUnavailable, "not-ready", "The read models are not there yet: try again shortly, or see /readyz.")
            problem.headers[.retryAfter] = "1"
            return problem
        // What PostgreSQL says can repeat what it was given, so nobody is told; the log has the SQLSTATE.
        case RecordingError.ledger(.database), LedgerError.database, is PostgresError: return nil
        case let error as RecordingError: return ProblemResponse(error)
        case let error as TogetherError: return ProblemResponse(error)
        case let error as LedgerError: return ProblemResponse(.ledger(error))
        case let error as AccountError: return ProblemResponse(error)
        case ReportError.unknown(_, let known):
            return ProblemResponse(.notFound, "unknown-report", "There is no such report; there are \(known.joined(separator: ", ")).")
        case let error as ReportError: return ProblemResponse(.badRequest, "invalid-parameter", error.description)
        case let error as PoolError: return ProblemResponse(.ledger(.unreachable(error.description)))
        case let error as ProofError:
            if case .sizes = error { return ProblemResponse(.unprocessableContent, "no-proof", error.description) }
            return ProblemResponse(.notFound, "no-proof", error.description)
        case let error as ProjectionError:
            if case .erased = error { return ProblemResponse(.gone, "erased", error.description) }
            if case .behind = error {
                var problem = ProblemResponse(.serviceUnavailable, "behind", error.description)
                problem.headers[.retryAfter] = "1"
                return problem
            }
            return ProblemResponse(.internalServerError, "internal", error.description)
        default: return nil
        }
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        if let trail = (context as? ServiceContext)?.trail, case .string(let type)? = json["type"] {
            trail.keep(problem: type.split(separator: ":").last.map(String.init) ?? type)
        }
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json.canonicalBytes)))
    }
}

/// Turns every error into problem details, and says of unexpected ones no more than that they happened.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            // The connection has been answered already, or is gone.
            throw error
        } catch let error as any HTTPResponseError where ProblemResponse.from(error) == nil {
            let problem =
                switch error.status {
                case .notFound: ProblemResponse(.notFound, "not-found", "There is nothing at this path.")
                case .methodNotAllowed: ProblemResponse(.methodNotAllowed, "method-not-allowed", "This path does not know this method.")
                default: ProblemResponse(error.status, "http-\(error.status.code)", error.status.reasonPhrase)
                }
            return try problem.response(from: request, context: context)
        } catch {
            let problem = ProblemResponse.from(error) ?? .unexpected(error, context)
            return try problem.response(from: request, context: context)
        }
    }
}

extension Response {
    /// A JSON answer; clinical content is never cached.
    static func json(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
        self.json(ByteBuffer(bytes: json.canonicalBytes), status)
    }

    /// One that is written already.
    static func json(canonical text: String) -> Response { json(ByteBuffer(string: text), .ok) }

    private static func json(_ bytes: ByteBuffer, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"], body: .init(byteBuffer: bytes))
    }
}
