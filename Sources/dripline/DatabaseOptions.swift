import ArgumentParser
import Foundation
import Ledger
import Logging
import Service

/// Where the database is, for every command that needs one.
struct DatabaseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A PostgreSQL server: postgres://user:password@host:port/database.", valueName: "url"))
    var database: String?

    @Option(help: ArgumentHelp("Where the private PostgreSQL keeps its data (default: $XDG_DATA_HOME/dripline).", valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Where the signing key and what was signed last are kept (default: with the data).", valueName: "dir"))
    var state: String?

    func validate() throws {
        guard database == nil || data == nil else { throw ValidationError("Give --database or --data, not both.") }
    }

    var location: DatabaseLocation {
        get throws {
            do {
                return try DatabaseLocation(url: database, directory: data, environment: ProcessInfo.processInfo.environment)
            } catch {
                throw Failure.input("The database is not well named, by --database or the PG* variables: \(error).")
            }
        }
    }

    /// Opens the database, runs `body`, and closes it whatever comes.
    func run(
        _ logger: Logger = Log.logger, interruption: Interruption = .aborts, accounts: AccountSettings = AccountSettings(),
        _ body: @escaping @Sendable (Database) async throws -> Void
    ) async throws {
        try await Self.run(try location, state: state, logger, interruption: interruption, accounts: accounts, body)
    }

    static func run(
        _ location: DatabaseLocation, state: String?, _ logger: Logger, interruption: Interruption, accounts: AccountSettings,
        _ body: @escaping @Sendable (Database) async throws -> Void
    ) async throws {
        do {
            let database = try await Database.open(location, state: state, accounts: accounts, logger: logger)
            do {
                try await interruption.run { try await body(database) }
            } catch {
                await database.close()
                throw error
            }
            await database.close()
        } catch let code as ExitCode {
            throw code
        } catch {
            throw Failure(error)
        }
    }
}

/// The clinic whose record is meant.
struct ClinicOption: ParsableArguments {
    @Option(help: ArgumentHelp("The clinic.", valueName: "name"))
    var clinic: String

    func validate() throws {
        guard LogName(clinic: clinic) != nil else { throw ValidationError("A clinic's name is 1 to 63 of a-z, 0-9 and -.") }
    }

    var log: LogName {
        get throws {
            guard let log = LogName(clinic: clinic) else { throw Failure.input("A clinic's name is 1 to 63 of a-z, 0-9 and -.") }
            return log
        }
    }

    /// The clinic's record; something must have been recorded for the clinic, in whichever log.
    func knownLog(in database: Database) async throws -> LogName { try await Self.known(clinic, in: database) }

    /// As `knownLog`, for a clinic that was named in another way.
    static func known(_ clinic: String, in database: Database) async throws -> LogName {
        guard let log = LogName(clinic: clinic) else { throw Failure.input("A clinic's name is 1 to 63 of a-z, 0-9 and -.") }
        for kind in LogName.Kind.allCases where try await database.ledger.number(of: log.with(kind)) != nil { return log }
        let clinics = Set(try await database.ledger.heads().map(\.log.clinic)).sorted()
        let known =
            clinics.isEmpty
            ? "nothing is recorded in this database yet; see `dripline import` and `dripline append`."
            : "those with a record here: \(clinics.joined(separator: ", "))."
        throw Failure.input("There is no record of a clinic \(log.clinic); \(known)")
    }
}

/// The program's own log: standard error, never clinical content. DRIPLINE_LOG sets the level.
enum Log {
    /// What a running service logs: as configured.
    static func service(_ configuration: Service.Configuration) -> Logger {
        let isJSON = configuration.text(.logFormat) == "json"
        var logger = Logger(label: "dripline") { label in
            if isJSON { return JSONLogHandler.standardError() }
            return StreamLogHandler.standardError(label: label)
        }
        logger.logLevel = configuration.text(.logLevel).flatMap(Logger.Level.init(rawValue:)) ?? .notice
        return logger
    }

    static let logger: Logger = {
        var logger = Logger(label: "dripline") { StreamLogHandler.standardError(label: $0) }
        let level = ProcessInfo.processInfo.environment["DRIPLINE_LOG"].flatMap { Logger.Level(rawValue: $0.lowercased()) }
        logger.logLevel = level ?? .warning
        return logger
    }()
}
