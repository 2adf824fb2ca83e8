import Canonical
import Foundation

/// PyPI's `openapi-spec-validator` and `jsonschema`: whether a document is OpenAPI 3.1, and whether answers are what its schemas say. They have
/// nothing in common with what wrote either.
struct DescriptionChecker {
    static let packages = ["openapi-spec-validator==0.9.0", "jsonschema==4.26.0", "rfc3339-validator==0.1.4"]

    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads the document's file name from its argument, and from standard input a line for each sample: `[name, pointer of a schema, value]`.
    /// Writes a line for each problem.
    private static let program = #"""
        import json, sys
        from jsonschema import Draft202012Validator, FormatChecker
        from openapi_spec_validator import OpenAPIV31SpecValidator
        from referencing import Registry, Resource
        from referencing.jsonschema import DRAFT202012
        document = json.load(open(sys.argv[1]))
        for error in OpenAPIV31SpecValidator(document).iter_errors():
            print("document:", "/".join(map(str, error.absolute_path)), error.message[:300])
        registry = Registry().with_resource("urn:api", Resource(document, DRAFT202012))
        validators = {}
        for line in sys.stdin:
            name, pointer, value = json.loads(line)
            if pointer not in validators:
                schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "urn:api#" + pointer}
                validators[pointer] = Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())
            for error in list(validators[pointer].iter_errors(value))[:5]:
                while error.context:
                    error = min(error.context, key=lambda e: -len(e.absolute_path))
                print(name + ":", "/".join(map(str, error.absolute_path)), error.message[:300])
        """#

    private let python: String

    /// Uses the copy that an earlier run installed beside the build's products, or installs it there.
    init() throws {
        let home = try Self.cacheDirectory() + "/description-checker-1"
        python = home + "/bin/python"
        if FileManager.default.isExecutableFile(atPath: python) { return }
        // Made aside and renamed when whole, so that an interrupted run leaves nothing that looks finished.
        let draft = home + "-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: draft) }
        _ = try Self.run(["python3", "-m", "venv", draft])
        _ = try Self.run(
            [draft + "/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"] + Self.packages)
        try FileManager.default.moveItem(atPath: draft, toPath: home)
    }

    /// What is wrong: with the document, and with each value that is not what the schema at a pointer into the document says.
    func problems(in document: Data, _ samples: [(name: String, pointer: String, value: JSON)]) throws -> [String] {
        let file = NSTemporaryDirectory() + "openapi-\(UUID().uuidString).json"
        try document.write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let lines = samples.map { (JSON.array([.string($0.name), .string($0.pointer), $0.value])).canonical + "\n" }.joined()
        return try Self.run([python, "-c", Self.program, file], input: lines).split(separator: "\n").map(String.init)
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

    /// Files, not pipes: they never fill.
    private static func run(_ command: [String], input: String = "") throws -> String {
        let base = NSTemporaryDirectory() + "checker-\(UUID().uuidString)"
        let (from, to, errors) = (base + ".in", base + ".out", base + ".err")
        for (path, text) in [(from, input), (to, ""), (errors, "")] { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
        defer { for path in [from, to, errors] { try? FileManager.default.removeItem(atPath: path) } }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = FileHandle(forReadingAtPath: from)
        process.standardOutput = FileHandle(forWritingAtPath: to)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
            throw Unavailable(description: "\(command.prefix(4).joined(separator: " ")) failed: \(said.suffix(600))")
        }
        return try String(contentsOfFile: to, encoding: .utf8)
    }
}
