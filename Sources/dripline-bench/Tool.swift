import Foundation
import Postgres
import Service

/// Runs another program and gives what it prints.
enum Tool {
    /// - Throws: where it ends with another status than 0.
    @discardableResult
    static func run(_ path: String, _ arguments: [String], environment: [String: String] = [:]) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: waiting for a child must not block one of the cooperative pool.
            Thread.detachNewThread {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: path)
                process.arguments = arguments
                process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
                let output = Pipe()
                process.standardOutput = output
                // What it complains of goes where ours goes.
                do {
                    try process.run()
                    let data = try output.fileHandleForReading.readToEnd() ?? Data()
                    process.waitUntilExit()
                    guard process.terminationStatus == 0 else {
                        throw CocoaError(
                            .executableLoad, userInfo: [NSLocalizedDescriptionKey: "\(path) ended with \(process.terminationStatus)"])
                    }
                    continuation.resume(returning: String(decoding: data, as: UTF8.self))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    /// The newest installed `name` among Debian's PostgreSQL programs, or the one on the path.
    static func postgres(_ name: String) throws -> String {
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []).sorted {
            (Double($0) ?? 0) > (Double($1) ?? 0)
        }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
        for candidate in versions.map({ "/usr/lib/postgresql/\($0)/bin/\(name)" }) + path
        where FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        throw CocoaError(.fileNoSuchFile, userInfo: [NSLocalizedDescriptionKey: "\(name) is not installed (Debian: postgresql)"])
    }
}
