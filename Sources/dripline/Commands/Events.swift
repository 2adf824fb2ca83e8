import ArgumentParser
import Canonical
import Clinic
import Ledger
import Projections
import Service

struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print events of a clinic's log as JSON lines: the envelope and the data of each.",
        discussion: "With --text, a line for people instead.")

    @OptionGroup var clinic: ClinicOption
    @Option(
        help: ArgumentHelp("Of this log: record or access (default: where the stream or the type stands, else record).", valueName: "log"))
    var log: LogName.Kind?
    @Option(help: ArgumentHelp("Only this stream, e.g. session/<uuid> or clinic.", valueName: "stream")) var stream: String?
    @Option(help: ArgumentHelp("Only this type, e.g. VitalsRecorded.", valueName: "type")) var type: String?
    @Option(help: ArgumentHelp("Only events after this position.", valueName: "n")) var after: Int64 = 0
    @OptionGroup var within: BoundsOptions
    @Option(help: ArgumentHelp("At most so many.", valueName: "n")) var limit: Int?
    @Flag(help: "Go on as new events are recorded, until interrupted.") var follow = false
    @Flag(help: "JSON lines; as without it.") var json = false
    @Flag(help: "A line for people: position, time, stream, actor, summary.") var text = false
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        if let stream, StreamID(stream) == nil {
            throw ValidationError("--stream is clinic, access, or patient/, session/, vial/ or access/ with a UUID.")
        }
        if let log, let stream = stream.flatMap(StreamID.init), stream.kind.log != log {
            throw ValidationError("\(stream) stands in the log \(stream.kind.log.rawValue).")
        }
        if let type, EventType(rawValue: type) == nil {
            throw ValidationError(
                "There is no event type \(type); there are \(EventType.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        if json, text { throw ValidationError("Give --json or --text, not both.") }
        if after < 0 { throw ValidationError("--after is a position, from 0.") }
        if follow, within.isBounded { throw ValidationError("Give --follow or a bound, not both: what is to come is not bounded.") }
        if let limit, limit < 1 { throw ValidationError("--limit is from 1.") }
    }

    private var kind: LogName.Kind {
        if let log { return log }
        if let stream = stream.flatMap(StreamID.init) { return stream.kind.log }
        return type.flatMap(EventType.init(rawValue:))?.streams == [.access] ? .access : .record
    }

    func run() async throws {
        try await options.run(interruption: follow ? .ends : .aborts) { database in
            let log = try await clinic.knownLog(in: database).with(kind)
            var query = EventQuery(
                after: after, upTo: within.position, stream: stream.flatMap { StreamID($0)?.description }, type: type,
                occurredBy: within.at,
                recordedBy: within.knownAt, limit: 1000)
            var printer = EventPrinter(clinic: log.clinic, json: !text, limit: limit)
            if follow {
                return try await database.ledger.follow(log, query) { try printer.show($0) }
            }
            query.limit = min(query.limit, limit ?? query.limit)
            var page: [StoredEvent]
            repeat {
                page = try await database.ledger.events(of: log, query)
                guard let last = page.last, try printer.show(page) else { return }
                query.after = last.position
            } while page.count == query.limit
        }
    }
}

/// Prints events up to a limit.
struct EventPrinter: Sendable {
    let clinic: String
    let json: Bool
    private var left: Int

    init(clinic: String, json: Bool, limit: Int?) {
        self.clinic = clinic
        self.json = json
        left = limit ?? Int.max
    }

    /// - Returns: whether more may be shown.
    mutating func show(_ events: [StoredEvent]) throws -> Bool {
        for event in events.prefix(left) { Terminal.print(json ? event.json.canonical : try line(event)) }
        left -= min(left, events.count)
        return left > 0 && Terminal.isRead
    }

    private func line(_ stored: StoredEvent) throws -> String {
        let summary = stored.isErased ? "erased" : try ChartEvent(stored, clinic: clinic).body.summary
        let position = String(repeating: " ", count: max(0, 7 - String(stored.position).count)) + String(stored.position)
        return "\(position)  \(stored.occurredAt.toTheSecond)  \(stored.stream)  \(stored.actor)  \(stored.type): \(summary)"
    }
}

extension Timestamp {
    /// `2026-11-22 15:30:00`, UTC.
    var toTheSecond: String {
        let text = description
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8)
    }
}
