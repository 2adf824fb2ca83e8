import Canonical
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import NIOCore
import ServiceLifecycle

extension ClinicRoutes {
    /// Events in one page of a live stream.
    static let livePage = 200
    /// How long a live stream stays silent before it says that it is still there.
    static let silence: Duration = .seconds(15)

    /// Server-sent events: every event of the log after `Last-Event-ID` (or `after`, or the log's present end), as it is recorded.
    /// Ends when the client goes away or the service stops.
    func live(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let log = try await knownLog(context)
        let query = Query(request)
        var after = try query.position("after")
        if let last = request.headers[HTTPField.Name("Last-Event-ID")!] {
            guard let position = Int64(last), position >= 0 else {
                throw ProblemResponse(.badRequest, "invalid-parameter", "Last-Event-ID must be a position: a whole number from 0.")
            }
            after = position
        }
        let filter = EventQuery(stream: try query.stream("stream"), type: try query.type("type"), limit: ClinicRoutes.livePage)
        let start: Int64
        if let after {
            start = after
        } else {
            start = try await database.ledger.head(of: log).size
        }
        let ledger = database.ledger
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: .init { writer in
                try await writer.write(ByteBuffer(string: ": following \(log) after \(start)\n\n"))
                try await ClinicRoutes.write(log, filter, after: start, from: ledger, to: &writer)
                try await writer.finish(nil)
            })
    }

    /// One page is read when the one before it has been taken by the socket, so a slow client holds up nothing but itself.
    ///
    /// Not `Ledger.follow`: that ends with its task only, and a graceful stop does not cancel the tasks of open connections.
    private static func write(
        _ log: LogName, _ filter: EventQuery, after start: Int64, from ledger: Ledger, to writer: inout any ResponseBodyWriter
    ) async throws {
        var query = filter
        query.after = start
        var lastSign = ContinuousClock.now
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            let mark = await ledger.growth()
            var page: [StoredEvent] = []
            do {
                // A filter may skip whole stretches of the log: how far it has been read is the head, not the last event found.
                let head = try await ledger.head(of: log).size
                query.upTo = head
                if head > query.after { page = try await ledger.events(of: log, query) }
                query.after = page.count == query.limit ? page[page.count - 1].position : max(query.after, head)
            } catch LedgerError.unreachable {
                // Waited for, as by every follower.
            }
            if !page.isEmpty {
                var text = ByteBuffer()
                for event in page {
                    text.writeString("id: \(event.position)\nevent: \(event.type)\ndata: \(event.json.canonical)\n\n")
                }
                try await writer.write(text)
                lastSign = .now
                continue
            }
            if ContinuousClock.now - lastSign > silence {
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
                lastSign = .now
            }
            await ledger.waitForGrowth(since: mark)
        }
    }
}
