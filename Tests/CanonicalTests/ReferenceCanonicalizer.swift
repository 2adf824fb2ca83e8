import Foundation

/// PyPI's `rfc8785` (by Trail of Bits), an implementation that has nothing in common with ours, run in a Python process.
struct ReferenceCanonicalizer {
    static let version = "0.1.4"

    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a JSON text a line, writes its canonical form a line. Integers that a double cannot hold exactly are handed on as doubles,
    /// as RFC 8785 reads every number; `rfc8785` itself would refuse them.
    private static let program = """
        import json, sys, rfc8785
        def integer(text):
            value = int(text)
            return value if abs(value) < 2 ** 53 else float(value)
        for line in sys.stdin.buffer:
            value = json.loads(line.decode("utf-8"), parse_int=integer)
            sys.stdout.buffer.write(rfc8785.dumps(value) + b"\\n")
        """

    private let python: String

    /// Uses the copy that an earlier run installed beside the build's products, or installs it there.
    /// - Throws: `Unavailable` where there is no Python, no `venv` or no package index.
    init() throws {
        let cache = try ReferenceCanonicalizer.cacheDirectory()
        let home = cache + "/rfc8785-\(ReferenceCanonicalizer.version)"
        python = home + "/bin/python"
        if FileManager.default.isExecutableFile(atPath: python) { return }
        // Made aside and renamed when whole, so that an interrupted run leaves nothing that looks finished.
        let draft = home + "-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: draft) }
        try ReferenceCanonicalizer.run(["python3", "-m", "venv", draft])
        try ReferenceCanonicalizer.run([
            draft + "/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--retries", "2",
            "rfc8785==\(ReferenceCanonicalizer.version)",
        ])
        try FileManager.default.moveItem(atPath: draft, toPath: home)
    }

    /// The canonical form of each text; no text may hold a line break.
    func canonical(_ texts: [String]) throws -> [String] {
        let output = try Self.run([python, "-c", Self.program], input: texts.map { $0 + "\n" }.joined())
        return output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    private static func cacheDirectory() throws -> String {
        var directory = URL(filePath: #filePath).deletingLastPathComponent()
        while directory.path != "/" {
            let build = directory.appending(path: ".build").path
            if FileManager.default.isWritableFile(atPath: build) { return build }
            directory.deleteLastPathComponent()
        }
        return NSTemporaryDirectory()
    }

    /// Runs a command to its end and returns what it wrote. Files, not pipes: they never fill.
    @discardableResult
    private static func run(_ command: [String], input: String = "") throws -> String {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "dripline-rfc8785-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (inputFile, outputFile) = (scratch.appending(path: "in"), scratch.appending(path: "out"))
        try Data(input.utf8).write(to: inputFile)
        try Data().write(to: outputFile)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        let output = try FileHandle(forWritingTo: outputFile)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
        guard process.terminationStatus == 0 else {
            throw Unavailable(description: "`\(command.prefix(4).joined(separator: " "))…` failed: \(text.suffix(600))")
        }
        return text
    }
}
