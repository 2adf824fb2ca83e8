import Canonical
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore

extension ClinicRoutes {
    /// Server-sent events: every event of the log after `Last-Event-ID` (or `after`, or the log's present end), as it is recorded.
    ///
    /// One page is read when the one before it has been taken by the socket, so a slow client holds up nothing but itself.
    func live(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let log = try await knownLog(context)
        let query = Query(request)
        var after = try query.position("after")
        if let last = request.headers[HTTPField.Name("Last-Event-ID")!] {
            guard let position = Int64(last), position >= 0 else { throw query.problem("Last-Event-ID", "must be a position") }
            after = position
        }
        let start: Int64
        if let after {
            start = after
        } else {
            start = try await database.ledger.head(of: log).size
        }
        let wanted = EventQuery(after: start, stream: try query.stream("stream"), type: query.text("type"), limit: 200)
        let ledger = database.ledger
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: .init { writer in
                try await writer.write(ByteBuffer(string: ": following \(log) after \(start)\n\n"))
                try await ledger.follow(log, wanted, idle: { try await writer.write(ByteBuffer(string: ": still here\n\n")) }) { events in
                    var page = ByteBuffer()
                    for event in events {
                        page.writeString("id: \(event.position)\nevent: \(event.type)\ndata: \(event.json.canonical)\n\n")
                    }
                    try await writer.write(page)
                    return true
                }
                try await writer.finish(nil)
            })
    }
}
