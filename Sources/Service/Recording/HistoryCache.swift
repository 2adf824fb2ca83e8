import Clinic
import Ledger
import Synchronization

/// Histories of the streams that were decided on lately, for one log. A hint: what is decided on them is either confirmed by the log's
/// conditions or decided again on what the log holds.
final class HistoryCache: Sendable {
    /// Streams kept; the longest unused go first.
    static let capacity = 2048

    private struct State {
        var histories: [StreamID: (history: History, used: UInt64)] = [:]
        var clock: UInt64 = 0
    }

    private let state = Mutex(State())

    func histories(of streams: Set<StreamID>) -> [StreamID: History] {
        state.withLock { state in
            state.clock += 1
            var found: [StreamID: History] = [:]
            for stream in streams {
                guard let history = state.histories[stream]?.history else { continue }
                found[stream] = history
                state.histories[stream]?.used = state.clock
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
                state.histories[stream] = (history, state.clock)
            }
            guard state.histories.count > HistoryCache.capacity else { return }
            let oldest = state.histories.sorted { $0.value.used < $1.value.used }.prefix(HistoryCache.capacity / 4)
            for (stream, _) in oldest { state.histories[stream] = nil }
        }
    }

    /// Adds new events to the histories that they follow directly; others are forgotten, and read again when needed.
    func extend(_ stream: StreamID, with events: [ChartEvent]) {
        state.withLock { state in
            // Taken out while it grows, so that it is appended to in place.
            guard let first = events.first, var known = state.histories.removeValue(forKey: stream) else { return }
            guard known.history.version == first.version - 1 else { return }
            for event in events { known.history.append(event) }
            state.histories[stream] = known
        }
    }

    func forget(_ streams: some Sequence<StreamID>) {
        state.withLock { state in for stream in streams { state.histories[stream] = nil } }
    }
}
