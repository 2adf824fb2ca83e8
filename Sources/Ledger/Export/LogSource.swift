import Canonical

/// Somewhere a log can be read from by its stored bytes: the database, or an export.
///
/// What it hands over is what stands there, whether or not it is in order: judging that is for the reader (``Replay``). Positions up to `size`
/// stay as they are while the source is open.
public protocol LogSource: Sendable {
    var log: LogName { get }
    /// The last position; 0 where the log has no event.
    var size: Int64 { get }

    /// Lends every record of a stretch, in the order of positions, one at a time, and gives back what `take` made of the state.
    /// - Parameters:
    ///   - after: the position before the first; nil for whatever the log begins with.
    ///   - upTo: the last position.
    func reduce<State: Sendable>(
        after: Int64?, upTo: Int64, into state: State, _ take: @Sendable (inout State, RecordBytes) throws -> Void
    ) async throws -> State

    /// The same of the records at these positions, in the order of positions; those that are not there are left out.
    /// - Parameter positions: some thousands at most.
    func reduce<State: Sendable>(
        at positions: [Int64], into state: State, _ take: @Sendable (inout State, RecordBytes) throws -> Void
    ) async throws -> State

    /// The last checkpoint that it has of no more than the first `last` events, with the cosignatures of witnesses; nil where there is none, or
    /// none that can be read. Nothing of it was checked.
    func checkpoint(upTo last: Int64) async throws -> SignedCheckpoint?
}

extension LogSource {
    /// Lends every record up to a position.
    public func reduce<State: Sendable>(
        upTo last: Int64, into state: State, _ take: @Sendable (inout State, RecordBytes) throws -> Void
    ) async throws -> State {
        try await reduce(after: nil, upTo: last, into: state, take)
    }

    /// The records at these positions, in the order of positions; those that are not there are left out.
    /// - Parameter positions: few enough for their records to be held in memory.
    public func records(at positions: [Int64]) async throws -> [LogRecord] {
        try await reduce(at: positions, into: []) { $0.append(LogRecord($1)) }
    }
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
    /// How they are opened once more; nil for files, which any number of tasks may read.
    private let reopen: (@Sendable () async throws -> OpenedLogs)?

    public init(record: any LogSource, access: any LogSource) {
        self.init(record: record, access: access, reopen: nil)
    }

    init(record: any LogSource, access: any LogSource, reopen: (@Sendable () async throws -> OpenedLogs)?) {
        self.record = record
        self.access = access
        self.reopen = reopen
    }

    /// Runs `body` with so many readers of these logs at the same moment, which different tasks may use at once. This one is the first of them.
    public func withReaders<T: Sendable>(_ count: Int, _ body: ([LogSources]) async throws -> T) async throws -> T {
        var others: [OpenedLogs] = []
        let result: Result<T, any Error>
        do {
            if let reopen { for _ in 1..<max(1, count) { others.append(try await reopen()) } }
            let readers = reopen == nil ? Array(repeating: self, count: max(1, count)) : [self] + others.map(\.logs)
            result = .success(try await body(readers))
        } catch {
            result = .failure(error)
        }
        for other in others { await other.close() }
        return try result.get()
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

/// Logs that were opened once more, to be closed by whoever asked for it.
struct OpenedLogs: Sendable {
    let logs: LogSources
    let close: @Sendable () async -> Void
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
