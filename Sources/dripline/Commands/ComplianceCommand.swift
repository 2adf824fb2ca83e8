public import ArgumentParser
import Canonical
import Clinic
import Foundation
import Ledger
public import Projections
import Service

struct ComplianceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compliance",
        abstract: "Print what the rules say of a clinic's record: the matrix, and each finding with its deciding events.",
        discussion: """
            As corrected now; or as known then, with --position, --access-position and --known-at, which leave out what was recorded later, and --at, \
            which leaves out what happened later. They may be combined.

            With --diff, which verdicts corrections, late entries and deadlines have changed between two points, and which event did it. A point is a \
            position of the record, or a time. A1 verifies the logs as they are stored now; it is left out where other rules or a session are asked \
            for. With --fail-on, the exit code is 1 when a verdict of that kind is found.
            """)

    @OptionGroup var clinic: ClinicOption
    @Option(help: ArgumentHelp("Only this session.", valueName: "id")) var session: IdentifierArgument?
    @Option(help: ArgumentHelp("Only this rule, e.g. M1.", valueName: "id")) var rule: String?
    @Option(help: ArgumentHelp("Only this verdict: pass, fail, overridden, not_applicable or indeterminate.", valueName: "verdict"))
    var verdict: Verdict?
    @Option(help: ArgumentHelp("What had occurred by this time, with what is known of it now.", valueName: "time")) var at: TimeArgument?
    @Option(help: ArgumentHelp("What had been recorded by this time.", valueName: "time")) var knownAt: TimeArgument?
    @Option(help: ArgumentHelp("As the record stood at this position.", valueName: "n")) var position: Int64?
    @Option(
        help: ArgumentHelp(
            "As the access log stood at this position (default: where it stood when the record was at --position).", valueName: "n"))
    var accessPosition: Int64?
    @Option(parsing: .upToNextOption, help: ArgumentHelp("What changed between two points, each a position or a time.", valueName: "point"))
    var diff: [String] = []
    @Option(help: ArgumentHelp("Exit with 1 when this verdict is found.", valueName: "verdict")) var failOn: Verdict?
    @Flag(help: "JSON lines, one a verdict or a change.") var json = false
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        if let rule, RuleSet.rule(rule) == nil {
            throw ValidationError("There is no rule \(rule); there are \(RuleSet.rules.map(\.id).joined(separator: ", ")).")
        }
        if let position, position < 0 { throw ValidationError("--position is from 0.") }
        if let accessPosition, accessPosition < 0 { throw ValidationError("--access-position is from 0.") }
        guard !diff.isEmpty else { return }
        guard position == nil, accessPosition == nil, knownAt == nil else {
            throw ValidationError("--diff names its own points: leave out --position, --access-position and --known-at.")
        }
        _ = try points()
    }

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database)
            try await database.projector.catchUp()
            let query = ComplianceQuery(session: session?.id, rule: rule, verdict: verdict)
            if diff.isEmpty { try await verdicts(query, log, database) } else { try await changes(query, log, database) }
        }
    }

    private func verdicts(_ query: ComplianceQuery, _ log: LogName, _ database: Database) async throws {
        let bounds = AsOf(record: position, access: accessPosition, knownAt: knownAt?.time, at: at?.time)
        var judgements =
            bounds == AsOf()
            ? try await database.ledger.judgements(of: log.clinic, query)
            : try await database.ledger.judgements(of: log.clinic, query, asOf: bounds)
        if session == nil, rule == nil || rule == LogIntegrity().id {
            judgements += try await Self.integrity(log.clinic, in: database).filter { verdict == nil || $0.verdict == verdict }
        }
        if json {
            for judgement in judgements { Terminal.print(judgement.json.canonical) }
        } else {
            let view = ComplianceView(judgements, names: try await Self.names(clinic: log.clinic, in: database))
            Terminal.print(view.text(style: Terminal.style, width: Terminal.width))
        }
        if let failOn, judgements.contains(where: { $0.verdict == failOn }) { throw ExitCode(1) }
    }

    private func changes(_ query: ComplianceQuery, _ log: LogName, _ database: Database) async throws {
        let (from, to) = try points()
        let found = try await database.ledger.verdictChanges(of: log.clinic, query, from: from, to: to)
        if json {
            for change in found.changes { Terminal.print(change.json.canonical) }
        } else {
            let title = "\(log.clinic), as known at \(diff[0]) and at \(diff[1])"
            let names = try await Self.names(clinic: log.clinic, in: database)
            Terminal.print(found.text(title, names: names, style: Terminal.style, width: Terminal.width))
        }
        if let failOn, found.changes.contains(where: { $0.after.verdict == failOn }) { throw ExitCode(1) }
    }

    private func points() throws -> (AsOf, AsOf) {
        guard diff.count == 2 else { throw ValidationError("--diff takes two points, such as --diff 120 240.") }
        let points = try diff.map { text in
            if let position = Int64(text), position >= 0 { return AsOf(record: position, at: at?.time) }
            if let time = Timestamp(rfc3339: text) { return AsOf(knownAt: time, at: at?.time) }
            throw ValidationError("--diff \(text): a point is a position from 0, or a time with an offset such as 2026-11-22T15:30:00Z.")
        }
        if let first = points[0].record, let second = points[1].record, first > second {
            throw ValidationError("--diff \(first) \(second): the first point must not lie after the second.")
        }
        if let first = points[0].knownAt, let second = points[1].knownAt, first > second {
            throw ValidationError("--diff \(diff[0]) \(diff[1]): the first point must not lie after the second.")
        }
        return (points[0], points[1])
    }

    /// A1, by verifying both logs.
    static func integrity(_ clinic: String, in database: Database) async throws -> [Judgement] {
        let judgements = try await database.ledger.integrity(of: clinic) { log, done, all in
            Terminal.progress("verifying \(log) \(Terminal.bar(all > 0 ? Double(done) / Double(all) : 1)) \(Terminal.grouped(done)) events")
        }
        Terminal.endProgress()
        return judgements
    }

    static func names(clinic: String, in database: Database) async throws -> [UUID: String] {
        let patients = try await database.ledger.patients(matching: "", clinic: clinic, limit: 10_000)
        return Dictionary(patients.map { ($0.id, ($0.given + [$0.family ?? ""]).joined(separator: " ")) }) { first, _ in first }
    }
}

extension Verdict: ExpressibleByArgument {}
