import Canonical
import Foundation
import TestSupport
import Testing

/// `audit` and `export`, as a compliance officer types them.
@Suite struct AuditCommandTests {
    @Test func auditsAndExports() async throws {
        try await Workplace.with { place in
            let unknown = try await place.run("audit", "--clinic", "willow")
            #expect(unknown.exitCode == 2 && unknown.errors.contains("There is no record of a clinic willow"))
            let file = try place.write("willow.jsonl", Requests.file())
            #expect(try await place.run("import", file).exitCode == 0)

            // What is signed is in the report; so it is signed before.
            #expect(try await place.run("checkpoint", "--clinic", "willow").exitCode == 0)
            let report = try await place.run("audit", "--clinic", "willow")
            #expect(report.exitCode == 0 && report.errors == "")
            #expect(report.output.hasPrefix("# Compliance audit of clinic willow\n"))
            #expect(report.output.contains("`dripline audit --clinic willow --position 5 --access-position 0`"))
            #expect(report.output.contains("**Both logs are intact**"))
            #expect(report.output.contains("MRN W-1"))
            #expect(report.output.contains("the first 5 events, signed by dripline.local/willow/record; no witness has cosigned it"))

            let exported = try await place.run("export", "--clinic", "willow", "--out", place.directory + "/export")
            #expect(exported.exitCode == 0 && exported.output.hasPrefix("willow: 5 events of the record and 0 accesses in "))
            let entries = try String(contentsOfFile: place.directory + "/export/entries.jsonl", encoding: .utf8)
            #expect(entries.split(separator: "\n").count == 5)
            let accesses = try await place.run("events", "--clinic", "willow", "--log", "access")
            #expect(accesses.output.contains(#""type":"ExportMade""#) && accesses.output.contains(#""actor":"operator."#))
            let twice = try await place.run("export", "--clinic", "willow", "--out", place.directory + "/export")
            #expect(twice.exitCode == 2 && twice.errors.contains("not empty"))

            // More is recorded; the same positions give the same bytes, here and from the export, where no database is.
            let vitals = Requests.vitals(80)
            #expect(try await place.run("append", "--clinic", "willow", "--actor", "n.nurse", input: vitals.canonical).exitCode == 0)
            let again = try await place.run("audit", "--clinic", "willow", "--position", "5")
            #expect(again.output == report.output)
            let elsewhere = try await place.command.run(["audit", "--clinic", "willow", "--export", place.directory + "/export"])
            #expect(elsewhere.exitCode == 0 && elsewhere.output == report.output)
            try await expectFiles(place)
            try await expectTampering(place)
            try await expectUsage(place)
        }
    }

    private func expectFiles(_ place: Workplace) async throws {
        let path = place.directory + "/audit.json"
        let written = try await place.run("audit", "--clinic", "willow", "--format", "json", "--out", path)
        #expect(written.exitCode == 0 && written.output == "" && written.errors.contains("both logs intact"))
        let json = try JSON.parse(String(contentsOfFile: path, encoding: .utf8))
        #expect(json["format"] == "dripline-audit/1" && json["intact"] == true)
        #expect(json["scope"]?["position"] == 6 && json["scope"]?["clinic"] == "willow")
        #expect(json["command"] == "dripline audit --clinic willow --position 6 --access-position 1 --format json")
        #expect(json["events"]?.asArray.contains { $0["type"] == "VitalsRecorded" && $0["all"] == 1 } == true)
        // The session is open: nothing can have failed, and what is not determined is found when it is asked for.
        let none = try await place.run("audit", "--clinic", "willow", "--fail-on", "fail", "--out", path)
        #expect(none.exitCode == 0)
        let some = try await place.run("audit", "--clinic", "willow", "--fail-on", "indeterminate", "--out", path)
        #expect(some.exitCode == 1 && FileManager.default.fileExists(atPath: path))
        let empty = try await place.run("audit", "--clinic", "willow", "--to", "1999-12-31")
        #expect(empty.exitCode == 0 && empty.output.contains("Audited: 0 sessions of 0 patients"))
        #expect(empty.output.contains("dripline audit --clinic willow --to 1999-12-31 --position 6"))
        let left = try FileManager.default.contentsOfDirectory(atPath: place.directory).filter { $0.contains("partial") }
        #expect(left.isEmpty, "nothing that is not whole is left behind")
    }

    /// Somebody changed a line of the export.
    private func expectTampering(_ place: Workplace) async throws {
        let path = place.directory + "/export/payloads.jsonl"
        let payloads = try String(contentsOfFile: path, encoding: .utf8)
        try Data(payloads.replacing(#""weight_kg":70"#, with: #""weight_kg":60"#).utf8).write(to: URL(filePath: path))
        let report = try await place.command.run(["audit", "--clinic", "willow", "--export", place.directory + "/export"])
        #expect(report.exitCode == 1)
        #expect(report.output.contains("**NOT INTACT**") && report.output.contains("the payload does not match its digest"))
        #expect(report.output.contains("## Not judged (1)") && report.output.contains("position 5"))
        let other = try await place.command.run(["audit", "--clinic", "oak", "--export", place.directory + "/export"])
        #expect(other.exitCode == 2 && other.errors.contains("it is an export of willow, not of oak"))
    }

    private func expectUsage(_ place: Workplace) async throws {
        for (arguments, says) in [
            (["--position", "7"], "There is no position 7 in the log willow/record: it ends at 6."),
            (["--access-position", "2"], "There is no position 2 in the log willow/access: it ends at 1."),
            (["--from", "2026-02-02", "--to", "2026-02-01"], "--from is after --to"),
            (["--from", "yesterday"], "invalid for '--from <date>'"),
            (["--position", "-1"], "--position"), (["--format", "pdf"], "pdf"), (["--out", place.directory], "it is there and is no file"),
            (["--out", place.directory + "/no/such/file"], "No such file"), (["--export", place.directory], "--export or a database"),
        ] {
            let result = try await place.command.run(["audit", "--clinic", "willow", "--data", place.data] + arguments)
            #expect(result.exitCode == 2 && result.output == "", "\(arguments)")
            #expect(result.errors.contains(says), "\(arguments): \(result.errors)")
        }
    }
}
