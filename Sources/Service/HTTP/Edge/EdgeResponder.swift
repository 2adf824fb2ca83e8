import HTTPTypes
import Hummingbird
import Ledger
import Logging
import NIOCore
import NIOHTTP1
import Postgres

/// The first and the last to see each request: names it, finds out where it came from, lets it in or not, bounds its time, and sees to what every
/// answer carries.
struct EdgeResponder<Inner: HTTPResponder>: HTTPResponder where Inner.Context == ServiceContext {
    let inner: Inner
    let limits: HTTPLimits
    let isEncrypted: Bool
    let proxies: ProxyTrust
    let admission: Admission
    let overseer: Overseer
    let addresses: RateLimiter
    let telemetry: HTTPTelemetry
    let logger: Logger

    /// Answers up to here need no room of their own while they are sent: the socket's buffer takes them.
    static var smallAnswer: Int { 64 << 10 }

    /// Bytes of an append that is read and decided within a fraction of a millisecond.
    static var smallAppend: Int { 16 << 10 }

    func respond(to request: Request, context: ServiceContext) async throws -> Response {
        let start = ContinuousClock.now
        var (request, context) = (request, context)
        var head = request.head
        let origin = proxies.origin(peer: context.peer, &head.headerFields)
        if head.headerFields.count != request.headers.count { request = Request(head: head, body: request.body) }
        context.address = origin.address
        context.isSecure = isEncrypted || origin.isSecure == true
        context.requestName = RequestName(given: request.headers[RequestName.header])
        context.logger = logger
        context.logger[metadataKey: "request"] = "\(context.requestName)"

        var response = try await answer(request, context)
        response.headers[RequestName.header] = context.requestName.description
        if admission.isStopping { response.headers[.connection] = "close" }
        SafeHeaders(isSecure: context.isSecure).add(to: &response.headers)
        telemetry.answered(request, context, response, in: .now - start)
        return response
    }

    private func answer(_ request: Request, _ context: ServiceContext) async throws -> Response {
        do {
            let length = try declaredLength(request)
            if let wait = addresses.take(AddressRange.key(of: context.address)) { throw ProblemResponse.tooManyRequests(wait) }
            let room = try admission.request(bodyBytes: length)
            let response = try await overseer.run(on: staysOnLoop(request, length) ? context.executor : nil) { [inner] in
                // The room is taken for as long as the work goes on, also when nobody waits for it any more.
                defer { withExtendedLifetime(room) {} }
                return try await inner.respond(to: request, context: context)
            }
            return try holding(room, response)
        } catch let error as HTTPParserError {
            // Hummingbird closes the connection.
            throw error
        } catch {
            let problem = ProblemResponse.from(error) ?? .unexpected(error, context)
            return try problem.response(from: request, context: context)
        }
    }

    /// Whether the work goes on on the connection's own thread: an append of few events, which only ever waits for the database. Whatever may work for long,
    /// such as folding a chart, goes where it keeps no other connection waiting.
    private func staysOnLoop(_ request: Request, _ length: Int?) -> Bool {
        request.method == .post && (length ?? .max) <= Self.smallAppend && request.uri.path.hasSuffix("/events")
    }

    /// Nil for a body in chunks.
    private func declaredLength(_ request: Request) throws -> Int? {
        guard let text = request.headers[.contentLength] else { return request.headers[.transferEncoding] == nil ? 0 : nil }
        // The parser took it, so that it is a number; perhaps one that is beyond any.
        guard let length = Int(text), length <= limits.bodyBytes else {
            var problem = ProblemResponse(
                .contentTooLarge, "body-too-large", "The body is longer than \(limits.bodyBytes) bytes: send fewer events at once.")
            problem.headers[.connection] = "close"
            throw problem
        }
        return length
    }

    /// A large answer keeps its request's room until it has been sent; a stream has room of its own.
    private func holding(_ room: Admission.Room, _ response: Response) throws -> Response {
        var response = response
        let body = response.body
        if response.headers[.contentType]?.hasPrefix("text/event-stream") == true {
            let stream = try admission.stream()
            response.body = ResponseBody { writer in
                try await body.write(writer)
                withExtendedLifetime(stream) {}
            }
        } else if (body.contentLength ?? .max) > Self.smallAnswer {
            response.body = ResponseBody(contentLength: body.contentLength) { writer in
                try await body.write(writer)
                withExtendedLifetime(room) {}
            }
        }
        return response
    }
}

extension ProblemResponse {
    static func tooManyRequests(_ wait: Duration) -> ProblemResponse {
        var problem = ProblemResponse(
            .tooManyRequests, "too-many-requests", "Too many requests: slow down, and try again after Retry-After.")
        problem.headers[.retryAfter] = "\(wait.wholeSecondsUp)"
        return problem
    }

    init(_ refusal: Admission.Refusal) {
        switch refusal {
        case .full: self.init(.serviceUnavailable, "overloaded", "Too much is being worked on: nothing was done; try again shortly.")
        case .streams: self.init(.serviceUnavailable, "too-many-streams", "Too many live streams are open: try again later.")
        case .stopping: self.init(.serviceUnavailable, "stopping", "The service is stopping: nothing was done; try again shortly.")
        }
        headers[.retryAfter] = "1"
    }

    static var timedOut: ProblemResponse {
        var problem = ProblemResponse(
            .serviceUnavailable, "timed-out",
            "This took too long and was given up. Whether a command was written is unknown: send it again with the same id.")
        problem.headers[.retryAfter] = "1"
        return problem
    }

    /// Says nothing of an error that nobody foresaw; the log says its kind, and never its words, which can hold clinical content.
    static func unexpected(_ error: any Error, _ context: ServiceContext) -> ProblemResponse {
        var metadata: Logger.Metadata = [
            "route": "\(context.endpointPath ?? "none")", "error": "\(String(reflecting: type(of: error)))",
        ]
        if let state = sqlState(of: error) { metadata["sqlstate"] = "\(state)" }
        context.logger.error("a request failed", metadata: metadata)
        return ProblemResponse(
            .internalServerError, "internal", "Something went wrong here; it has been logged under the answer's X-Request-ID.")
    }

    private static func sqlState(of error: any Error) -> String? {
        switch error {
        case let error as PostgresError: error.sqlState
        case LedgerError.database(let error), RecordingError.ledger(.database(let error)): error.sqlState
        default: nil
        }
    }
}
