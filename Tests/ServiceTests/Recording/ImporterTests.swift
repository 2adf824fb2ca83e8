import Canonical
import Clinic
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Service

@Suite(.service) struct ImporterTests {
    private let clinic = TestClinic()

    private func run(_ file: ImportFile, in database: Database) async throws -> Importer.Report {
        try await TemporaryDirectory.with { directory in
            try await Importer(database.recorder).run([try file.write(in: directory)])
        }
    }

    /// What is wrong with a bad line: its code, and where it can be said the pointers.
    private struct Bad {
        let code: String
        let pointers: [String]
        var word: String?
    }

    /// Members of a request replaced, or taken away where nil.
    private func changed(_ line: JSON, _ changes: [String: JSON?]) -> JSON {
        guard case .object(var members) = line else { return line }
        for (key, value) in changes { members[key] = value }
        return .object(members)
    }

    @Test func theGoodLinesGoInAndEachBadOneIsReported() async throws {
        let session = UUID()
        let taken = UUID()
        var file = ImportFile()
        var bad: [Int: Bad] = [:]
        for entry in clinic.founding + clinic.admission + clinic.infusion(session) { file.add(clinic.line(entry)) }
        func vitals(_ minute: Int64, _ more: [String: JSON] = [:], command: UUID = UUID()) -> JSON {
            clinic.line((TestClinic.nurse, clinic.vitals(session, at: minute, command: command)), more: more)
        }
        func data(_ changes: [String: JSON?]) -> JSON {
            let line = vitals(30)
            return changed(line, ["data": changed(line["data"] ?? .null, changes)])
        }
        func wrong(_ line: JSON, _ code: String, _ pointers: String..., word: String? = nil) {
            bad[file.add(line)] = Bad(code: code, pointers: pointers, word: word)
        }
        func garbage(_ bytes: [UInt8], _ word: String) {
            bad[file.add(bytes)] = Bad(code: "invalid-request", pointers: [""], word: word)
        }
        let good = file.lines

        // No JSON.
        garbage(Array("not json".utf8), "not valid JSON")
        garbage(Array(vitals(31).canonical.utf8.dropLast(5)), "not valid JSON")
        garbage(Array((vitals(31).canonical + " {}").utf8), "more text")
        garbage(Array("[1,2]".utf8), "must be an object")
        garbage(Array(#"{"command":"a","command":"b"}"#.utf8), "twice")
        garbage([0xEF, 0xBB, 0xBF] + Array(vitals(31).canonical.utf8), "not valid JSON")
        garbage(Array(#"{"clinic":"hick"#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8), "UTF-8")
        garbage(Array(#"{"clinic":"\ud800"}"#.utf8), "surrogate")
        garbage([0], "not valid JSON")
        // No line at all.
        file.add("")
        file.add("  \t ")
        file.add("", end: "\r\n")
        // The members of the line.
        wrong(changed(vitals(31), ["clinic": nil]), "invalid-request", "/clinic")
        wrong(changed(vitals(31), ["clinic": "Hickory!"]), "invalid-request", "/clinic")
        wrong(changed(vitals(31), ["actor": nil, "command": nil]), "invalid-request", "/command", "/actor")
        wrong(changed(vitals(31), ["actor": "n nurse"]), "invalid-request", "/actor")
        wrong(changed(vitals(31), ["stream": "session/1"]), "invalid-request", "/stream")
        wrong(changed(vitals(31), ["comment": "x"]), "invalid-request", "/comment", word: "not a known field")
        wrong(changed(vitals(31), ["occured_at": "x"]), "invalid-request", "/occured_at", word: "did you mean occurred_at?")
        wrong(changed(vitals(31), ["type": "VitalsRecordedd"]), "invalid-request", "/type", word: "did you mean VitalsRecorded?")
        wrong(changed(vitals(31), ["occurred_at": "2026-11-02 15:30"]), "invalid-request", "/occurred_at")
        wrong(changed(vitals(31), ["charted_at": 5]), "invalid-request", "/charted_at")
        // Its data.
        wrong(data(["heart_rate": 300]), "invalid-request", "/data/heart_rate", word: "300")
        wrong(data(["heart_rate": "80"]), "invalid-request", "/data/heart_rate")
        wrong(data(["phase": nil]), "invalid-request", "/data/phase", word: "missing")
        wrong(data(["heartrate": 80]), "invalid-request", "/data/heartrate")
        wrong(data(["systolic_mmhg": 70]), "invalid-request", "/data/systolic_mmhg")
        // What the record says.
        wrong(
            changed(vitals(31), ["occurred_at": .string(Timestamp.now().adding(minutes: 60).description)]), "occurred-in-the-future",
            "/occurred_at")
        wrong(
            changed(vitals(31), ["charted_at": .string(Timestamp.now().adding(minutes: 60).description)]), "charted-in-the-future",
            "/charted_at")
        wrong(clinic.line((TestClinic.nurse, clinic.vitals(UUID(), at: 31))), "unknown-session")
        wrong(
            clinic.line(
                (
                    TestClinic.desk,
                    clinic.request(
                        "session/\(UUID().lowercase)", "PatientArrived", at: 20, ["patient": .string(UUID().lowercase), "weight_kg": 70])
                )
            ), "unknown-patient", "/data/patient")
        wrong(clinic.line((TestClinic.desk, clinic.dose(session, from: 35, to: 40, at: 31))), "role-not-allowed")
        wrong(clinic.line(("stranger", clinic.dose(session, from: 35, to: 40, at: 31))), "actor-not-enrolled")
        wrong(clinic.line((TestClinic.nurse, clinic.dose(session, from: 30, to: 40, at: 31))), "stale-rate", "/data/from_rate_mg_per_h")
        wrong(clinic.line((TestClinic.nurse, clinic.dose(session, from: 35, to: 60, at: 31))), "gate-dose")
        wrong(
            clinic.line((TestClinic.nurse, clinic.dose(session, from: 35, to: 34, at: 31, more: ["expected_version": 1]))),
            "version-conflict", "/expected_version")
        file.add(vitals(40, command: taken))
        wrong(vitals(41, command: taken), "command-reused", "/command")
        // A good one again, and one in the same words with the ends of lines of another system.
        file.add(vitals(40, command: taken))
        file.add(vitals(42), end: "\r\n")
        let long = vitals(43).canonical
        bad[file.add(String(long.dropLast()) + String(repeating: " ", count: 2 << 20) + "}")] = Bad(code: "line-too-long", pointers: [])
        file.add(vitals(44), end: "")

        try await withDatabase { database in
            let report = try await run(file, in: database)
            #expect(report.refused.map(\.line) == bad.keys.sorted())
            for refused in report.refused {
                let expected = try #require(bad[refused.line])
                #expect(refused.code == expected.code, "line \(refused.line): \(refused.message)")
                #expect(refused.problems.map(\.pointer) == expected.pointers, "line \(refused.line): \(refused.message)")
                if let word = expected.word {
                    #expect(
                        (refused.message + refused.problems.map(\.message).joined()).contains(word),
                        "line \(refused.line): \(refused.message)")
                }
                #expect(refused.file.hasSuffix("/events.jsonl"))
            }
            #expect(report.commands == good + 3 && report.repeated == 1)
            #expect(report.lines == file.lines - 3)
            #expect(try await clinic.events(of: database).count == report.events)
            #expect(
                try await clinic.events(of: database, stream: session).suffix(3).map(\.type) == Array(repeating: "VitalsRecorded", count: 3)
            )
            #expect(try await database.ledger.verify(clinic.log).isIntact)

            let again = try await run(file, in: database)
            #expect(again.commands == 0 && again.repeated == good + 4)
            #expect(again.refused.map(\.line) == report.refused.map(\.line))
            #expect(try await clinic.events(of: database).count == report.events)
        }
    }

    @Test func aByteOrderMarkAtTheStartIsNoPartOfTheLine() async throws {
        try await withDatabase { database in
            var file = ImportFile()
            file.add([0xEF, 0xBB, 0xBF] + Array(clinic.line(clinic.founding[0]).canonical.utf8))
            let report = try await run(file, in: database)
            #expect(report.commands == 1)
        }
    }

    @Test(arguments: ["", "\n", "\r\n\r\n  \n"])
    func nothingIsNothing(_ text: String) async throws {
        try await withDatabase { database in
            var file = ImportFile()
            file.add(text, end: "")
            let report = try await run(file, in: database)
            #expect(report.lines == 0 && report.commands == 0 && report.refused == [])
        }
    }

    @Test func clinicsMayAlternateInAFile() async throws {
        try await withDatabase { database in
            let clinics = ["alder", "birch", "cedar"].map { TestClinic($0) }
            let session = UUID()
            let courses = clinics.map { clinic in (clinic.founding + clinic.admission + clinic.infusion(session)).map { clinic.line($0) } }
            var file = ImportFile()
            for step in courses[0].indices { for course in courses { file.add(course[step]) } }
            let report = try await run(file, in: database)
            #expect(report.refused == [])
            #expect(report.clinics == ["alder", "birch", "cedar"])
            for (clinic, course) in zip(clinics, courses) {
                let events = try await clinic.events(of: database)
                #expect(events.map(\.position) == Array(1...Int64(course.count)))
                #expect(events.last?.type == "InfusionStarted")
            }
        }
    }

    @Test func filesAreTakenInTheOrderGiven() async throws {
        try await withDatabase { database in
            try await TemporaryDirectory.with { directory in
                var first = ImportFile()
                for entry in clinic.founding { first.add(clinic.line(entry)) }
                var second = ImportFile()
                for entry in clinic.admission { second.add(clinic.line(entry)) }
                let (b, a) = (try first.write(in: directory, "b.jsonl"), try second.write(in: directory, "a.jsonl"))
                let report = try await Importer(database.recorder).run([b, a])
                #expect(report.refused == [] && report.commands == first.lines + second.lines)
                let bad = ["x.jsonl", "y.jsonl"].map { directory + "/" + $0 }
                for path in bad { try Data("{}\n".utf8).write(to: URL(filePath: path)) }
                #expect(try await Importer(database.recorder).run(bad.reversed()).refused.map(\.file) == bad.reversed())
            }
        }
    }

    @Test func filesOfOneClinicStayTogetherInTheirOrder() async throws {
        try await TemporaryDirectory.with { directory in
            func write(_ name: String, _ lines: String...) throws -> String {
                let path = directory + "/" + name
                try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
                return path
            }
            let (a, b) = (try write("a", #"{"clinic":"alder"}"#), try write("b", #"{"actor":"x","clinic":"birch"}"#, ""))
            let both = try write("both", #"{"clinic":"birch"}"#, #"{"clinic":"alder"}"#)
            let (c, nothing) = (
                try write("c", #"{"clinic":"cedar","data":{"clinic":"dogwood"},"stream":"clinic"}"#), try write("nothing", "{}")
            )
            #expect(try FileGroups([a, b, c]).groups == [[a], [b], [c]])
            #expect(try FileGroups([b, c, a, both, nothing]).groups == [[b, a, both], [c], [nothing]])
            #expect(try FileGroups([a, a, b]).groups == [[a, a], [b]])
            // What may name any clinic ties all together.
            for line in [#"{"clinic" : "alder"}"#, #"{"\u0063linic":"alder"}"#, #"{"clinic":"\u0061lder"}"#, #"{"clinic":"alder"#] {
                let odd = try write("odd", line)
                #expect(try FileGroups([a, odd, b]).groups == [[a, odd, b]])
            }
            #expect(try FileGroups([a, "/dev/null", b]).groups == [[a, "/dev/null", b]])
        }
    }

    @Test func aFileThatIsNotThereIsSaidBeforeAnythingIsRecorded() async throws {
        try await withDatabase { database in
            try await TemporaryDirectory.with { directory in
                var file = ImportFile()
                file.add(clinic.line(clinic.founding[0]))
                let path = try file.write(in: directory)
                for missing in [directory + "/missing.jsonl", directory] {
                    await #expect(throws: Importer.UnreadableFile.self) { try await Importer(database.recorder).run([path, missing]) }
                }
                #expect(try await database.ledger.head(of: clinic.log).size == 0)
            }
        }
    }
}
