import Clinic
import Ledger
import Synchronization

/// Histories that the live projector read not long ago, so that a step reads and decodes of a stream only what is new.
///
/// Shared by all projections. A log only grows, so what was read stays true, but for an erasure, which takes data away behind: a clinic's histories
/// are of one state of its erasures, and go when that changes. Memory is bounded by the number of events: those used least recently go first.
final class WarmHistories: Sendable {
    /// Events that are held; about a kilobyte each.
    static let maximumEvents = 65_536

    private struct Key: Hashable {
        let clinic: String
        let stream: String
    }

    /// Two generations: what is used moves to the young one; when that is full it becomes the old one, and what was old is gone.
    private struct Shelves {
        var young: [Key: History] = [:]
        var old: [Key: History] = [:]
        var youngEvents = 0
        var erasures: [String: LogPositions] = [:]

        mutating func put(_ history: History, for key: Key, limit: Int) {
            let weight = history.weight
            guard weight <= limit / 4 else { return forget(key) }
            youngEvents += weight - (young.updateValue(history, forKey: key)?.weight ?? 0)
            old[key] = nil
            guard youngEvents > limit / 2 else { return }
            (old, young, youngEvents) = (young, [:], 0)
        }

        mutating func forget(_ key: Key) {
            if let gone = young.removeValue(forKey: key) { youngEvents -= gone.weight }
            old[key] = nil
        }

        mutating func forget(clinic: String) {
            young = young.filter { $0.key.clinic != clinic }
            old = old.filter { $0.key.clinic != clinic }
            youngEvents = young.values.reduce(0) { $0 + $1.weight }
        }
    }

    private let shelves = Mutex(Shelves())
    private let limit: Int

    init(limit: Int = WarmHistories.maximumEvents) { self.limit = limit }

    /// A new connection may lead to another state of the database: one that was restored, or a standby that took over.
    func clear() { shelves.withLock { $0 = Shelves() } }

    /// What is held of these streams, up to a position.
    /// - Parameter erasures: the last erasure in each of the clinic's logs, as the transaction sees it that asks.
    func find(_ streams: [String], of clinic: String, upTo: Int64, erasures: LogPositions) -> [String: History] {
        let found: [String: History] = shelves.withLock { shelves in
            if shelves.erasures[clinic] != erasures {
                shelves.forget(clinic: clinic)
                shelves.erasures[clinic] = erasures
                return [:]
            }
            return streams.reduce(into: [:]) { found, stream in
                let key = Key(clinic: clinic, stream: stream)
                found[stream] = shelves.young[key] ?? shelves.old[key]
            }
        }
        return found.mapValues { $0.upTo(upTo) }
    }

    /// Keeps what was read, where it is newer than what is held.
    func keep(_ histories: [String: History], of clinic: String, erasures: LogPositions) {
        shelves.withLock { shelves in
            guard shelves.erasures[clinic] == erasures else { return }
            for (stream, history) in histories {
                let key = Key(clinic: clinic, stream: stream)
                let held = shelves.young[key] ?? shelves.old[key]
                shelves.put(held.map { $0.position > history.position ? $0 : history } ?? history, for: key, limit: limit)
            }
        }
    }
}

extension History {
    fileprivate var weight: Int { events.count + erased.count + 1 }
}
