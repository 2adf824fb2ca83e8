import Canonical
import Foundation
import TestSupport
import Testing

/// `append` and `import`.
@Suite struct RecordingCommandTests {
    @Test func importsAndAppends() async throws {
        try await Workplace.with { place in
            let empty = try await place.run("status")
            #expect(empty.exitCode == 0 && empty.output.contains("Nothing is recorded yet."))
            let unknown = try await place.run("events", "--clinic", "willow")
            #expect(unknown.exitCode == 2 && unknown.errors.contains("willow"))

            let file = try place.write("willow.jsonl", Requests.file())
            let report = try await place.run("import", file)
            #expect(report.exitCode == 0 && report.errors == "")
            #expect(report.output == "5 requests recorded (5 events), 0 were there already, 0 refused.\n")
            let again = try await place.run("import", "--json", "-", input: try String(contentsOfFile: file, encoding: .utf8))
            #expect(try again.json == [["recorded": 0, "events": 0, "repeated": 5, "refused": []]])
            try await expectRefusedLines(place)
            try await expectAppends(place)
            try await expectBothLogs(place)
            try await expectFHIRPatients(place)
        }
    }

    private func expectFHIRPatients(_ place: Workplace) async throws {
        func patient(_ family: String, _ birth: String) -> String {
            let json: JSON = [
                "resourceType": "Patient", "id": "p-1", "name": [["family": .string(family), "given": ["Ottilie"]]], "gender": "female",
                "birthDate": .string(birth), "identifier": [["value": "W-9", "type": ["coding": [["code": "MR"]]]]],
            ]
            return json.canonical + "\n"
        }
        let file = try place.write("Patient.ndjson", patient("Reed", "1980-02-29") + "\n" + patient("Reed", "1980"))
        func run(_ arguments: String..., input: String = "") async throws -> DriplineCommand.Result {
            try await place.command.run(["import", "--data", place.data] + arguments, input: input)
        }
        let first = try await run("--fhir-patients", file, "--clinic", "willow", "--actor", "f.desk")
        #expect(first.exitCode == 2 && first.lines.first == "1 requests recorded (1 events), 0 were there already, 1 refused.")
        #expect(first.lines.last?.hasPrefix("\(file):3: /birthDate: birthDate gives only a year") == true)
        let changed = try await run(
            "--json", "--fhir-patients", "-", "--clinic", "willow", "--actor", "f.desk",
            input: patient("Reed", "1980-02-29") + patient("Reed-Lind", "1980-02-29"))
        #expect(changed.exitCode == 0)
        #expect(try changed.json == [["recorded": 1, "events": 1, "repeated": 1, "refused": []]])
        let chart = try await place.run("chart", "--clinic", "willow", "W-9")
        #expect(chart.exitCode == 0 && chart.output.contains("Reed-Lind"))
        for wrong in [
            ["--fhir-patients", file], ["--fhir-patients", file, "--clinic", "willow"], ["--clinic", "willow", "--actor", "f.desk", file],
            ["--fhir-patients", file, "--clinic", "willow", "--actor", "f.desk", file], [],
        ] {
            #expect(try await place.command.run(["import", "--data", place.data] + wrong).exitCode == 2, "\(wrong)")
        }
        let stranger = try await run("--fhir-patients", file, "--clinic", "willow", "--actor", "stranger")
        #expect(stranger.exitCode == 2 && stranger.errors.contains("stranger is not enrolled at willow"))
    }

    /// What concerns an access goes to the access log, and is read and verified there.
    private func expectBothLogs(_ place: Workplace) async throws {
        let stream = "access/\(Requests.patient)"
        let before = try await place.run("verify", "--clinic", "willow")
        #expect(before.exitCode == 0 && before.lines.count == 3 && before.lines[1].hasPrefix("willow/access: intact, 0 events"))
        let read = Requests.flat(
            stream, "ChartRead", minutesAgo: 3, ["patient": .string(Requests.patient), "resource": "chart", "purpose": "treatment"])
        let recorded = try await place.run("append", "--clinic", "willow", "--actor", "n.nurse", input: read.canonical)
        #expect(recorded.exitCode == 0 && recorded.output.hasPrefix("ChartRead on \(stream): position 1, version 1, recorded "))
        for filter in [["--log", "access"], ["--stream", stream], ["--type", "ChartRead"]] {
            let events = try await place.command.run(["events", "--clinic", "willow", "--data", place.data] + filter)
            #expect(events.exitCode == 0)
            #expect(try events.json.map { $0["type"] } == ["ChartRead"] && events.json.map { $0["v"] } == [1])
        }
        #expect(try await place.run("events", "--clinic", "willow", "--log", "record", "--type", "ChartRead").output == "")
        #expect(try await place.run("events", "--clinic", "willow", "--log", "record", "--stream", stream).exitCode == 2)
        let verified = try await place.run("verify", "--clinic", "willow", "--json", "--log-only")
        #expect(verified.exitCode == 0)
        #expect(try verified.json.map { $0["log"] } == ["willow/record", "willow/access"])
        #expect(try verified.json.map { $0["events"]?.asInt } == [8, 1])
    }

    private func expectRefusedLines(_ place: Workplace) async throws {
        var lines = [Requests.vitals(80), Requests.vitals(300), Requests.vitals(81)].map { request -> String in
            guard case .object(var members) = request else { return "" }
            members["clinic"] = "willow"
            members["actor"] = "n.nurse"
            return JSON.object(members).canonical
        }
        lines.insert("not json", at: 1)
        lines.insert("", at: 1)
        lines.append(#"{"clinic":"willow"}"#)
        let file = try place.write("bad.jsonl", lines.joined(separator: "\n"))
        let report = try await place.run("import", file)
        #expect(report.exitCode == 2)
        let shown = report.lines
        #expect(shown.first == "2 requests recorded (2 events), 0 were there already, 3 refused.")
        #expect(shown.dropFirst().filter { $0.hasPrefix(file) }.map { $0.dropFirst(file.count).prefix(3) } == [":3:", ":4:", ":6:"])
        #expect(shown.contains { $0.hasPrefix("\(file):4: /data/heart_rate: heart_rate must be") })
        #expect(!report.output.contains("300 is"), "what stood there is not shown")
        let json = try #require(try await place.run("import", file, "--json").json.first)
        #expect(json["repeated"] == 2 && json["refused"]?.asArray.map { $0["line"] } == [3, 4, 6])
        #expect(json["refused"]?.asArray[1]["errors"]?.asArray.map { $0["pointer"] } == ["/data/heart_rate"])
        let missing = try await place.run("import", file, place.directory + "/missing.jsonl")
        #expect(missing.exitCode == 2 && missing.errors.contains("missing.jsonl cannot be read: there is no such file."))
    }

    private func expectAppends(_ place: Workplace) async throws {
        let request = Requests.vitals(82)
        let first = try await place.run("append", "--clinic", "willow", "--actor", "n.nurse", input: request.canonical)
        #expect(first.exitCode == 0 && first.errors == "")
        #expect(first.output.hasPrefix("VitalsRecorded on session/\(Requests.session): position 8, version 4, recorded "))
        let file = try place.write("request.json", request.canonical)
        let again = try await place.run("append", "--clinic", "willow", "--actor", "n.nurse", file)
        #expect(again.exitCode == 0 && again.output.contains("position 8") && again.output.contains("it was there already"))
        let dash = try await place.run("append", "--clinic", "willow", "--actor", "n.nurse", "--json", "-", input: request.canonical)
        #expect(try dash.json.first?["repeated"] == true)

        func refused(
            _ input: String, _ words: String..., actor: String = "n.nurse", clinic: String = "willow",
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let result = try await place.run("append", "--clinic", clinic, "--actor", actor, input: input)
            #expect(result.exitCode == 2 && result.output == "", sourceLocation: sourceLocation)
            #expect(result.errors.hasPrefix("Error: "), sourceLocation: sourceLocation)
            for word in words { #expect(result.errors.contains(word), "\(result.errors)", sourceLocation: sourceLocation) }
        }
        try await refused("", "There is no request")
        try await refused("{", "not valid JSON at byte 1")
        try await refused("{}", "5 fields are wrong", "/command: command is missing", "/data: data is missing")
        try await refused(Requests.vitals(300).canonical, "Not recorded: heart_rate must be", "/data/heart_rate")
        try await refused(Requests.vitals(80).canonical, "staff handle", actor: "no handle")
        try await refused(Requests.staff("x", "nurse").canonical, "may not record StaffEnrolled")
        try await refused(Requests.vitals(80).canonical, "clinic", clinic: "Willow Clinic")
        let missing = try await place.run("append", "--clinic", "willow", "--actor", "n.nurse", "/nonexistent.json")
        #expect(missing.exitCode == 2 && missing.errors.contains("/nonexistent.json cannot be read"))
    }
}
