import Canonical
import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// `user` and `token`, and the link of the first start.
@Suite struct UserCommandTests {
    private let password = "plum tart with cream"

    @Test func accountsAreMadeChangedAndListed() async throws {
        try await Workplace.with { place async throws in
            #expect(try await place.run("import", "-", input: Requests.file()).exitCode == 0)
            func user(_ command: String, _ staff: String, _ more: String..., input: String = "") async throws -> DriplineCommand.Result {
                try await place.command.run(
                    ["user", command, "--clinic", "willow", "--staff", staff, "--data", place.data] + more, input: input)
            }
            #expect(try await user("add", "n.nurse", input: password + "\n").exitCode == 0)
            for (staff, input, said) in [
                ("n.nurse", password, "already"), ("f.desk", "short", "at least 12"), ("f.desk", "", "empty"),
                ("stranger", password, "enrolled"),
                ("f.desk", "Password1234", "everybody"),
            ] {
                let refused = try await user("add", staff, input: input + "\n")
                #expect(refused.exitCode == 2 && refused.errors.contains(said), "\(refused.errors)")
            }
            // Other users of the machine can read command lines.
            #expect(try await user("add", "f.desk", "--password", password).exitCode == 2)
            #expect(try await user("add", "f.desk", "--no-password").exitCode == 0)
            #expect(try await user("passwd", "f.desk", input: "a cheese and a pear\n").exitCode == 0)
            #expect(try await user("disable", "f.desk").exitCode == 0)
            #expect(try await user("sessions", "n.nurse", "--end-all").output == "0 sessions ended.\n")
            let listed = try await place.run("user", "list", "--json").json
            #expect(listed.map { $0["staff"]?.asString } == ["f.desk", "n.nurse"])
            #expect(listed.map { $0["disabled_at"] != nil } == [true, false])
            #expect(try await user("enable", "f.desk").exitCode == 0)
            let codes = try await user("totp", "n.nurse", input: "000000\n")
            #expect(codes.exitCode == 2 && codes.output.hasPrefix("otpauth://totp/Dripline:n.nurse%40willow?secret="))
            #expect(try await user("totp", "n.nurse", "--off").exitCode == 0)
        }
    }

    @Test func tokensAreShownOnceAndRevoked() async throws {
        try await Workplace.with { place async throws in
            #expect(try await place.run("import", "-", input: Requests.file()).exitCode == 0)
            let first = try await place.run("token", "new", "--staff", "n.nurse", "--role", "nurse", "--expires", "30d", "--name", "pump")
            #expect(first.exitCode == 0 && first.output.hasPrefix("dripline_token_"), "\(first.errors)")
            // The only account that holds the role.
            #expect(try await place.run("token", "new", "--role", "nurse", "--expires", "12h").exitCode == 0)
            for arguments in [
                ["--role", "nurse", "--expires", "0d"], ["--role", "nurse", "--expires", "400d"], ["--role", "surgeon", "--expires", "1d"],
                ["--expires", "1d"], ["--role", "prescriber", "--expires", "1d"],
                ["--role", "administrator", "--staff", "n.nurse", "--expires", "1d"],
            ] {
                #expect(try await place.command.run(["token", "new", "--data", place.data] + arguments).exitCode == 2, "\(arguments)")
            }
            let listed = try await place.run("token", "list", "--json")
            #expect(try listed.json.map { $0["name"]?.asString } == ["pump", "token"])
            #expect(!listed.output.contains("dripline_token_"))
            let id = try #require(try listed.json.first?["token"]?.asString)
            #expect(try await place.run("token", "revoke", id).exitCode == 0)
            #expect(try await place.run("token", "revoke", id).exitCode == 2)
        }
    }

    @Test func theFirstStartPrintsALinkThatWorksOnce() async throws {
        try await Workplace.with { place async throws in
            let (running, base) = try await place.serve()
            try await running.waitForOutput(containing: "/setup?token=dripline_setup_")
            let start = try #require(running.output.range(of: "token=dripline_setup_"))
            let token = running.output[start.lowerBound...].dropFirst("token=".count).prefix { !$0.isWhitespace }
            var request = URLRequest(url: try #require(URL(string: "\(base)/v1/setup")))
            request.httpMethod = "POST"
            request.httpBody = Data(
                JSON.object([
                    "token": .string(String(token)), "clinic": "willow", "staff": "o.admin", "name": "Odile Admin",
                    "password": .string(password),
                ]).canonical.utf8)
            for status in [201, 403] {
                let (_, response) = try await URLSession.shared.data(for: request)
                #expect((response as? HTTPURLResponse)?.statusCode == status)
            }
            running.send(signal: SIGINT)
            _ = try await running.result()
            let (again, _) = try await place.serve()
            again.send(signal: SIGINT)
            #expect(try await !again.result().output.contains("/setup"))
        }
    }
}
