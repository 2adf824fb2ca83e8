import TestSupport
import Testing

/// Wrong usage: exit code 2, and a message that says what to do. None of it needs a database.
@Suite struct UsageTests {
    private let command = DriplineCommand()

    @Test(arguments: [
        (["nonsense"], "nonsense"), (["chart", "x"], "--clinic"), (["chart", "--clinic", "Bad Name", "x"], "clinic's name"),
        (["chart", "--clinic", "c"], "<patient>"), (["chart", "--clinic", "c", "x", "--at", "yesterday"], "--at"),
        (["chart", "--clinic", "c", "x", "--position", "-1"], "--position"), (["session", "--clinic", "c", "x"], "UUID"),
        (["events", "--clinic", "c", "--type", "Nothing"], "VitalsRecorded"), (["events", "--clinic", "c", "--stream", "x"], "--stream"),
        (["events", "--clinic", "c", "--limit", "0"], "--limit"), (["events", "--clinic", "c", "--after", "-1"], "--after"),
        (["compliance", "--clinic", "c", "--rule", "Z9"], "M1"), (["compliance", "--clinic", "c", "--verdict", "maybe"], "indeterminate"),
        (["rebuild", "--jobs", "0"], "--jobs"), (["import"], "<files>"), (["append", "--clinic", "c"], "--actor"),
        (["status", "--database", "x", "--data", "y"], "not both"), (["status", "--database", "nonsense"], "postgres://"),
        (["serve", "--listen", "0.0.0.0:8462"], "--behind-proxy"), (["serve", "--listen", "example.org:80"], "ADDRESS:PORT"),
        (["serve", "--listen", "nonsense"], "ADDRESS:PORT"), (["sessions", "--clinic", "c", "--phase", "asleep"], "recovering"),
        (["sessions", "--clinic", "c", "--known-at", "later"], "--known-at"), (["patients", "--clinic", "c", "--limit", "0"], "--limit"),
        (["chart", "--clinic", "c", "x", "--diff", "5"], "two points"),
        (["chart", "--clinic", "c", "x", "--diff", "9", "5"], "after the second"),
        (["session", "--clinic", "c", "00000000-0000-4000-8000-000000000002", "--diff", "1", "soon"], "soon"),
        (["chart", "--clinic", "c", "x", "--position", "4", "--diff", "1", "2"], "leave out --position"),
        (["events", "--clinic", "c", "--follow", "--position", "4"], "--follow"),
    ])
    func wrongUsageIsExplained(_ arguments: [String], _ word: String) async throws {
        let result = try await command.run(arguments)
        #expect(result.exitCode == 2)
        #expect(result.output == "")
        #expect(result.errors.hasPrefix("Error: ") && result.errors.contains(word), "\(result.errors)")
    }

    @Test(arguments: [
        ["--help"], ["help"], [], ["--version"], ["help", "serve"], ["demo", "--help"], ["migrate", "--help"], ["status", "--help"],
        ["append", "--help"], ["import", "--help"], ["events", "--help"], ["chart", "--help"], ["session", "--help"],
        ["sessions", "--help"], ["patients", "--help"],
        ["compliance", "--help"], ["projections", "--help"], ["rebuild", "--help"], ["verify", "--help"],
    ])
    func helpIsNoError(_ arguments: [String]) async throws {
        let result = try await command.run(arguments)
        #expect(result.exitCode == 0 && result.errors == "" && !result.output.isEmpty)
    }

    @Test(arguments: ["postgres://nobody@127.0.0.1:1/none", "postgres://nobody:secret@localhost:1/none?connect_timeout=2"])
    func aDatabaseThatCannotBeReachedIsExitCode3(_ url: String) async throws {
        for arguments in [["status"], ["migrate"], ["serve", "--listen", "127.0.0.1:0"], ["verify", "--clinic", "c"]] {
            let result = try await command.run(arguments + ["--database", url])
            #expect(result.exitCode == 3 && result.output == "")
            #expect(result.errors.contains("cannot be reached") && !result.errors.contains("secret"), "\(result.errors)")
        }
    }

    @Test func theUsualVariablesNameTheDatabase() async throws {
        let command = DriplineCommand(environment: ["PGHOST": "127.0.0.1", "PGPORT": "1", "PGUSER": "nobody"])
        let result = try await command.run(["status"])
        #expect(result.exitCode == 3 && result.errors.contains("127.0.0.1"))
    }
}
