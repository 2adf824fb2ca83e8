import Canonical
import Foundation
import Ledger
import Logging
import Postgres
import Service

/// An embedded database, with the durable settings that it always has.
enum BenchDatabase {
    /// - Parameter directory: a directory to keep and use again; nil for one that is removed afterwards.
    static func with<T>(_ directory: String? = nil, _ body: (Database) async throws -> T) async throws -> T {
        let path = directory ?? temporary()
        defer { if directory == nil { try? FileManager.default.removeItem(atPath: path) } }
        return try await at(path, body)
    }

    /// One that holds simulated care. A process of its own fills it, so that what that took of memory is not counted against what is measured.
    static func with<T>(_ log: LogOptions, clinics: Int? = nil, _ body: (Database) async throws -> T) async throws -> T {
        let path = log.keep ?? temporary()
        defer { if log.keep == nil { try? FileManager.default.removeItem(atPath: path) } }
        let clinics = clinics ?? max(1, log.events / LogOptions.eventsOfClinic)
        try await Tool.run(CommandLine.arguments[0], ["fill", "--events", "\(log.events)", "--clinics", "\(clinics)", path])
        return try await at(path, body)
    }

    private static func at<T>(_ path: String, _ body: (Database) async throws -> T) async throws -> T {
        let database = try await Database.open(.embedded(directory: path), logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        do {
            let value = try await body(database)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }

    /// A path where nothing is yet.
    static func temporary() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("dripline-bench-\(UUID().lowercase.prefix(8))").path
    }
}

extension Database {
    /// Runs `body` with a connection that may do everything; the server must be an embedded one.
    func withAdministrator<T: Sendable>(_ body: (Connection) async throws -> T) async throws -> T {
        guard let server else { preconditionFailure("a bench runs on an embedded server") }
        let connection = try await Connection.connect(server.settings(), logger: .init(label: "bench"))
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Events in all its logs.
    func size() async throws -> Int64 { try await ledger.heads().reduce(0) { $0 + $1.size } }
}
