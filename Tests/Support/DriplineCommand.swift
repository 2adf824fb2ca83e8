import Foundation
import Postgres
import Synchronization

/// The built `dripline` command as a whole process, run as a user would.
public struct DriplineCommand: Sendable {
    public struct Result: Sendable {
        /// Nil where a signal ended it.
        public let exitCode: Int32?
        public let signal: Int32?
        public let output: String
        public let errors: String

        /// The lines of the standard output, without empty ones.
        public var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    public struct Failed: Error, CustomStringConvertible {
        public let description: String
    }

    /// What ends up in the child's environment beside `PATH`, `HOME` and the test's own settings. Nothing of `PG*` is handed on.
    public var environment: [String: String]
    /// The working directory.
    public var directory: String
    /// Another program in its place.
    var program: String?

    public init(environment: [String: String] = [:], directory: String = "/tmp", program: String? = nil) {
        self.environment = environment
        self.directory = directory
        self.program = program
    }

    /// Runs to the end. After `timeLimit` the process is killed and `Failed` thrown, with what it had written.
    public func run(
        _ arguments: [String], input: String = "", timeLimit: Duration = .seconds(120)
    ) async throws -> Result {
        let running = try start(arguments, input: input)
        return try await running.result(timeLimit: timeLimit)
    }

    /// Starts it and returns at once.
    public func start(_ arguments: [String], input: String = "") throws -> RunningCommand {
        let files = try CommandFiles(input: input)
        let own = ProcessInfo.processInfo.environment
        // A trapping process would otherwise spend minutes on its backtrace.
        var all = ["SWIFT_BACKTRACE": "enable=no", "PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": own["HOME"] ?? "/tmp"]
        if let library = own["LD_LIBRARY_PATH"] { all["LD_LIBRARY_PATH"] = library }
        all.merge(environment) { $1 }
        let child = try ChildProcess.start(
            [try program ?? Self.path()] + arguments, environment: all, directory: directory, input: files.input, output: files.output,
            errors: files.errors)
        return RunningCommand(child, files)
    }

    /// The binary beside the test bundle, where one build puts both.
    public static func path() throws -> String {
        let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let candidates = [bundle, URL(filePath: CommandLine.arguments[0])].flatMap { file in
            [file.deletingLastPathComponent(), file.deletingLastPathComponent().deletingLastPathComponent()]
        }
        for directory in candidates {
            let file = directory.appending(path: "dripline").path
            if FileManager.default.isExecutableFile(atPath: file) { return file }
        }
        throw Failed(description: "the command dripline is not built: it was looked for beside \(bundle.path)")
    }
}
