import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// Counts each answer, and writes one line of log about it: the route's pattern, never the path, whose ids are a patient's.
struct HTTPTelemetry: Sendable {
    let telemetry: Telemetry

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .delete, .patch, .options]

    func answered(_ request: Request, _ context: ServiceContext, _ response: Response, in time: Duration) {
        let route = context.endpointPath ?? "none"
        let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
        telemetry.answered(.init(route: route, method: method, status: response.status.code), in: time)
        if let problem = context.trail.problem { telemetry.refused(problem) }
        context.logger.info(
            "request",
            metadata: [
                "route": "\(route)", "method": "\(method)", "status": "\(response.status.code)",
                "milliseconds": "\(time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000)",
            ])
    }
}

/// What is found out about a request on its way and told at its end.
final class RequestTrail: Sendable {
    private let kept = Mutex<String?>(nil)

    /// The code of the problem details that are answered.
    var problem: String? { kept.withLock { $0 } }
    func keep(problem: String) { kept.withLock { $0 = problem } }
}
