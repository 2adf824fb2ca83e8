import ArgumentParser
import Canonical
import Foundation
import Logging
import Postgres
import Service

/// A log of simulated care to measure on.
struct LogOptions: ParsableArguments {
    /// A clinic of this size has some years behind it.
    static let eventsOfClinic = 200_000

    @Option(help: "How many events the log holds.") var events = 1_000_000
    @Option(help: ArgumentHelp("Keep the database here and use it again.", valueName: "directory")) var keep: String?
}

/// Fills a database with simulated events, or leaves one alone that holds them.
struct FillBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill", abstract: "Fill a database with simulated events.", shouldDisplay: false)

    @Option(help: "How many events.") var events: Int
    @Option(help: "Of how many clinics.") var clinics: Int
    @Argument(help: "The database's directory.") var directory: String

    func run() async throws {
        try await BenchDatabase.with(directory) { database in
            let (each, clinics) = (events / clinics, clinics)
            let grown = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<clinics { group.addTask { try await SimulatedLog.fill(database, clinic: number, events: each) } }
                return try await group.reduce(false) { $0 || $1 }
            }
            guard grown else { return }
            // What autovacuum does to a log that has grown: the measured runs should not meet it half way.
            try await database.withAdministrator { connection in
                try await connection.script("VACUUM (ANALYZE) dripline.events")
                try await connection.script("CHECKPOINT")
            }
        }
    }
}
