import ArgumentParser
import Canonical
import Ledger
import Projections
import Service

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Replay a clinic's record from its stored bytes and report what holds, what fails, and on which events that rests.",
        discussion: """
            The same positions give the same bytes: run again, on another machine, or from an export of them. The report names the last \
            signed checkpoint within them and the witnesses that have cosigned it so far; an export carries the one of its own end. Without --position both logs are read to \
            their ends of one moment, and the report names them. With --from and --to: sessions that took place on these days, and other streams \
            where something occurred then.

            The report holds clinical content. Exit code 1 when --fail-on finds its verdict, or a log is not intact.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case markdown, json
    }

    @OptionGroup var clinic: ClinicOption
    @Option(help: ArgumentHelp("The first day, UTC, such as 2026-02-01.", valueName: "date")) var from: DateArgument?
    @Option(help: ArgumentHelp("The last day, UTC, inclusive.", valueName: "date")) var to: DateArgument?
    @OptionGroup var positions: PositionOptions
    @Option(help: ArgumentHelp("Write the report to this file, whole or not at all (default: standard output).", valueName: "file"))
    var out: String?
    @Option(help: "markdown or json.") var format = Format.markdown
    @Option(help: ArgumentHelp("Read an export, not a database.", valueName: "dir")) var export: String?
    @Option(help: ArgumentHelp("Exit with 1 when this verdict is found.", valueName: "verdict")) var failOn: Verdict?
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        if let from, let to, from.date > to.date { throw ValidationError("--from is after --to.") }
        if export != nil, options.database != nil || options.data != nil {
            throw ValidationError("Give --export or a database, not both.")
        }
    }

    func run() async throws {
        if let export {
            do {
                let logs = try LogSources(export: export, clinic: clinic.log.clinic)
                try await Interruption.aborts.run { try await report(on: logs) }
            } catch let code as ExitCode {
                throw code
            } catch {
                throw Failure(error)
            }
        } else {
            try await options.run { database in
                let log = try await clinic.knownLog(in: database)
                try await seal(database)
                try await database.ledger.withSnapshot(of: log.clinic) { try await report(on: $0) }
            }
        }
    }

    /// Signs what is there, so that the report names a checkpoint up to where it reads. A log that cannot be sealed is reported as it is.
    private func seal(_ database: Database) async throws {
        guard try database.signingKeys() != nil else { return }
        do { try await database.sealing().catchUp() } catch let error as SealError { Terminal.complain("\(error)") }
    }

    private func report(on logs: LogSources) async throws {
        let bounds = try await logs.bounds(record: positions.position, access: positions.accessPosition)
        let scope = AuditScope(clinic: logs.clinic, from: from?.date, to: to?.date, bounds: bounds)
        let audit = try await Audit.run(logs, scope: scope) { progress in
            let share = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 1
            let what = progress.phase == .verifying ? "events" : "streams"
            Terminal.progress(
                "\(progress.phase.rawValue) \(Terminal.bar(share)) \(Terminal.grouped(progress.done)) of \(Terminal.grouped(progress.total)) \(what)"
            )
        }
        Terminal.endProgress()
        if let out {
            var file = try DurableFile(path: out)
            write(audit, to: &file)
            try file.commit()
            Terminal.complain("\(out): \(audit.summary)")
        } else {
            var output = TerminalStream()
            write(audit, to: &output)
        }
        if !audit.isIntact || failOn.map(audit.found) == true { throw ExitCode(1) }
    }

    private func write(_ audit: Audit, to out: inout some TextOutputStream) {
        switch format {
        case .markdown: audit.writeMarkdown(to: &out)
        case .json: audit.writeJSON(to: &out)
        }
    }
}

/// Standard output as a stream of text, in pieces of some size.
private struct TerminalStream: TextOutputStream {
    private var lines = ""

    mutating func write(_ string: String) {
        lines += string
        // What is left for the end of the program is never more than the last line.
        guard let end = lines.lastIndex(of: "\n"), lines.utf8.count > 1 << 16 || string.hasSuffix("\n") else { return }
        Terminal.print(String(lines[..<end]))
        lines = String(lines[lines.index(after: end)...])
    }
}
