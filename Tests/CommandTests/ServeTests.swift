import Canonical
import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// `serve`, other commands beside it, and how they end.
@Suite(.timeLimit(.minutes(10))) struct ServeTests {
    private func get(_ url: String, token: String? = nil) async throws -> (status: Int, json: JSON) {
        guard let url = URL(string: url) else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, try JSON.parse(data))
    }

    @Test func otherCommandsShareTheServersDatabase() async throws {
        try await Workplace.with { place in
            let (running, base) = try await place.serve()
            #expect(try await place.run("import", "-", input: Requests.file()).exitCode == 0)
            let follow = try place.start("events", "--clinic", "willow", "--follow", "--after", "5")
            let append = try await place.run("append", "--clinic", "willow", "--actor", "n.nurse", input: Requests.vitals(80).canonical)
            #expect(append.exitCode == 0 && append.output.contains("position 6"))
            let token = try await place.token("n.nurse", role: "nurse")
            let address = "\(base)/v1/clinics/willow/patients/\(Requests.patient)/chart?min_position=6"
            var chart = try await get(address, token: token)
            // A read waits 5 s for its position; the first tables of a busy machine may take longer.
            for _ in 0..<10 where chart.status != 200 { chart = try await get(address, token: token) }
            #expect(chart.status == 200 && chart.json["sessions"]?.asArray.count == 1)
            #expect(try await place.run("chart", "--clinic", "willow", "Reed").exitCode == 0)
            try await follow.waitForOutput(containing: "\"position\":6")

            // What is posted is seen by the follower too.
            var request = URLRequest(url: try #require(URL(string: "\(base)/v1/clinics/willow/events")))
            request.httpMethod = "POST"
            request.httpBody = Data(Requests.vitals(81).canonical.utf8)
            request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
            let (_, response) = try await URLSession.shared.data(for: request)
            #expect((response as? HTTPURLResponse)?.statusCode == 201)
            try await follow.waitForOutput(containing: "\"position\":7")
            follow.send(signal: SIGINT)
            let followed = try await follow.result()
            #expect(followed.exitCode == 0 && followed.errors == "")
            #expect(try followed.json.compactMap { $0["position"]?.asInt } == [6, 7])

            #expect(place.server != nil)
            running.send(signal: SIGTERM)
            let result = try await running.result()
            #expect(result.exitCode == 0 && result.errors == "" && result.output.hasSuffix("Stopped.\n"))
            #expect(place.server == nil)
        }
    }

    @Test func itStopsOnSIGINTAndLeavesNothing() async throws {
        try await Workplace.with { place in
            let (running, base) = try await place.serve()
            #expect(try await get("\(base)/healthz").status == 200)
            running.send(signal: SIGINT)
            let result = try await running.result()
            #expect(result.exitCode == 0 && result.errors == "")
            #expect(place.server == nil)
        }
    }

    @Test func aTakenPortIsExplained() async throws {
        try await Workplace.with { place in
            let (running, base) = try await place.serve()
            let port = try #require(base.split(separator: ":").last)
            let second = try await place.run("serve", "--listen", "127.0.0.1:\(port)")
            #expect(second.exitCode == 2)
            #expect(second.errors.contains("127.0.0.1:\(port)") && second.errors.contains("in use"), "\(second.errors)")
            #expect(try await get("\(base)/healthz").status == 200)
            running.send(signal: SIGINT)
            _ = try await running.result()
        }
    }

    @Test func afterAKillTheNextCommandTakesOver() async throws {
        try await Workplace.with { place in
            let (running, base) = try await place.serve()
            #expect(try await place.run("import", "-", input: Requests.file()).exitCode == 0)
            // Its tables are made in the background.
            while try await get("\(base)/readyz").status != 200 { try await Task.sleep(for: .milliseconds(50)) }
            running.send(signal: SIGKILL)
            #expect(try await running.result().signal == SIGKILL)
            #expect(place.server != nil)
            let status = try await place.run("verify", "--clinic", "willow")
            #expect(status.exitCode == 0 && status.output.contains("5 events"))
            #expect(place.server == nil)

            // The same with the database killed too.
            let (again, _) = try await place.serve()
            let server = try #require(place.server)
            again.send(signal: SIGKILL)
            _ = try await again.result()
            kill(server, SIGKILL)
            #expect(try await place.run("verify", "--clinic", "willow").exitCode == 0)
        }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aCommandThatIsCutOffStopsItsServer(_ signal: Int32) async throws {
        try await Workplace.with { place in
            // Long enough to be cut off; the same lines again are only repeats.
            let pipe = place.directory + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            let running = try place.start("import", pipe)
            let writer = try FileHandle(forWritingTo: URL(filePath: pipe))
            try writer.write(contentsOf: Data(Requests.file().utf8))
            running.send(signal: signal)
            // The line that it waits for ends its waiting.
            try? writer.write(contentsOf: Data("\n".utf8))
            try writer.close()
            let result = try await running.result()
            #expect(result.exitCode == 128 + signal || result.exitCode == 0, "\(result)")
            #expect(place.server == nil)
        }
    }

    @Test func aReaderThatGoesAwayIsNoError() async throws {
        try await Workplace.with { place in
            #expect(try await place.run("import", "-", input: Requests.file()).exitCode == 0)
            let binary = try DriplineCommand.path()
            for arguments in ["events --clinic willow", "chart --clinic willow Reed", "status"] {
                let shell = Process()
                shell.executableURL = URL(filePath: "/bin/bash")
                shell.arguments = [
                    "-c",
                    "set -o pipefail; '\(binary)' \(arguments) --data '\(place.data)' 2>'\(place.directory)/errors' | head -n 1 >/dev/null",
                ]
                let ended = AsyncStream.makeStream(of: Int32.self)
                shell.terminationHandler = { ended.continuation.yield($0.terminationStatus) }
                try shell.run()
                for await code in ended.stream {
                    #expect(code == 0)
                    break
                }
                #expect(try String(contentsOfFile: place.directory + "/errors", encoding: .utf8) == "")
                #expect(place.server == nil)
            }
        }
    }
}
