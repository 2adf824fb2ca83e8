/// Why the private PostgreSQL can't run. The text says what is wrong, where, and what to do.
public struct PostgresServerError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// No PostgreSQL server is installed.
        case noBinaries
        /// The data directory was made by a major version that isn't installed.
        case otherVersion
        /// The data directory can't be made, or the server's user can't reach it.
        case unreachable
        /// `initdb`, the start or the stop failed.
        case failed
    }

    public let kind: Kind
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
