import Foundation
import TestSupport
import Testing

/// The runner of whole processes that the tests of the command stand on, tried with a shell.
struct CommandRunnerTests {
    private let shell = DriplineCommand(environment: ["GIVEN": "yes"], program: "/bin/sh")

    @Test func outputsAndExitCodeAreKept() async throws {
        let result = try await shell.run(["-c", "cat; echo \"$GIVEN ${PGHOST-none} $PWD\"; echo wrong >&2; exit 3"], input: "in\n")
        #expect(result.exitCode == 3 && result.signal == nil)
        #expect(result.lines == ["in", "yes none /tmp"])
        #expect(result.errors == "wrong\n")
    }

    @Test func signalsReachIt() async throws {
        let running = try shell.start(["-c", "trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.1; done"])
        try await running.waitForOutput(containing: "ready")
        running.send(signal: SIGINT)
        let result = try await running.result()
        #expect(result.exitCode == 5 && result.lines == ["ready", "caught"])
    }

    @Test func aSignalThatEndsItIsNamed() async throws {
        let running = try shell.start(["-c", "echo ready; exec sleep 600"])
        try await running.waitForOutput(containing: "ready")
        running.send(signal: SIGKILL)
        let result = try await running.result()
        #expect(result.exitCode == nil && result.signal == SIGKILL)
    }

    @Test func theTimeLimitEndsIt() async throws {
        let error = await #expect(throws: DriplineCommand.Failed.self) {
            try await shell.run(["-c", "echo begun; exec sleep 600"], timeLimit: .milliseconds(500))
        }
        #expect(error?.description.contains("no end within") == true)
    }

    @Test func aWaitForWordsEndsWithTheProcess() async throws {
        let running = try shell.start(["-c", "echo other"])
        await #expect(throws: DriplineCommand.Failed.self) { try await running.waitForOutput(containing: "never") }
    }

    /// No descriptor of ours may reach a child: it would hold locks, and pipes would never end.
    @Test func nothingOpenIsHandedOn() async throws {
        let result = try await shell.run(["-c", "ls /proc/self/fd | wc -l"])
        // The three, and the listing's own.
        #expect(result.lines.first.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } == 4)
    }
}
