import Canonical
import Foundation
import TestSupport
import Testing

@Suite struct ConfigCommandTests {
    private func run(
        _ arguments: [String], environment: [String: String] = [:], file: String? = nil
    ) async throws -> DriplineCommand.Result {
        try await TemporaryDirectory.with { directory in
            var arguments = ["config", "check"] + arguments
            if let file {
                let path = directory + "/dripline.json"
                try Data(file.utf8).write(to: URL(filePath: path))
                arguments += ["--config", path]
            }
            return try await DriplineCommand(environment: environment, directory: directory).run(arguments)
        }
    }

    @Test func itPrintsEveryValueWithItsSource() async throws {
        let result = try await run(
            ["--listen", "127.0.0.1:9000", "--set", "limits.requests=7"], environment: ["DRIPLINE_LIMITS_STREAMS": "8"],
            file: #"{"limits":{"streams":9,"connections":10}}"#)
        #expect(result.exitCode == 0, "\(result.errors)")
        let lines = result.lines
        #expect(lines.contains("listen = 127.0.0.1:9000   (flag)"))
        #expect(lines.contains("limits.requests = 7   (flag)"))
        #expect(lines.contains("limits.streams = 8   (environment, DRIPLINE_LIMITS_STREAMS)"))
        #expect(lines.contains { $0.hasPrefix("limits.connections = 10   (file, ") && $0.hasSuffix("dripline.json)") })
        #expect(lines.contains("limits.header_fields = 100   (default)"))
        #expect(lines.contains("tls.certificate = (not set)   (default)"))
    }

    @Test func secretsAreHidden() async throws {
        let url = "postgres://service:hush-hush@db.example.org/clinic"
        for arguments in [[], ["--json"]] {
            let result = try await run(arguments, environment: ["DRIPLINE_DATABASE": url])
            #expect(result.exitCode == 0)
            #expect(!result.output.contains("hush") && !result.errors.contains("hush"))
            #expect(result.output.contains("db.example.org"))
        }
    }

    @Test func whatServeWouldRefuseIsRefused() async throws {
        let cases: [([String], [String: String], String?, String)] = [
            (["--listen", "0.0.0.0:80"], [:], nil, "--tls-certificate"), (["--set", "nothing=1"], [:], nil, "nothing is no setting"),
            (["--set", "nothing"], [:], nil, "KEY=VALUE"), ([], ["DRIPLINE_LIMITS_REQUESTS": "0"], nil, "DRIPLINE_LIMITS_REQUESTS"),
            ([], [:], #"{"limit":{}}"#, "limit is no setting"), ([], [:], "{", "is not valid JSON"),
            (["--only", "all"], [:], nil, "all is no part"),
            (["--trust-proxy", "10.0.0.1/8"], [:], nil, "proxy.trust"), (["--tls-key", "k"], [:], nil, "go together"),
            (["--openid", "/nowhere.json"], [:], nil, "cannot be read"),
        ]
        for (arguments, environment, file, expected) in cases {
            let result = try await run(arguments, environment: environment, file: file)
            #expect(result.exitCode == 2, "\(arguments) \(file ?? "")")
            #expect(result.errors.contains(expected), "\(result.errors)")
            #expect(result.output == "")
        }
    }

    @Test func aMisspeltVariableIsPointedOut() async throws {
        let result = try await run([], environment: ["DRIPLINE_LISTNE": "127.0.0.1:1"])
        #expect(result.exitCode == 0 && result.errors.contains("DRIPLINE_LISTNE"))
    }
}
