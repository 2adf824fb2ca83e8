import Synchronization

/// Hands a stream out of a closure.
final class Opened: Sendable {
    private let kept = Mutex<EventStream?>(nil)

    var stream: EventStream? { kept.withLock { $0 } }
    func keep(_ stream: EventStream) { kept.withLock { $0 = stream } }
}
