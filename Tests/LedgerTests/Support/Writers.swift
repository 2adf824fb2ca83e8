import Ledger
import Synchronization

/// What writers were told, held against the log afterwards.
final class Acknowledged: Sendable {
    private let state = Mutex<[(log: LogName, receipt: Receipt)]>([])

    private let over = Atomic(false)

    /// Raised when the writers are done.
    var isOver: Bool { over.load(ordering: .acquiring) }
    func end() { over.store(true, ordering: .releasing) }

    var count: Int { state.withLock { $0.count } }
    func add(_ receipts: [Receipt], in log: LogName) { state.withLock { $0 += receipts.map { (log, $0) } } }

    func receipts(of log: LogName) -> [Receipt] {
        state.withLock { all in all.filter { $0.log == log }.map(\.receipt) }.sorted { $0.position < $1.position }
    }
}
