import ArgumentParser
import Canonical
import Clinic
import Service

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Record many requests from files of JSON lines.",
        discussion: """
            Each line is a request as for append, with "clinic" and "actor", and "charted_at" where the source system says when it was entered. \
            Lines that are refused are reported with their number and left out; the others go in. Running the same files again is safe.
            """)

    @Flag(help: "Report as JSON.") var json = false
    @OptionGroup var options: DatabaseOptions
    @Argument(help: "Files, in the order in which they are to be recorded; - for standard input.") var files: [String]

    func run() async throws {
        try await options.run { database in
            let report = try await Importer(database.recorder).run(files) { report in
                Terminal.progress("\(Terminal.grouped(report.lines)) lines, \(Terminal.grouped(report.refused.count)) refused")
            }
            Terminal.endProgress()
            Terminal.print(json ? report.json.canonical : report.text)
            if !report.refused.isEmpty { throw ExitCode(2) }
        }
    }
}

extension Importer.Report {
    var text: String {
        var lines = [
            "\(Terminal.grouped(commands)) requests recorded (\(Terminal.grouped(events)) events), "
                + "\(Terminal.grouped(repeated)) were there already, \(Terminal.grouped(refused.count)) refused."
        ]
        for line in refused {
            let place = "\(line.file):\(line.line): "
            if line.problems.count == 1, line.problems[0].message == line.message {
                let pointer = line.problems[0].pointer
                lines.append("\(place)\(pointer.isEmpty ? "" : pointer + ": ")\(line.message) [\(line.code)]")
                continue
            }
            lines.append("\(place)\(line.message) [\(line.code)]")
            for problem in line.problems { lines.append("    \(problem.pointer.isEmpty ? "/" : problem.pointer): \(problem.message)") }
        }
        return lines.joined(separator: "\n")
    }

    var json: JSON {
        [
            "recorded": .number(JSONNumber(commands)), "events": .number(JSONNumber(events)), "repeated": .number(JSONNumber(repeated)),
            "refused": .array(
                refused.map { line in
                    [
                        "file": .string(line.file), "line": .number(JSONNumber(line.line)), "code": .string(line.code),
                        "message": .string(line.message),
                        "errors": .array(
                            line.problems.map { ["pointer": .string($0.pointer), "message": .string($0.message)] }),
                    ]
                }),
        ]
    }
}
