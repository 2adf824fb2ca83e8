import Synchronization

/// The open connections, counted by address. Holds at most one entry a connection.
final class ConnectionTable: Sendable {
    private struct State {
        var total = 0
        var byAddress: [String: Int] = [:]
    }

    private let limits: HTTPLimits
    private let proxies: ProxyTrust
    private let state = Mutex(State())

    /// Connections over the limit that are being told so; beyond them none is accepted until one has gone.
    static let margin = 128

    init(_ limits: HTTPLimits, proxies: ProxyTrust) {
        self.limits = limits
        self.proxies = proxies
    }

    var count: Int { state.withLock { $0.total } }

    /// Counts a connection in; each must be counted out by `close`, also one that is not admitted.
    /// - Returns: whether it may be served.
    func open(_ address: String) -> Bool {
        let isProxy = proxies.trusts(address)
        return state.withLock { state in
            state.total += 1
            state.byAddress[address, default: 0] += 1
            return state.total <= limits.connections && (isProxy || state.byAddress[address, default: 0] <= limits.connectionsPerAddress)
        }
    }

    func close(_ address: String) {
        state.withLock { state in
            state.total -= 1
            guard let count = state.byAddress[address] else { return }
            state.byAddress[address] = count > 1 ? count - 1 : nil
        }
    }
}
