import Canonical
import Foundation
import TestSupport
import Testing

/// `erase` and what is left afterwards, in the answers and in the files.
@Suite(.timeLimit(.minutes(10))) struct EraseCommandTests {
    @Test func nothingOfThePatientIsLeftInAnyFile() async throws {
        try await Workplace.with { place in
            let seeds = try FileManager.default.contentsOfDirectory(atPath: Workplace.seeds).filter { $0.hasSuffix(".jsonl") }.sorted()
            let imported = try await place.command.run(["import", "--data", place.data] + seeds.map { Workplace.seeds + "/" + $0 })
            #expect(imported.exitCode == 0, "\(imported.errors)")
            let (patient, sessions) = try #require(
                try await Self.dischargedPatient(place, try await place.run("events", "--clinic", "hickory").json))
            try await Self.plant(place, patient, sessions[0])
            let events = try await place.run("events", "--clinic", "hickory").json
            let streams = Set(sessions.map { "session/" + $0 } + ["patient/" + patient])
            let markers = Self.markers(of: streams, among: events).union(["Planted reason 4711-0815"])
            #expect(markers.count > 10, "names, an address, notes …")

            // Seen in the tables and in the files before.
            #expect(!(try Self.found(markers, in: place.data)).isEmpty)
            let checkpoint = try place.write("checkpoint", try await place.run("checkpoint", "--clinic", "hickory").output)

            let early = try await place.run(
                "erase", "--clinic", "hickory", "--patient", patient, "--authority", "Retention", "--approved-by", "a.thorne",
                "--approved-by",
                "v.heather")
            #expect(early.exitCode == 2 && early.errors.contains("must be kept until"), "\(early.errors)")
            let alone = try await place.run(
                "erase", "--clinic", "hickory", "--patient", patient, "--authority", "Order", "--legal-order", "--approved-by", "a.thorne",
                "--approved-by", "a.thorne")
            #expect(alone.exitCode == 2 && alone.errors.contains("two different people"), "\(alone.errors)")

            let done = try await place.run(
                "erase", "--clinic", "hickory", "--patient", patient, "--authority", "Order 7 of the court", "--legal-order",
                "--approved-by",
                "a.thorne", "--approved-by", "v.heather", "--json")
            #expect(done.exitCode == 0, "\(done.errors)")
            let result = try #require(try done.json.first)
            #expect(result["left_over"] == [] && result["scrubbed"] == true, "\(done.output)")

            let left = try Self.found(markers, in: place.data)
            #expect(left == [], "\(left)")
            let chart = try await place.run("chart", "--clinic", "hickory", patient)
            #expect(
                chart.exitCode == 0 && chart.output.contains("Erased") && chart.output.contains("Order 7 of the court"), "\(chart.output)")
            let session = try await place.run("session", "--clinic", "hickory", sessions[0])
            #expect(session.exitCode == 2 && session.errors.contains("was erased"), "\(session.errors)")
            let verified = try await place.run("verify", "--clinic", "hickory", "--against", checkpoint)
            #expect(verified.exitCode == 0 && verified.output.contains("payloads erased"), "\(verified.output) \(verified.errors)")
            let audit = try await place.run("audit", "--clinic", "hickory", "--out", place.directory + "/audit.md")
            #expect(audit.exitCode == 0, "\(audit.errors)")
            let report = try String(contentsOfFile: place.directory + "/audit.md", encoding: .utf8)
            #expect(report.contains("Erasures (2)") || report.contains("Erasures (1)"))
            #expect(!markers.contains { report.contains($0) })
            let export = place.directory + "/export"
            #expect(try await place.run("export", "--clinic", "hickory", "--out", export).exitCode == 0)
            #expect(try await place.command.run(["verify", "--export", export, "--against", checkpoint]).exitCode == 0)
            #expect(try await place.run("rebuild").exitCode == 0)
            let rebuilt = try Self.found(markers, in: place.data)
            #expect(rebuilt == [], "\(rebuilt)")
        }
    }

    /// A long note that no compression shortens and that is stored apart from its row, an amendment of it, and a reason in the access log.
    private static func plant(_ place: Workplace, _ patient: String, _ session: String) async throws {
        let long = (0..<110).map { _ in UUID().uuidString }.joined().prefix(3_900)
        let note = Requests.flat("session/\(session)", "NoteRecorded", minutesAgo: 3, ["text": .string("Planted marker \(long)")])
        let noted = try await place.run("append", "--clinic", "hickory", "--actor", "j.bracken", "--json", input: note.canonical)
        #expect(noted.exitCode == 0, "\(noted.errors)")
        let glass = Requests.flat(
            "access/\(patient)", "BreakGlassInvoked", minutesAgo: 2, ["patient": .string(patient), "reason": "Planted reason 4711-0815"])
        let broken = try await place.run("append", "--clinic", "hickory", "--actor", "j.bracken", input: glass.canonical)
        #expect(broken.exitCode == 0, "\(broken.errors)")
    }

    /// Somebody with sessions, all of them over.
    private static func dischargedPatient(_ place: Workplace, _ events: [JSON]) async throws -> (String, [String])? {
        var sessions: [String: [String: Bool]] = [:]
        for event in events {
            guard let stream = event["stream"]?.asString, stream.hasPrefix("session/"), let type = event["type"]?.asString else { continue }
            let session = String(stream.dropFirst("session/".count))
            if let patient = event["data"]?["patient"]?.asString { sessions[patient, default: [:]][session, default: false] = false }
            if type == "Discharged" {
                for (patient, own) in sessions where own[session] != nil { sessions[patient]?[session] = true }
            }
        }
        let over = sessions.filter { !$0.value.isEmpty && $0.value.values.allSatisfy { $0 } }.max { $0.value.count < $1.value.count }
        return over.map { ($0.key, $0.value.keys.sorted()) }
    }

    /// The texts that stand in these streams' data and in nobody else's.
    private static func markers(of streams: Set<String>, among events: [JSON]) -> Set<String> {
        func texts(_ json: JSON) -> [String] {
            switch json {
            case .string(let text): [text]
            case .array(let items): items.flatMap(texts)
            case .object(let members): members.values.flatMap(texts)
            default: []
            }
        }
        var (own, others): (Set<String>, Set<String>) = ([], [])
        for event in events {
            guard let stream = event["stream"]?.asString, let data = event["data"] else { continue }
            if streams.contains(stream) { own.formUnion(texts(data)) } else { others.formUnion(texts(data)) }
        }
        // Ids and times stand in the entries too; short words stand in programs, and parts of what others say in their data.
        return own.subtracting(others).filter { text in
            !others.contains { $0.contains(text) } && text.utf8.count >= 8 && UUID(canonical: text) == nil
                && Timestamp(rfc3339: text) == nil && CalendarDate(text) == nil
        }
    }

    /// Which of the texts stand in a file below a folder, each with the file.
    private static func found(_ markers: Set<String>, in folder: String) throws -> [String] {
        var found: [String] = []
        let files = FileManager.default.enumerator(atPath: folder)
        while let name = files?.nextObject() as? String {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder), !isFolder.boolValue,
                let data = FileManager.default.contents(atPath: folder + "/" + name)
            else { continue }
            for marker in markers where data.range(of: Data(marker.utf8)) != nil { found.append("\(name): \(marker)") }
        }
        return found
    }
}
