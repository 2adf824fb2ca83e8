public import ArgumentParser
import Canonical
import Foundation
import Ledger
public import Projections
import Service

struct ComplianceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compliance",
        abstract: "Print what the rules say of a clinic's sessions: the matrix, and each finding with its deciding events.",
        discussion: "With --fail-on, the exit code is 1 when a verdict of that kind is found.")

    @OptionGroup var clinic: ClinicOption
    @Option(help: ArgumentHelp("Only this session.", valueName: "id")) var session: IdentifierArgument?
    @Option(help: ArgumentHelp("Only this rule, e.g. M1.", valueName: "id")) var rule: String?
    @Option(help: ArgumentHelp("Only this verdict: pass, fail, overridden, not_applicable or indeterminate.", valueName: "verdict"))
    var verdict: Verdict?
    @Option(help: ArgumentHelp("As the log stood at this position.", valueName: "n")) var position: Int64?
    @Option(help: ArgumentHelp("Exit with 1 when this verdict is found.", valueName: "verdict")) var failOn: Verdict?
    @Flag(help: "JSON lines, one a verdict.") var json = false
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        if let rule, RuleSet.rule(rule) == nil {
            throw ValidationError("There is no rule \(rule); there are \(RuleSet.rules.map(\.id).joined(separator: ", ")).")
        }
        if let position, position < 0 { throw ValidationError("--position is from 0.") }
    }

    func run() async throws {
        try await options.run { database in
            let log = try await clinic.knownLog(in: database)
            try await database.projector.catchUp()
            let query = ComplianceQuery(session: session?.id, rule: rule, verdict: verdict)
            let judgements =
                if let position {
                    try await database.ledger.judgements(of: log.clinic, query, position: position)
                } else {
                    try await database.ledger.judgements(of: log.clinic, query)
                }
            if json {
                for judgement in judgements { Terminal.print(judgement.json.canonical) }
            } else {
                let view = ComplianceView(judgements, names: try await Self.names(clinic: log.clinic, in: database))
                Terminal.print(view.text(style: Terminal.style, width: Terminal.width))
            }
            if let failOn, judgements.contains(where: { $0.verdict == failOn }) { throw ExitCode(1) }
        }
    }

    static func names(clinic: String, in database: Database) async throws -> [UUID: String] {
        let patients = try await database.ledger.patients(matching: "", clinic: clinic, limit: 10_000)
        return Dictionary(patients.map { ($0.id, ($0.given + [$0.family ?? ""]).joined(separator: " ")) }) { first, _ in first }
    }
}

extension Verdict: ExpressibleByArgument {}
