import Clinic
import Ledger

/// A stream of one of a clinic's two logs, by the number that its log's index has for it.
struct AuditStream: Sendable, Hashable {
    let log: LogName.Kind
    let number: Int
}

/// What the first reading of both logs of a clinic left: by it the histories of streams are read, up to the bounds of an audit.
struct AuditHistories: Sendable {
    let record: AuditIndex
    let access: AuditIndex

    var clinic: String { record.log.clinic }

    func index(_ log: LogName.Kind) -> AuditIndex { log == .record ? record : access }

    func place(_ stream: AuditStream) -> AuditPlaces.Place { index(stream.log).places[stream.number] }

    func name(_ stream: AuditStream) -> String { index(stream.log).name(stream.number) }

    /// Nil for a stream that no event stands on or concerns.
    func stream(_ id: StreamID) -> AuditStream? {
        let log: LogName.Kind = id.isInAccessLog ? .access : .record
        return index(log).replay.names.number(ofStream: id.description).map { AuditStream(log: log, number: $0) }
    }

    /// - Parameter streams: each once, few enough to be held in memory.
    func read(_ streams: [AuditStream], from logs: LogSources) async throws -> AuditReading {
        var reading = AuditReading()
        for (log, source) in [(LogName.Kind.record, logs.record), (.access, logs.access)] {
            let here = streams.filter { $0.log == log }
            guard !here.isEmpty else { continue }
            var folding = AuditFolding(here, self)
            while let positions = folding.nextPositions() {
                folding = try await source.reduce(at: positions, into: folding) { try $0.take($1) }
            }
            folding.finish(&reading)
        }
        return reading
    }
}

/// Streams that were read.
struct AuditReading: Sendable {
    /// None for a stream without events that can be relied on.
    private(set) var histories: [AuditStream: History] = [:]
    /// Events whose bytes are there and that this program cannot read, by their streams.
    private(set) var unreadable: [AuditStream: [Replay.Fault]] = [:]

    mutating func put(_ history: History, _ unreadable: [Replay.Fault], of stream: AuditStream) {
        histories[stream] = history.position > 0 ? history : nil
        if !unreadable.isEmpty { self.unreadable[stream] = unreadable }
    }

    mutating func merge(_ other: AuditReading) {
        histories.merge(other.histories) { known, _ in known }
        unreadable.merge(other.unreadable) { known, _ in known }
    }
}

/// Folds events of several streams, which come in the order of their positions, into the streams' histories.
private struct AuditFolding: Sendable {
    private struct Stream: Sendable {
        let stream: AuditStream
        let name: String
        let id: StreamID?
        /// Positions that cannot be relied on: they are read, and have no part in the history.
        let faults: Set<Int64>
        var history = History()
        var unreadable: [Replay.Fault] = []
    }

    private let clinic: String
    private var streams: [Stream]
    /// Where the events stand, in the order of positions, and the index of each one's stream.
    private let places: [(position: Int64, stream: Int)]
    private var asked = 0
    private var next = 0
    private var reader = StoredEventReader()

    /// Positions that are asked for at once.
    private static let page = 4000

    init(_ streams: [AuditStream], _ histories: AuditHistories) {
        clinic = histories.clinic
        self.streams = streams.map { stream in
            let name = histories.name(stream)
            return Stream(stream: stream, name: name, id: StreamID(name), faults: Set(histories.place(stream).faults))
        }
        places = streams.enumerated().flatMap { index, stream in histories.place(stream).positions.map { ($0, index) } }
            .sorted { $0.position < $1.position }
    }

    /// The next positions to be read; nil where all were.
    mutating func nextPositions() -> [Int64]? {
        guard asked < places.count else { return nil }
        defer { asked = min(asked + Self.page, places.count) }
        return places[asked..<min(asked + Self.page, places.count)].map(\.position)
    }

    mutating func take(_ record: RecordBytes) throws {
        while next < places.count, places[next].position < record.position { next += 1 }
        guard next < places.count, places[next].position == record.position, let event = reader.read(record) else { return }
        let index = places[next].stream
        let isSound = !streams[index].faults.contains(record.position)
        guard isSound || !event.isErased else { return }
        do {
            if isSound {
                try streams[index].history.append(event, of: streams[index].id, clinic: clinic)
            } else {
                _ = try ChartEvent(event, of: streams[index].id, clinic: clinic)
            }
        } catch {
            let reason = if case .unreadable(_, _, let reason) = error { reason } else { "it is not known what it says" }
            streams[index].unreadable.append(
                Replay.Fault(position: record.position, what: "the event cannot be read: \(reason)", stream: streams[index].name))
        }
    }

    func finish(_ reading: inout AuditReading) {
        for stream in streams { reading.put(stream.history, stream.unreadable, of: stream.stream) }
    }
}
