import Clinic
import Ledger
import Synchronization

/// Streams that are judged together, given out in their order to whoever asks next.
final class AuditPages: Sendable {
    let pages: [[AuditStream]]
    private let next = Mutex(0)
    /// Streams of the pages that were judged.
    private let judged = Mutex(0)

    /// Events whose streams are in memory at once. What a vial brings along counts as part of its weight; a stream is never cut.
    static let defaultEvents = 4000

    /// Streams that rest on each other stand together: patients with their sessions, the vials that were drawn for these, and who accessed their
    /// data; in the order in which they came.
    init(_ histories: AuditHistories, events: Int) {
        let streams = [histories.record, histories.access].flatMap { index in
            index.places.indices.filter { !index.places[$0].positions.isEmpty }.map { number in
                let stream = AuditStream(log: index.log.kind, number: number)
                return (owner: Self.owner(of: stream, histories), stream: stream)
            }
        }
        var pages: [[AuditStream]] = []
        var weight = 0
        for (_, stream) in streams.sorted(by: { ($0.owner, $0.stream.number) < ($1.owner, $1.stream.number) }) {
            if pages.isEmpty || weight >= events {
                pages.append([])
                weight = 0
            }
            pages[pages.count - 1].append(stream)
            let place = histories.place(stream)
            weight += place.positions.count
            // The first of them is at hand anyway.
            let sessions = place.sessions.subtracting([place.sessions.min()].compactMap(\.self))
            weight += sessions.reduce(0) { $0 + histories.index(stream.log).places[$1].positions.count }
        }
        self.pages = pages
    }

    /// The number of the stream in the record that a stream is read with: its patient's, else its own.
    private static func owner(of stream: AuditStream, _ histories: AuditHistories) -> Int {
        let index = histories.index(stream.log)
        let place = index.places[stream.number]
        let patient = place.patient ?? place.sessions.min().flatMap { index.places[$0].patient }
        if stream.log == .record { return patient ?? stream.number }
        return patient.flatMap { histories.record.replay.names.number(ofStream: index.name($0)) } ?? .max
    }

    /// To be called for each page that was judged; tells how many streams of how many are.
    func finish(_ page: Int, _ progress: (_ streams: Int, _ of: Int) -> Void) {
        let total = pages.reduce(0) { $0 + $1.count }
        judged.withLock { judged in
            judged += pages[page].count
            progress(judged, total)
        }
    }

    /// Nil when all have been given out.
    func take() -> Int? {
        next.withLock { next in
            guard next < pages.count else { return nil }
            defer { next += 1 }
            return next
        }
    }
}
