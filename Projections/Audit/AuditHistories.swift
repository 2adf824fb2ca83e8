import Clinic
import Ledger

/// Gives the histories of streams from both logs of a clinic up to the bounds of an audit, by where their events stand.
struct AuditHistories: Sendable {
    let logs: LogSources
    let record: AuditIndex
    let access: AuditIndex

    var clinic: String { logs.clinic }

    /// Records that are in memory at once before they are folded.
    private static let page = 4000

    func index(of stream: String) -> AuditIndex { stream.hasPrefix(StreamKind.access.rawValue) ? access : record }

    func place(of stream: String) -> AuditIndex.Place? { index(of: stream).places[stream] }

    /// - Parameter streams: few enough to be held in memory. Streams without events are missing from the answer; events that cannot be
    ///   read are left out of it.
    func histories(of streams: some Collection<String>) async throws -> [String: History] {
        var histories: [String: History] = [:]
        for (source, index) in [(logs.record, record), (logs.access, access)] {
            var positions: [Int64] = []
            for stream in Set(streams) where self.index(of: stream).replay.log == index.replay.log {
                guard let place = index.places[stream] else { continue }
                let unreadable = Set(place.faults)
                positions += place.positions.filter { !unreadable.contains($0) }
            }
            positions.sort()
            for start in stride(from: 0, to: positions.count, by: Self.page) {
                let page = Array(positions[start..<min(start + Self.page, positions.count)])
                for record in try await source.records(at: page) {
                    guard let entry = LogEntry(record.entry) else { continue }
                    try histories[entry.stream, default: History()].append(
                        StoredEvent(entry, record), of: StreamID(entry.stream), clinic: clinic)
                }
            }
        }
        return histories
    }
}
