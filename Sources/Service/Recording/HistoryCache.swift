import Clinic
import Ledger
import Synchronization

/// Histories of the streams that were decided on lately, for one log. A hint: what is decided on them is either confirmed by the log's
/// conditions or decided again on what the log holds.
final class HistoryCache: Sendable {
    /// Streams kept; the longest unused go first.
    static let capacity = 2048
    /// Events kept, of all streams together: with what is folded from it, each takes a few kilobytes.
    static let maximumEvents = 16_384

    private struct State {
        private(set) var histories: [StreamID: (history: History, used: UInt64)] = [:]
        /// In `histories`.
        private(set) var events = 0
        var clock: UInt64 = 0

        mutating func put(_ stream: StreamID, _ history: History, used: UInt64) {
            take(stream)
            histories[stream] = (history, used)
            events += history.events.count
        }

        @discardableResult
        mutating func take(_ stream: StreamID) -> (history: History, used: UInt64)? {
            guard let known = histories.removeValue(forKey: stream) else { return nil }
            events -= known.history.events.count
            return known
        }

        mutating func touch(_ stream: StreamID) { histories[stream]?.used = clock }

        /// Down to three quarters of a bound that was passed, so that it is not done each time.
        mutating func makeRoom() {
            guard histories.count > HistoryCache.capacity || events > HistoryCache.maximumEvents else { return }
            for (stream, _) in histories.sorted(by: { $0.value.used < $1.value.used }) {
                guard histories.count > HistoryCache.capacity / 4 * 3 || events > HistoryCache.maximumEvents / 4 * 3 else { return }
                take(stream)
            }
        }
    }

    private let state = Mutex(State())

    func histories(of streams: Set<StreamID>) -> [StreamID: History] {
        state.withLock { state in
            state.clock += 1
            var found: [StreamID: History] = [:]
            for stream in streams {
                guard let history = state.histories[stream]?.history else { continue }
                found[stream] = history
                state.touch(stream)
            }
            return found
        }
    }

    func keep(_ histories: [StreamID: History]) {
        state.withLock { state in
            state.clock += 1
            for (stream, history) in histories {
                // Never back to an older one: two requests may load at once.
                if let known = state.histories[stream], known.history.version > history.version { continue }
                state.put(stream, history, used: state.clock)
            }
            state.makeRoom()
        }
    }

    /// Adds new events to the histories that they follow directly; others are forgotten, and read again when needed.
    func extend(_ stream: StreamID, with events: [ChartEvent]) {
        state.withLock { state in
            // Taken out while it grows, so that it is appended to in place.
            guard let first = events.first, var known = state.take(stream) else { return }
            guard known.history.version == first.version - 1 else { return }
            for event in events { known.history.append(event) }
            state.put(stream, known.history, used: known.used)
            state.makeRoom()
        }
    }

    /// Streams and events that are kept.
    var size: (streams: Int, events: Int) { state.withLock { ($0.histories.count, $0.events) } }

    func forget(_ streams: some Sequence<StreamID>) {
        state.withLock { state in for stream in streams { state.take(stream) } }
    }
}
