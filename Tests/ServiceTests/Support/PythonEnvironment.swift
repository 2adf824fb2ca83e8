import Foundation

/// A virtual environment with packages of PyPI, kept beside the build's products for the next run.
enum PythonEnvironment {
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    /// The interpreter of an environment that holds these packages (`name==version`), made where it isn't there.
    static func python(_ packages: [String]) async throws -> String {
        let home = directory() + "/" + packages.joined(separator: "-").replacing("==", with: "-")
        let python = home + "/bin/python"
        if FileManager.default.isExecutableFile(atPath: python) { return python }
        // Made aside and renamed when whole, so that an interrupted run leaves nothing that looks finished.
        let draft = home + "-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: draft) }
        try await run(["python3", "-m", "venv", draft])
        try await run(
            [draft + "/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"] + packages)
        try FileManager.default.moveItem(atPath: draft, toPath: home)
        return python
    }

    private static func directory() -> String {
        var directory = URL(filePath: #filePath).deletingLastPathComponent()
        while directory.path != "/" {
            let build = directory.appending(path: ".build").path
            if FileManager.default.isWritableFile(atPath: build) { return build }
            directory.deleteLastPathComponent()
        }
        return NSTemporaryDirectory()
    }

    private static func run(_ command: [String]) async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else {
            throw Unavailable(description: "`\(command.prefix(4).joined(separator: " "))…` ended with \(status): is PyPI reachable?")
        }
    }
}
