import Foundation
public import Postgres

/// Where the database is: a private one in a data directory, or a real server.
public enum DatabaseLocation: Sendable {
    /// Dripline runs PostgreSQL itself, in this directory.
    case embedded(directory: String)
    /// A server that someone else runs.
    case server(ConnectionSettings)

    /// Chooses, in this order: an URL that was given; a directory that was given; `DRIPLINE_DATABASE`; `DRIPLINE_DATA`; the `PG*` variables, where
    /// `PGHOST`, `PGHOSTADDR` or `PGSERVICE` is set; the default directory.
    /// - Throws: what is wrong with the URL or the variables.
    public init(url: String?, directory: String?, environment: [String: String]) throws {
        if let url {
            self = .server(try ConnectionSettings(url: url))
        } else if let directory {
            self = .embedded(directory: directory)
        } else if let url = environment[Setting.database.variable], !url.isEmpty {
            self = .server(try ConnectionSettings(url: url))
        } else if let directory = environment[Setting.data.variable], !directory.isEmpty {
            self = .embedded(directory: directory)
        } else if Self.isNamed(in: environment) {
            self = .server(try ConnectionSettings(environment: environment))
        } else {
            self = .embedded(directory: PostgresServer.defaultDataDirectory(environment: environment))
        }
    }

    /// Whether the `PG*` variables name a server.
    static func isNamed(in environment: [String: String]) -> Bool {
        ["PGHOST", "PGHOSTADDR", "PGSERVICE"].contains { environment[$0]?.isEmpty == false }
    }

    /// Where the signing key and the memory of what was signed are kept, unless it is said otherwise: with an embedded database, else in the default
    /// directory of this user.
    public var stateDirectory: String {
        switch self {
        case .embedded(let directory): directory
        case .server: PostgresServer.defaultDataDirectory(environment: ProcessInfo.processInfo.environment)
        }
    }
}
