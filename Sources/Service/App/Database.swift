public import Ledger
public import Logging
public import Postgres
public import Projections
import Schema

/// An opened database with everything that works on it.
public struct Database: Sendable {
    /// How the service logs in; never as a superuser in an embedded database.
    public let settings: ConnectionSettings
    public let ledger: Ledger
    public let projector: Projector
    public let recorder: Recorder
    public let accounts: Accounts
    /// Nil where someone else runs the server.
    public let server: PostgresServer?
    /// The directory of the signing key and of the memory of what was signed: never inside the database.
    public let state: String
    let logger: Logger

    /// The login that the service uses in an embedded database.
    static let embeddedLogin = "dripline"

    /// Opens the database. An embedded one is started, and brought to this program's schema; a server must hold it already.
    /// - Parameter state: where the signing key is kept; nil for the embedded database's directory, or the default one.
    /// - Throws: `PostgresServerError`, `PostgresError`, `SchemaError`
    public static func open(
        _ location: DatabaseLocation, state: String? = nil, accounts: AccountSettings = AccountSettings(), logger: Logger
    ) async throws -> Database {
        let state = state ?? location.stateDirectory
        switch location {
        case .embedded(let directory):
            let server = try await PostgresServer.start(dataDirectory: directory, logger: logger)
            do {
                try await prepareEmbedded(server.settings(), logger: logger)
            } catch {
                try? await server.stop()
                throw error
            }
            return Database(
                settings: server.settings(user: embeddedLogin), server: server, state: state, accounts: accounts, logger: logger)
        case .server(let settings):
            try await check(settings, logger: logger)
            return Database(settings: settings, server: nil, state: state, accounts: accounts, logger: logger)
        }
    }

    private init(
        settings: ConnectionSettings, server: PostgresServer?, state: String, accounts: AccountSettings, logger: Logger
    ) {
        let settings = settings.setting(applicationName: "dripline")
        self.settings = settings
        self.server = server
        self.state = state
        self.logger = logger
        ledger = Ledger(settings, logger: logger)
        projector = Projector(settings, ledger: ledger, logger: logger)
        recorder = Recorder(ledger, logger: logger)
        self.accounts = Accounts(
            accounts, store: AccountStore(settings, logger: logger), ledger: ledger, recorder: recorder, logger: logger)
    }

    /// Closes all connections; an embedded server stops when nobody else uses it.
    public func close() async {
        await accounts.close()
        await ledger.close()
        do {
            try await server?.stop()
        } catch {
            logger.error("the embedded PostgreSQL did not stop cleanly", metadata: ["error": "\(error)"])
        }
    }

    /// Brings a database to this program's schema, as a login that may create roles.
    /// - Returns: the version that it held before; 0 for a fresh one.
    public static func migrate(_ location: DatabaseLocation, logger: Logger) async throws -> Int {
        switch location {
        case .embedded(let directory):
            let server = try await PostgresServer.start(dataDirectory: directory, logger: logger)
            do {
                let before = try await prepareEmbedded(server.settings(), logger: logger)
                try await server.stop()
                return before
            } catch {
                try? await server.stop()
                throw error
            }
        case .server(let settings):
            return try await withConnection(settings, logger: logger) { try await Schema.migrate($0) }
        }
    }

    @discardableResult
    private static func prepareEmbedded(_ settings: ConnectionSettings, logger: Logger) async throws -> Int {
        try await withConnection(settings, logger: logger) { connection in
            // Migrating locks the log's tables, and a clinic may be charting on them at this moment: only where something is missing.
            let installed = try await Schema.installedVersion(connection)
            if installed > Schema.version { throw SchemaError.newer(installed: installed, known: Schema.version) }
            let login = try await connection.query("SELECT FROM pg_roles WHERE rolname = $1", [embeddedLogin])
            if installed == Schema.version, !login.isEmpty { return installed }
            let before = try await Schema.migrate(connection)
            try await connection.script(
                """
                DO $$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\(embeddedLogin)') THEN
                        CREATE ROLE \(embeddedLogin) LOGIN;
                    END IF;
                    GRANT dripline_service, dripline_projector, dripline_sealer, dripline_accounts TO \(embeddedLogin);
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another process was faster
                END $$
                """)
            return before
        }
    }

    private static func check(_ settings: ConnectionSettings, logger: Logger) async throws {
        try await withConnection(settings, logger: logger) { connection in
            let installed: Int
            do {
                installed = try await Schema.installedVersion(connection)
            } catch let error as PostgresError where error.sqlState == "42501" {
                throw DatabaseError.notAllowed
            }
            if installed < Schema.version { throw SchemaError.older(installed: installed, known: Schema.version) }
            if installed > Schema.version { throw SchemaError.newer(installed: installed, known: Schema.version) }
        }
    }

    private static func withConnection<T: Sendable>(
        _ settings: ConnectionSettings, logger: Logger, _ body: (Connection) async throws -> T
    ) async throws -> T {
        let connection = try await Connection.connect(settings, logger: logger)
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }
}

/// Why a database cannot be used as it is.
public enum DatabaseError: Error, Sendable, CustomStringConvertible {
    case notAllowed

    public var description: String {
        "This login may not read the log: as an administrator, GRANT dripline_service, dripline_projector, dripline_sealer, "
            + "dripline_accounts TO it."
    }
}
