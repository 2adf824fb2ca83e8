import Canonical
import Foundation
import TestSupport
import Testing

/// `access`: a patient's account of reads, disclosures and exports, and a clinic's.
@Suite struct AccessCommandTests {
    @Test func accountsForWhatWasReadAndSentOut() async throws {
        try await Workplace.with { place in
            let file = try place.write("willow.jsonl", Requests.file())
            #expect(try await place.run("import", file).exitCode == 0)
            let mine = Requests.patient
            for (actor, purpose) in [("n.nurse", "=rounds"), ("f.desk", "billing")] {
                let read = Requests.flat(
                    "access/\(mine)", "ChartRead", minutesAgo: 3,
                    ["patient": .string(mine), "resource": "chart", "purpose": .string(purpose)])
                let recorded = try await place.run("append", "--clinic", "willow", "--actor", actor, input: read.canonical)
                #expect(recorded.exitCode == 0, "\(recorded.errors)")
            }
            let out = place.directory + "/export"
            #expect(try await place.run("export", "--clinic", "willow", "--out", out, "--purpose", "Inspection").exitCode == 0)

            let account = try await place.run("access", "--clinic", "willow", "--patient", mine)
            let lines = account.output.split(separator: "\r\n").map(String.init)
            #expect(account.exitCode == 0 && lines.count == 4, "\(account.output)\(account.errors)")
            // A cell that a spreadsheet would take for a formula is made text.
            #expect(lines[0].hasPrefix("at,what,who,") && lines[1].contains(",read,n.nurse,chart,'=rounds,"))
            #expect(lines[3].contains(",exported for the whole clinic,operator.") && lines[3].contains(",Inspection,"))

            let all = try await place.run("access", "--clinic", "willow", "--format", "json")
            #expect(try all.json.map { $0["type"]?.asString } == ["ChartRead", "ChartRead", "ExportMade"])
            let nurse = try await place.run("access", "--clinic", "willow", "--by", "n.nurse", "--format", "json")
            #expect(try nurse.json.map { $0["purpose"]?.asString } == ["=rounds"])
            let bad = try await place.run("access", "--clinic", "willow", "--patient", "W-1")
            #expect(bad.exitCode == 2 && bad.errors.contains("--patient is a UUID"))
        }
    }
}
