import Synchronization

/// How much is being worked on, and whether there is room for more. What has no room is refused at once: a queue would only move the wait into memory.
final class Admission: Sendable {
    private struct State {
        var requests = 0
        var streams = 0
        var bodyBytes = 0
        var isStopping = false
    }

    /// Room that was taken; given back when nobody holds it any more, however the request ends.
    final class Room: Sendable {
        fileprivate enum Kind {
            case request(bodyBytes: Int)
            case stream
        }

        private let admission: Admission
        private let kind: Kind

        fileprivate init(_ kind: Kind, of admission: Admission) {
            self.kind = kind
            self.admission = admission
        }

        deinit { admission.leave(kind) }
    }

    enum Refusal: Error {
        /// Too many requests, or too much in their bodies.
        case full
        case streams
        case stopping
    }

    private let limits: HTTPLimits
    private let state = Mutex(State())

    init(_ limits: HTTPLimits) { self.limits = limits }

    var requests: Int { state.withLock { $0.requests } }
    var streams: Int { state.withLock { $0.streams } }
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// From now on nothing new is taken.
    func stop() { state.withLock { $0.isStopping = true } }

    /// - Parameter bodyBytes: as many as the request says that it will send; nil where it does not say.
    func request(bodyBytes: Int?) throws(Refusal) -> Room {
        let bytes = min(bodyBytes ?? limits.bodyBytes, limits.bodyBytes)
        let refusal: Refusal? = state.withLock { state in
            if state.isStopping { return .stopping }
            guard state.requests < limits.requests, state.bodyBytes + bytes <= limits.bodyBytesInFlight else { return .full }
            state.requests += 1
            state.bodyBytes += bytes
            return nil
        }
        if let refusal { throw refusal }
        return Room(.request(bodyBytes: bytes), of: self)
    }

    func stream() throws(Refusal) -> Room {
        let refusal: Refusal? = state.withLock { state in
            if state.isStopping { return .stopping }
            guard state.streams < limits.streams else { return .streams }
            state.streams += 1
            return nil
        }
        if let refusal { throw refusal }
        return Room(.stream, of: self)
    }

    private func leave(_ kind: Room.Kind) {
        state.withLock { state in
            switch kind {
            case .request(let bytes):
                state.requests -= 1
                state.bodyBytes -= bytes
            case .stream: state.streams -= 1
            }
        }
    }
}
