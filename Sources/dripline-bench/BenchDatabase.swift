import Canonical
import Foundation
import Logging
import Service

/// An embedded database, with the durable settings that it always has.
enum BenchDatabase {
    /// - Parameter directory: a directory to keep and use again; nil for one that is removed afterwards.
    static func with<T>(_ directory: String? = nil, _ body: (Database) async throws -> T) async throws -> T {
        let path = directory ?? temporary()
        let database = try await Database.open(.embedded(directory: path), logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        func end() async {
            await database.close()
            if directory == nil { try? FileManager.default.removeItem(atPath: path) }
        }
        do {
            let value = try await body(database)
            await end()
            return value
        } catch {
            await end()
            throw error
        }
    }

    /// A path where nothing is yet.
    static func temporary() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("dripline-bench-\(UUID().lowercase.prefix(8))").path
    }
}
