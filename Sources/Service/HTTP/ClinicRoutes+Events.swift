import Canonical
import Clinic
import Hummingbird
import Ledger
import NIOCore

extension ClinicRoutes {
    static let ndjson = "application/x-ndjson"
    /// Events read at once while a stream of them is written.
    static let streamedPage = 200

    /// Events in the order of the log: a page of them, or, as NDJSON, all that there are now.
    func events(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let query = Query(request)
        let log = try await knownLog(context).with(try query.log())
        let bounds = try query.bounds
        // `until` is the older name of `position`.
        let upTo = [bounds.position, try query.position("until")].compactMap(\.self).min()
        let after = try query.cursor(of: "events", \.int64) ?? query.position("after") ?? 0
        var wanted = EventQuery(
            after: after, upTo: upTo, stream: try query.stream("stream"), type: try query.type("type"), occurredBy: bounds.at,
            recordedBy: bounds.knownAt)
        if request.headers.prefers(ClinicRoutes.ndjson, to: "application/json") {
            return try await stream(log, wanted, limit: try query.wholeNumber("limit", from: 1), context.access)
        }
        let limit = try query.limit(upTo: ClinicRoutes.maximumPage)
        wanted.limit = limit + 1
        let found = try await database.ledger.events(of: log, wanted)
        try await context.access?.shows(Array(found.prefix(limit)), of: log, database.ledger)
        var answer = ListAnswer("events", found, limit: limit) {
            .number(JSONNumber($0.position))
        } json: {
            $0.json
        }
        // The cursor, as a number that `after` takes.
        if found.count > limit { answer.more["next_after"] = .number(JSONNumber(found[limit - 1].position)) }
        return .json(answer.json)
    }

    /// One event by its position.
    func event(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let query = Query(request)
        let log = try await knownLog(context).with(try query.log())
        guard let position = Int64(try context.parameters.require("position")), position >= 1 else {
            throw ProblemResponse(.notFound, "not-found", "The position in the path must be a whole number from 1.")
        }
        let wanted = EventQuery(after: position - 1, upTo: position, limit: 1)
        guard let event = try await database.ledger.events(of: log, wanted).first else {
            throw ProblemResponse(.notFound, "unknown-position", "This log has no event at that position yet.")
        }
        try await context.access?.shows([event], of: log, database.ledger)
        return .json(event.json)
    }

    /// A line an event, up to the log's end of this moment. The next page is read when the client has taken the one before, and leaves when it is
    /// written down what it shows.
    private func stream(_ log: LogName, _ wanted: EventQuery, limit: Int?, _ access: Access?) async throws -> Response {
        let head = try await database.ledger.head(of: log).size
        let end = min(wanted.upTo ?? head, head)
        let ledger = database.ledger
        return Response(
            status: .ok, headers: [.contentType: ClinicRoutes.ndjson, .cacheControl: "no-store"],
            body: .init { writer in
                var (query, left) = (wanted, limit ?? .max)
                query.upTo = end
                while left > 0, query.after < end {
                    query.limit = min(left, ClinicRoutes.streamedPage)
                    let page = try await ledger.events(of: log, query)
                    guard let last = page.last else { break }
                    // An end in the middle must not look like the end.
                    guard await access?.stillHolds() != false else { throw ProblemResponse.unauthorized(isInvalid: true) }
                    try await access?.shows(page, of: log, ledger)
                    try await access?.write()
                    var lines = ByteBuffer()
                    for event in page { lines.writeString(event.json.canonical + "\n") }
                    try await writer.write(lines)
                    left -= page.count
                    query.after = last.position
                    if page.count < query.limit { break }
                }
                try await writer.finish(nil)
            })
    }
}

extension Query {
    func wholeNumber(_ name: String, from least: Int) throws -> Int? {
        guard let text = text(name) else { return nil }
        guard let value = Int(text), value >= least else { throw problem(name, "must be a whole number from \(least)") }
        return value
    }
}
