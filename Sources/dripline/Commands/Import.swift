import ArgumentParser
import Canonical
import Clinic
import Ledger
import Service

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Record many requests from files of JSON lines.",
        discussion: """
            Each line is a request as for append, with "clinic" and "actor", and "charted_at" where the source system says when it was entered. \
            Lines that are refused are reported with their number and left out; the others go in. Running the same files again is safe.

            With --fhir-patients, the lines of one file are FHIR R4 Patient resources (NDJSON, as of a bulk export). New patients are registered; of \
            those that were imported before, what the source has changed since is recorded. Names, identifiers, addresses, contacts, birth date, \
            sex and death are kept.
            """)

    @Flag(help: "Report as JSON.") var json = false
    @OptionGroup var options: DatabaseOptions
    @Option(
        help: ArgumentHelp(
            "Patients as FHIR R4 resources, one a line; - for standard input. Needs --clinic and --actor.", valueName: "file"))
    var fhirPatients: String?
    @Option(help: ArgumentHelp("The clinic that the patients come to.", valueName: "name")) var clinic: String?
    @Option(help: ArgumentHelp("The staff handle that registers them.", valueName: "handle")) var actor: String?
    @Argument(help: "Files, in the order in which they are to be recorded; - for standard input.") var files: [String] = []

    func validate() throws {
        guard fhirPatients != nil else {
            guard clinic == nil, actor == nil else {
                throw ValidationError("Each line names its clinic and actor: leave out --clinic and --actor.")
            }
            guard !files.isEmpty else { throw ValidationError("Give the files to import, or --fhir-patients.") }
            return
        }
        guard files.isEmpty else { throw ValidationError("Give files or --fhir-patients, not both.") }
        guard let clinic, actor != nil else { throw ValidationError("--fhir-patients needs --clinic and --actor.") }
        guard LogName(clinic: clinic) != nil else { throw ValidationError("A clinic's name is 1 to 63 of a-z, 0-9 and -.") }
    }

    func run() async throws {
        try await options.run { database in
            let report = try await report(database.recorder) { report in
                Terminal.progress("\(Terminal.grouped(report.lines)) lines, \(Terminal.grouped(report.refused.count)) refused")
            }
            Terminal.endProgress()
            Terminal.print(json ? report.json.canonical : report.text)
            if !report.refused.isEmpty { throw ExitCode(2) }
        }
    }

    private func report(
        _ recorder: Recorder, progress: @escaping @Sendable (Importer.Report) -> Void
    ) async throws -> Importer.Report {
        guard let fhirPatients, let actor, let log = clinic.flatMap({ LogName(clinic: $0) }) else {
            return try await Importer(recorder).run(files, progress: progress)
        }
        return try await FHIRImporter(recorder, log: log, actor: actor).run(fhirPatients, progress: progress)
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
