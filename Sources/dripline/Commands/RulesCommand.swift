import ArgumentParser
import Canonical
import Projections

struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract:
            "List the rules that a clinic's record is judged by: what each asks, looks at and cites, and the policy values it goes by.")

    @Flag(help: "As one JSON object.") var json = false

    func run() async throws {
        Terminal.print(json ? RuleSet.json.canonical : RuleSet.text(style: Terminal.style, width: Terminal.width))
    }
}
