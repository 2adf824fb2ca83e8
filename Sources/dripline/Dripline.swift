import ArgumentParser
import Foundation

@main
struct Dripline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dripline",
        abstract: "The event-sourced clinical record of infusion clinics.",
        discussion: """
            With no database given, Dripline runs a private PostgreSQL in its data directory. --database, or the usual PG* variables, point it at a \
            server.

            Exit codes: 0 done; 1 the answer is no (verification failed, findings with --fail-on); 2 bad usage or input; 3 the database cannot be \
            reached.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Run:", subcommands: [Serve.self, Demo.self, Migrate.self, Status.self, WitnessCommand.self, ConfigCommand.self]),
            CommandGroup(name: "Let in:", subcommands: [UserCommand.self, TokenCommand.self]),
            CommandGroup(name: "Record:", subcommands: [Append.self, Import.self, Simulate.self]),
            CommandGroup(
                name: "Read:",
                subcommands: [
                    Events.self, AccessCommand.self, PatientsCommand.self, ChartCommand.self, SessionsCommand.self, SessionCommand.self,
                    ComplianceCommand.self,
                    RulesCommand.self, ReportCommand.self, AuditCommand.self,
                ]),
            CommandGroup(
                name: "Keep:",
                subcommands: [
                    ProjectionsCommand.self, RebuildCommand.self, Verify.self, CheckpointCommand.self, Prove.self, Keys.self, Export.self,
                    Erase.self, Scrub.self,
                ]),
        ])

    /// ArgumentParser's own exit codes differ from ours, so the exit is made here.
    static func main() async {
        // A reader that goes away (`| head`) ends the output, not the program with a signal.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Terminal.complain("Error: " + failure.message)
            Foundation.exit(failure.code)
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch {
            guard exitCode(for: error) != .success else { exit(withError: error) }
            Terminal.complain(fullMessage(for: error))
            Foundation.exit(2)
        }
    }
}
