import Canonical

/// Somewhere a log can be read from by its stored bytes: the database, or an export.
///
/// What it hands over is what stands there, whether or not it is in order: judging that is for the reader (``Replay``). Positions up to `size`
/// stay as they are while the source is open.
public protocol LogSource: Sendable {
    var log: LogName { get }
    /// The last position; 0 where the log has no event.
    var size: Int64 { get }

    /// Hands over every record up to a position, in the order of positions, one at a time, and gives back what `take` made of the state.
    func reduce<State: Sendable>(
        upTo: Int64, into state: State, _ take: @Sendable (inout State, LogRecord) throws -> Void
    ) async throws -> State

    /// The records at these positions, in the order of positions; those that are not there are left out.
    /// - Parameter positions: few enough for their records to be held in memory.
    func records(at positions: [Int64]) async throws -> [LogRecord]

    /// The last checkpoint that it has of no more than the first `last` events, with the cosignatures of witnesses; nil where there is none, or
    /// none that can be read. Nothing of it was checked.
    func checkpoint(upTo last: Int64) async throws -> SignedCheckpoint?
}

/// How far each of a clinic's two logs is read: the last position, inclusive.
public struct LogBounds: Sendable, Hashable {
    public var record: Int64
    public var access: Int64

    public init(record: Int64, access: Int64) {
        self.record = record
        self.access = access
    }
}

/// Both logs of a clinic, as they stood at one moment.
public struct LogSources: Sendable {
    public let record: any LogSource
    public let access: any LogSource

    public init(record: any LogSource, access: any LogSource) {
        self.record = record
        self.access = access
    }

    public var clinic: String { record.log.clinic }

    /// The bounds that are meant by these positions.
    /// - Parameters:
    ///   - record: nil for the whole log.
    ///   - access: nil for what had been recorded of accesses when the record's last event was, and for the whole log where `record` is nil too.
    /// - Throws: `ExportError.beyondTheEnd`
    public func bounds(record: Int64? = nil, access: Int64? = nil) async throws -> LogBounds {
        for (position, source) in [(record, self.record), (access, self.access)] {
            if let position, position > source.size { throw ExportError.beyondTheEnd(source.log, position: position, size: source.size) }
        }
        let last = record ?? self.record.size
        if let access { return LogBounds(record: last, access: access) }
        guard record != nil else { return LogBounds(record: last, access: self.access.size) }
        guard let instant = try await Self.time(of: last, in: self.record) else { return LogBounds(record: last, access: 0) }
        // recorded_at never decreases along a log.
        var (low, high) = (Int64(0), self.access.size)
        while low < high {
            let middle = (low + high + 1) / 2
            let recorded = try await Self.time(of: middle, in: self.access)
            if let recorded, recorded <= instant { low = middle } else { high = middle - 1 }
        }
        return LogBounds(record: last, access: low)
    }

    private static func time(of position: Int64, in source: any LogSource) async throws -> Timestamp? {
        guard position > 0 else { return nil }
        return try await source.records(at: [position]).first.flatMap { LogEntry($0.entry)?.recordedAt }
    }
}

/// Why a log could not be exported, or an export not be read. None carries clinical content.
public enum ExportError: Error, Sendable, Hashable, CustomStringConvertible {
    case beyondTheEnd(LogName, position: Int64, size: Int64)
    /// The log has no such line for this event: it is not intact.
    case notWritable(LogName, position: Int64, reason: String)
    case file(path: String, reason: String)

    public var description: String {
        switch self {
        case .beyondTheEnd(let log, let position, let size): "There is no position \(position) in the log \(log): it ends at \(size)."
        case .notWritable(let log, let position, let reason):
            "The log \(log) cannot be exported: at position \(position) \(reason). Run `dripline verify --clinic \(log.clinic)`."
        case .file(let path, let reason): "\(path): \(reason)."
        }
    }
}
