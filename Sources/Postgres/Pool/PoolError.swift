/// Why the pool gave no connection.
public enum PoolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Too many wait already, or none came free within the wait limit.
    case busy
    case closed

    public var description: String {
        switch self {
        case .busy: "all database connections are in use; try again shortly"
        case .closed: "the connection pool is closed"
        }
    }
}
