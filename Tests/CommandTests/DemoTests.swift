import Canonical
import Foundation
import TestSupport
import Testing

/// The demonstration, and the reading commands on its clinic.
@Suite struct DemoTests {
    @Test func theDemoShowsAClinicAndTheReadingCommandsReadIt() async throws {
        try await Workplace.with { place in
            try await expectDemo(place)
            try await expectCharts(place)
            try await expectEvents(place)
            try await expectCompliance(place)
            try await expectUpkeep(place)
            #expect(place.server == nil, "the server stops with the last command")
        }
    }

    private func expectDemo(_ place: Workplace) async throws {
        let first = try await place.run("demo", "--seeds", Workplace.seeds)
        #expect(first.exitCode == 0 && first.errors == "", "\(first.errors)")
        for text in ["started", "requests recorded", "0 refused", "hickory/record: intact", "Compliance of hickory", "MRN", "lag 0"] {
            #expect(first.output.contains(text), "\(text)")
        }
        #expect(!first.output.contains("\u{1B}"), "no colour where nobody sees it")
        let second = try await place.run("demo", "--seeds", Workplace.seeds)
        #expect(second.exitCode == 0 && second.errors == "")
        #expect(second.output.contains("The clinic hickory is there already"))
        // Beyond that, it shows the same.
        let chart = { (output: String) in output.components(separatedBy: "== A chart").last }
        #expect(chart(second.output) == chart(first.output))
        let nowhere = try await place.run("demo", "--seeds", place.directory)
        #expect(nowhere.exitCode == 2 && nowhere.errors.contains("--seeds"))
    }

    private func expectCharts(_ place: Workplace) async throws {
        let byName = try await place.run("chart", "--clinic", "hickory", "ashdown")
        #expect(byName.exitCode == 0 && byName.output.hasPrefix("Ashdown, Juniper") && byName.output.contains("MRN HK-01041"))
        let byNumber = try await place.run("chart", "--clinic", "hickory", "HK-01041")
        #expect(byNumber.output == byName.output)
        let json = try #require(try await place.run("chart", "--clinic", "hickory", "HK-01041", "--json").json.first)
        #expect(json["sessions"]?.asArray.count == 6)
        let before = try await place.run(
            "chart", "--clinic", "hickory", "e53de86a-199f-5553-92c2-f6979d58360c", "--at", "2026-02-20T00:00:00Z", "--json")
        let states = try before.json.first?["sessions"]?.asArray.compactMap { $0["state"]?.asString } ?? []
        #expect(states.filter { $0 == "discharged" }.count == 1)
        let at = try await place.run("chart", "--clinic", "hickory", "HK-01041", "--position", "26", "--json")
        #expect(try at.json.first?["sessions"]?.asArray.count == 0)

        let many = try await place.run("chart", "--clinic", "hickory", "o")
        #expect(many.exitCode == 2 && many.errors.contains("Several patients match") && many.errors.contains("HK-01041"))
        let nobody = try await place.run("chart", "--clinic", "hickory", "Nobody")
        #expect(nobody.exitCode == 2 && nobody.errors.contains("no patient of that id, MRN or name"))
        let early = try await place.run("chart", "--clinic", "hickory", "HK-01041", "--position", "1")
        #expect(early.exitCode == 2)

        let session = "96f57971-5eb9-5656-a10d-d8cc3ee39c60"
        let flowsheet = try await place.run("session", "--clinic", "hickory", session)
        #expect(flowsheet.exitCode == 0 && flowsheet.output.contains("driver at release"))
        #expect(try await place.run("session", "--clinic", "hickory", session, "--json").json.count == 1)
        let unknown = try await place.run("session", "--clinic", "hickory", "0198f7a0-0000-7000-8000-000000000000")
        #expect(unknown.exitCode == 2 && unknown.errors.contains("has no session"))
    }

    private func expectEvents(_ place: Workplace) async throws {
        let all = try await place.run("events", "--clinic", "hickory")
        let positions = try all.json.compactMap { $0["position"]?.asInt }
        #expect(all.exitCode == 0 && positions.count > 2000 && positions == Array(1...Int64(positions.count)))
        let some = try await place.run("events", "--clinic", "hickory", "--after", "100", "--limit", "5")
        #expect(try some.json.compactMap { $0["position"]?.asInt } == Array(101...105))
        let typed = try await place.run("events", "--clinic", "hickory", "--type", "PolicyAdopted", "--json")
        #expect(try typed.json.map { $0["data"]?["version"] } == ["2026-1", "2026-2"])
        let stream = try await place.run("events", "--clinic", "hickory", "--stream", "session/96f57971-5eb9-5656-a10d-d8cc3ee39c60")
        let versions = try stream.json.compactMap { $0["version"]?.asInt }
        #expect(versions == Array(1...Int64(versions.count)))
        let text = try await place.run("events", "--clinic", "hickory", "--text", "--limit", "1")
        #expect(text.lines.count == 1 && text.output.contains("StaffEnrolled"))
    }

    private func expectCompliance(_ place: Workplace) async throws {
        let view = try await place.run("compliance", "--clinic", "hickory")
        #expect(view.exitCode == 0 && view.output.contains("rule set 2026-11") && view.output.contains("M1"))
        let failures = try await place.run("compliance", "--clinic", "hickory", "--verdict", "fail", "--json")
        let verdicts = try failures.json
        #expect(verdicts.count > 5 && verdicts.allSatisfy { $0["verdict"] == "fail" })
        #expect(verdicts.allSatisfy { $0["rule_set"] != nil || $0["rule"] != nil })
        let failing = try await place.run("compliance", "--clinic", "hickory", "--rule", "M1", "--fail-on", "fail")
        #expect(failing.exitCode == 1 && failing.output.contains("11 min"))
        let passing = try await place.run("compliance", "--clinic", "hickory", "--rule", "P1", "--fail-on", "fail")
        #expect(passing.exitCode == 0)
        let early = try await place.run(
            "compliance", "--clinic", "hickory", "--position", "50", "--access-position", "0", "--json", "--verdict", "fail")
        #expect(early.exitCode == 0 && early.output == "")
        let session = "88ee00fa-3d7f-5cd6-a17b-fbc605844370"
        let one = try await place.run("compliance", "--clinic", "hickory", "--session", session, "--json")
        #expect(try one.json.count == 18)
    }

    private func expectUpkeep(_ place: Workplace) async throws {
        let before = try await place.run("compliance", "--clinic", "hickory", "--json")
        let rebuild = try await place.run("rebuild")
        #expect(rebuild.exitCode == 0)
        for name in ["patient_chart", "session_flowsheet", "compliance"] { #expect(rebuild.output.contains("\(name): ")) }
        #expect(try await place.run("compliance", "--clinic", "hickory", "--json").output == before.output)
        #expect(try await place.run("rebuild", "compliance", "--jobs", "1").exitCode == 0)
        let unknown = try await place.run("rebuild", "nothing")
        #expect(unknown.exitCode == 2 && unknown.errors.contains("patient_chart"))
        let projections = try await place.run("projections", "--json")
        #expect(try projections.json.map { $0["lag"]?.asInt } == Array(repeating: 0, count: 8))
        #expect(try await place.run("projections").lines.count == 9)
        let status = try await place.run("status")
        #expect(status.exitCode == 0 && status.output.contains("hickory/record") && status.output.contains("up to date"))
        let logs = try #require(try await place.run("status", "--json").json.first?["logs"])
        #expect(logs.asArray.map { $0["log"]?.asString } == ["hickory/record", "hickory/access"])
        let migrate = try await place.run("migrate")
        #expect(migrate.exitCode == 0 && migrate.output.contains("already"))
        let verify = try await place.run("verify", "--clinic", "hickory", "--json")
        #expect(verify.exitCode == 0)
        #expect(try verify.json.first?["intact"] == true)
    }
}
