import Foundation
import TestSupport

/// The verifier in Go, `scripts/verify-independently`, built once a run. It needs Go and Debian's `golang-golang-x-mod-dev`; the script installs them, or
/// says how.
enum Independent {
    private struct Failed: Error {
        let description: String
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private static let program = Task {
        // Without an argument it builds, says how it is used, and ends with 2.
        let built = try await DriplineCommand(program: root + "/scripts/verify-independently").run([], timeLimit: .seconds(600))
        guard built.exitCode == 2, built.errors.contains("usage: verify-independently") else {
            throw Failed(description: "the independent verifier is not there: \(built.output) \(built.errors)")
        }
        return root + "/.build/verify-independently"
    }

    /// - Returns: nil where it verified the export; else what it says.
    static func verify(_ folder: String, _ arguments: [String]) async throws -> String? {
        let result = try await DriplineCommand(program: try await program.value).run(arguments + [folder])
        switch result.exitCode {
        case 0: return nil
        case 1: return result.errors
        default: throw Failed(description: "\(result.output) \(result.errors)")
        }
    }
}
