import Synchronization

/// Credentials that were looked up a moment ago, so that not every request asks the database.
///
/// What ends a credential is heard of at once: `CredentialWatch` empties the cache when an account, a session, a token or a clinic's staff changes in
/// any process, and what this process changes empties it before the change is answered. While nobody hears, nothing is kept. And nothing is kept for
/// longer than `lifetime`, which bounds what a lost notification costs, nor for longer than the credential is good.
final class CredentialCache: Sendable {
    let lifetime: Duration
    /// Credentials kept; past it all are forgotten.
    static let capacity = 4096

    private struct State {
        var entries: [[UInt8]: (credential: FoundCredential, until: ContinuousClock.Instant)] = [:]
        /// Goes up with each change: what was read before it is not kept after it.
        var epoch: UInt64 = 0
        var isHearing = false
    }

    private let state = Mutex(State())

    init(lifetime: Duration = .milliseconds(250)) { self.lifetime = lifetime }

    func find(_ digest: [UInt8]) -> FoundCredential? {
        state.withLock { state in
            guard let entry = state.entries[digest] else { return nil }
            if ContinuousClock.now < entry.until { return entry.credential }
            state.entries[digest] = nil
            return nil
        }
    }

    /// Taken before reading, and handed to `keep`.
    var epoch: UInt64 { state.withLock { $0.epoch } }

    /// - Parameter time: before they were read.
    func keep(_ found: [[UInt8]: FoundCredential], readIn epoch: UInt64, at time: ContinuousClock.Instant) {
        state.withLock { state in
            guard state.isHearing, state.epoch == epoch else { return }
            if state.entries.count + found.count > Self.capacity { state.entries = [:] }
            for (digest, credential) in found { state.entries[digest] = (credential, time + min(lifetime, credential.remaining)) }
        }
    }

    func forgetAll() {
        state.withLock { state in
            state.epoch += 1
            state.entries.removeAll(keepingCapacity: true)
        }
    }

    /// Whether changes are heard of from now on.
    func hears(_ isHearing: Bool) {
        forgetAll()
        state.withLock { $0.isHearing = isHearing }
    }
}
