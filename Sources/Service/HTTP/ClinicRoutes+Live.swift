import Canonical
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import ServiceLifecycle

extension ClinicRoutes {
    /// Events in one page of a live stream.
    static let livePage = 50
    /// After how many milliseconds a browser connects again.
    static let retry = 2000

    /// Server-sent events: every event of the log after `Last-Event-ID` (or `after`, or the log's present end), as it is recorded.
    /// Ends when the client goes away or takes too long, or the service stops: the client goes on after the last id that it has.
    func live(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let query = Query(request)
        let log = try await knownLog(context).with(try query.log())
        var after = try query.position("after")
        if let last = request.headers[.lastEventID] {
            guard let position = Int64(last), position >= 0 else {
                throw ProblemResponse(.badRequest, "invalid-parameter", "Last-Event-ID must be a position: a whole number from 0.")
            }
            after = position
        }
        let start: Int64
        if let after {
            start = after
        } else {
            start = try await database.ledger.head(of: log).size
        }
        let wanted = EventQuery(
            after: start, stream: try query.stream("stream"), type: try query.type("type"), limit: ClinicRoutes.livePage)
        let (ledger, heartbeat, access) = (database.ledger, heartbeat, context.access)
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: .init { writer in
                try await writer.write(ByteBuffer(string: "retry: \(ClinicRoutes.retry)\n: following \(log) after \(start)\n\n"))
                // A graceful stop does not cancel the tasks of open connections, so it is asked for.
                try await ledger.follow(
                    log, wanted, while: { !Task.isShuttingDownGracefully }, idleAfter: heartbeat,
                    idle: {
                        guard await access?.stillHolds() != false else { return false }
                        try await writer.write(ByteBuffer(string: ": still here\n\n"))
                        return true
                    }
                ) { events in
                    // One page is read when the one before it has been taken by the socket, so a slow client holds up nothing but itself;
                    // the connection's guard cuts it off.
                    guard await access?.stillHolds() != false else { return false }
                    // What can't be written down is not shown: the stream ends, and goes on from here when it is asked for again.
                    try await access?.shows(events, of: log, ledger)
                    try await access?.write()
                    for event in events {
                        try await writer.write(
                            ByteBuffer(string: "id: \(event.position)\nevent: \(event.type)\ndata: \(event.json.canonical)\n\n"))
                    }
                    return true
                }
                try await writer.finish(nil)
            })
    }
}

extension HTTPField.Name {
    static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
