import Synchronization

/// Goes up once, for all tasks to see.
final class Flag: Sendable {
    private let raised = Atomic(false)

    var isUp: Bool { raised.load(ordering: .acquiring) }
    func raise() { raised.store(true, ordering: .releasing) }
}
