import Clinic
import Ledger
import Synchronization

/// Histories of the streams that were decided on lately, of all clinics. A hint: what is decided on them is either confirmed by the log's
/// conditions or decided again on what the log holds.
final class HistoryCache: Sendable {
    /// Events kept, of all streams together, each stream counted as one more; the longest unused streams go first. With what is folded from it, an
    /// event takes about a kilobyte.
    static let maximumEvents = 65_536

    private struct Key: Hashable {
        let clinic: String
        let stream: StreamID
    }

    private struct State {
        private(set) var histories: [Key: (history: History, used: UInt64)] = [:]
        private(set) var weight = 0
        var clock: UInt64 = 0

        mutating func put(_ key: Key, _ history: History, used: UInt64) {
            take(key)
            histories[key] = (history, used)
            weight += history.events.count + 1
        }

        @discardableResult
        mutating func take(_ key: Key) -> (history: History, used: UInt64)? {
            guard let known = histories.removeValue(forKey: key) else { return nil }
            weight -= known.history.events.count + 1
            return known
        }

        mutating func touch(_ key: Key) { histories[key]?.used = clock }

        /// Down to three quarters of the bound once it was passed, so that it is not done each time.
        mutating func makeRoom() {
            guard weight > HistoryCache.maximumEvents else { return }
            for (key, _) in histories.sorted(by: { $0.value.used < $1.value.used }) {
                guard weight > HistoryCache.maximumEvents / 4 * 3 else { return }
                take(key)
            }
        }
    }

    private let state = Mutex(State())

    func histories(of streams: Set<StreamID>, in clinic: String) -> [StreamID: History] {
        state.withLock { state in
            state.clock += 1
            var found: [StreamID: History] = [:]
            for stream in streams {
                let key = Key(clinic: clinic, stream: stream)
                guard let history = state.histories[key]?.history else { continue }
                found[stream] = history
                state.touch(key)
            }
            return found
        }
    }

    func keep(_ histories: [StreamID: History], in clinic: String) {
        state.withLock { state in
            state.clock += 1
            for (stream, history) in histories {
                let key = Key(clinic: clinic, stream: stream)
                // Never back to an older one: two requests may load at once.
                if let known = state.histories[key], known.history.version > history.version { continue }
                state.put(key, history, used: state.clock)
            }
            state.makeRoom()
        }
    }

    /// Adds new events to the history that they follow directly; another is forgotten, and read again when needed.
    func extend(_ stream: StreamID, in clinic: String, with events: [ChartEvent]) {
        state.withLock { state in
            let key = Key(clinic: clinic, stream: stream)
            // Taken out while it grows, so that it is appended to in place.
            guard let first = events.first, var known = state.take(key) else { return }
            guard known.history.version == first.version - 1 else { return }
            for event in events { known.history.append(event) }
            state.put(key, known.history, used: known.used)
            state.makeRoom()
        }
    }

    func forget(_ streams: some Sequence<StreamID>, in clinic: String) {
        state.withLock { state in for stream in streams { state.take(Key(clinic: clinic, stream: stream)) } }
    }

    /// Streams that are kept, and what they weigh.
    var size: (streams: Int, weight: Int) { state.withLock { ($0.histories.count, $0.weight) } }
}
