import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Projections

/// The same positions give the same report, from wherever the bytes come; and it says what the read model says.
@Suite(.projections, .timeLimit(.minutes(10))) struct AuditTests {
    /// Both forms of a report.
    struct Report: Hashable {
        let markdown: String
        let json: String

        init(_ audit: Audit) {
            var (markdown, json) = ("", "")
            audit.writeMarkdown(to: &markdown)
            audit.writeJSON(to: &json)
            (self.markdown, self.json) = (markdown, json)
        }
    }

    static func audit(
        _ bench: Workbench, from: String? = nil, to: String? = nil, position: Int64? = nil, access: Int64? = nil
    ) async throws -> Audit {
        try await bench.ledger.withSnapshot(of: "hickory") {
            try await audit($0, from: from, to: to, position: position, access: access)
        }
    }

    static func audit(
        _ logs: LogSources, from: String? = nil, to: String? = nil, position: Int64? = nil, access: Int64? = nil,
        partition: AuditPartition = AuditPartition()
    ) async throws -> Audit {
        let bounds = try await logs.bounds(record: position, access: access)
        let scope = AuditScope(
            clinic: logs.clinic, from: from.flatMap { CalendarDate($0) }, to: to.flatMap { CalendarDate($0) }, bounds: bounds)
        return try await Audit.run(logs, scope: scope, partition)
    }

    static func export(_ bench: Workbench, to folder: String, position: Int64? = nil, access: Int64? = nil) async throws {
        try await bench.ledger.withSnapshot(of: "hickory") { logs in
            let staged = try StagedFolder(for: folder)
            try await LogExport.write(logs, upTo: try await logs.bounds(record: position, access: access), into: staged)
            try staged.commit()
        }
    }

    /// Some accesses, as the service writes them: reads, an emergency with its review, one that nobody reviewed, a disclosure.
    static func accesses(of patients: [UUID], at time: Timestamp) -> [AppendCommand] {
        var commands: [AppendCommand] = []
        func add(_ patient: UUID, _ actor: String, _ minutes: Int64, _ body: EventBody) -> AppendCommand {
            let command = AppendCommand(
                id: UUID(), actor: actor,
                events: [
                    NewEvent(
                        stream: StreamID.access(patient).description, type: body.type.rawValue, occurredAt: time.adding(minutes: minutes),
                        subject: body.subject?.description, payload: body.data.canonical)
                ])
            commands.append(command)
            return command
        }
        func body(_ type: EventType, _ data: JSON) -> EventBody {
            guard let body = try? EventBody(type: type, data: data) else { preconditionFailure("\(type) is not well formed") }
            return body
        }
        for (index, patient) in patients.enumerated() {
            let id: JSON = .string(patient.lowercase)
            _ = add(patient, "nia", 1, body(.chartRead, ["patient": id, "resource": "chart", "purpose": "treatment"]))
            let invoked = add(patient, "noa", 2, body(.breakGlassInvoked, ["patient": id, "reason": "Unconscious | on the stairs"]))
            if index.isMultiple(of: 2) {
                let target: JSON = .string(invoked.eventID(0).lowercase)
                _ = add(patient, "ada", 90, body(.breakGlassReviewed, ["invocation": target, "outcome": "justified"]))
            }
            let disclosed: JSON = ["patient": id, "recipient": "Dr. <Ash>", "description": "Summary", "purpose": "Referral"]
            _ = add(patient, "fay", 100, body(.disclosureMade, disclosed))
        }
        return commands
    }

    private static let accessLog: LogName = Workbench.hickory.with(.access)

    // MARK: The same bytes

    @Test(arguments: UInt64(41)...44) func theSamePositionGivesTheSameBytes(seed: UInt64) async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: seed)
            try await bench.append(clinic.work(events: 200))
            try await bench.append(Self.accesses(of: clinic.patients, at: clinic.clock), to: Self.accessLog)
            let audit = try await Self.audit(bench)
            let (position, access) = (audit.scope.bounds.record, audit.scope.bounds.access)
            let first = Report(audit)
            #expect(audit.isIntact && audit.notJudged.isEmpty && access > 0)
            #expect(Report(try await Self.audit(bench)) == first, "again")

            try await TemporaryDirectory.with("dripline-audit") { directory in
                try await Self.export(bench, to: directory + "/then")
                #expect(Report(try await Self.audit(LogSources(export: directory + "/then", clinic: "hickory"))) == first, "from an export")

                try await bench.append(clinic.work(events: 150))
                try await bench.append(Self.accesses(of: clinic.patients, at: clinic.clock), to: Self.accessLog)
                try await bench.projector.catchUp()
                #expect(Report(try await Self.audit(bench, position: position, access: access)) == first, "after more was appended")
                #expect(Report(try await Self.audit(bench)) != first)
                try await bench.projector.rebuild()
                #expect(Report(try await Self.audit(bench, position: position, access: access)) == first, "after a rebuild")

                try await Self.export(bench, to: directory + "/all")
                let all = try LogSources(export: directory + "/all", clinic: "hickory")
                #expect(Report(try await Self.audit(all, position: position, access: access)) == first, "from a longer export")
                try await Self.export(bench, to: directory + "/cut", position: position, access: access)
                #expect(Report(try await Self.audit(LogSources(export: directory + "/cut", clinic: "hickory"))) == first, "from a cut one")
            }
            // With one position alone the accesses end where that event was recorded: here before the first of them.
            #expect(try await Self.audit(bench, position: position).scope.bounds == LogBounds(record: position, access: 0))
            #expect(try JSON.parse(first.json)["format"] == "dripline-audit/1")
        }
    }

    // MARK: The same verdicts

    /// How often each rule came to each verdict, and all that are no pass.
    private struct Verdicts: Hashable {
        var counts: [String: [Verdict: Int]] = [:]
        var findings: Set<Judgement> = []

        init(_ judgements: some Sequence<Judgement>) {
            for judgement in judgements { counts[judgement.rule, default: [:]][judgement.verdict, default: 0] += 1 }
            findings = Set(judgements.filter { [.fail, .overridden, .indeterminate].contains($0.verdict) })
        }

        init(_ audit: Audit) {
            // The logs as a whole are judged by the audit alone.
            counts = audit.verdicts.filter { $0.key != "A1" }
            findings = Set(audit.findings.map(\.judgement))
        }
    }

    @Test(arguments: UInt64(51)...56) func auditAndReadModelAgree(seed: UInt64) async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: seed)
            for _ in 0..<3 {
                try await bench.append(clinic.work(events: Int.random(in: 40...120, using: &clinic.random)))
                try await bench.append(Self.accesses(of: clinic.patients, at: clinic.clock), to: Self.accessLog)
                try await bench.projector.catchUp()
                let live = try await bench.ledger.judgements(of: "hickory")
                let audit = try await Self.audit(bench)
                let (audited, expected) = (Verdicts(audit), Verdicts(live.map(\.asShown)))
                #expect(audited.counts == expected.counts, "seed \(seed)")
                let (extra, missing) = (
                    Set(audited.findings.map(\.asShown)).subtracting(expected.findings),
                    expected.findings.subtracting(audited.findings.map(\.asShown))
                )
                #expect(
                    extra.isEmpty && missing.isEmpty,
                    "seed \(seed): only the audit \(extra.prefix(1).map(\.json.canonical)), only the read model \(missing.prefix(1).map(\.json.canonical))"
                )
                #expect(live.count > 50)
            }
        }
    }

    // MARK: Periods

    /// Days of which each session belongs to one: their audits together find what the whole one finds in sessions.
    @Test(arguments: [61, 63] as [UInt64]) func periodsPartTheSessions(seed: UInt64) async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: seed)
            try await bench.append(clinic.work(events: 600))
            let whole = try await Self.audit(bench)
            let sessions = Verdicts(whole.findings.filter { $0.stream.id.kind == .session }.map(\.judgement)).findings
            let days = Set(whole.findings.compactMap { $0.stream.at?.date }).sorted()
            let middle = try #require(days.dropFirst(days.count / 2).first)
            try #require(days.count > 2)
            let before = try await Self.audit(bench, to: CalendarDate(dayNumber: middle.dayNumber - 1).description)
            let on = try await Self.audit(bench, from: middle.description, to: middle.description)
            let after = try await Self.audit(bench, from: CalendarDate(dayNumber: middle.dayNumber + 1).description)
            var parts: Set<Judgement> = []
            for part in [before, on, after] {
                let found = part.findings.filter { $0.stream.id.kind == .session }.map(\.judgement)
                #expect(found.allSatisfy { $0.sessionAt.map(part.scope.contains) ?? true })
                // A session without arrival or booking in force belongs to wherever something of it occurred.
                parts.formUnion(found)
            }
            #expect(parts == sessions, "seed \(seed)")
            #expect(on.streamCounts.allSessions > 0 && on.streamCounts.allSessions < whole.streamCounts.allSessions)
            let events = { (audit: Audit) in audit.eventCounts.reduce(0) { $0 + $1.inPeriod } }
            #expect(events(before) + events(on) + events(after) == events(whole))
            #expect(on.eventCounts.map(\.all) == whole.eventCounts.map(\.all))
        }
    }

    // MARK: What was altered

    @Test func whatWasAlteredIsFoundAndNotJudged() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 71)
            try await bench.append(clinic.work(events: 200))
            let sound = try await Self.audit(bench)
            func altered(_ sql: String, _ position: Int64, _ says: String, unjudged: Set<StreamKind>) async throws {
                try await bench.superuser.script(
                    "CREATE TABLE public.kept AS SELECT * FROM dripline.events; ALTER TABLE dripline.events DISABLE TRIGGER ALL;"
                        + "UPDATE dripline.events SET \(sql) WHERE position = \(position)")
                let audit = try await Self.audit(bench)
                #expect(!audit.isIntact && audit.found(.fail) && audit.verdicts["A1"] == [.fail: 1, .pass: 1])
                #expect(audit.logs[0].faults.contains { $0.position == position && $0.what.contains(says) }, "\(audit.logs[0].faults)")
                #expect(Set(audit.notJudged.map(\.stream.kind)) == unjudged, "\(sql)")
                let report = Report(audit)
                #expect(report.markdown.contains("NOT INTACT") && report.markdown.contains("Not judged"))
                // What does not rest on it is judged as ever.
                let streams = Set(audit.notJudged.map(\.stream))
                #expect(
                    audit.findings.filter { !streams.contains($0.stream.id) }.map(\.judgement)
                        == sound.findings.filter { !streams.contains($0.stream.id) }.map(\.judgement))
                try await bench.superuser.script(
                    "DELETE FROM dripline.events; INSERT INTO dripline.events SELECT * FROM public.kept; DROP TABLE public.kept")
            }
            // The vials that a session drew from rest on it too.
            let session = try await Self.position(of: "VitalsRecorded", bench)
            let patient = try await Self.position(of: "PatientRegistered", bench)
            try await altered(
                #"payload = '{"heart_rate":60,"phase":"infusion","source":"manual"}'"#, session, "does not match its digest",
                unjudged: [.session, .vial])
            try await altered(
                "type = 'DreamRecorded'", session, "the entry does not say what the columns say", unjudged: [.session, .vial])
            try await altered("payload = '{}'", patient, "does not match its digest", unjudged: [.session, .patient])
            try await altered("payload = '{}'", 1, "does not match its digest", unjudged: [.session, .patient, .clinic, .vial])
            #expect(Report(try await Self.audit(bench)) == Report(sound), "what was done was undone each time")
        }
    }

    @Test func whatWasErasedIsNoFault() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 72)
            try await bench.append(clinic.work(events: 150))
            let position = try await Self.position(of: "VitalsRecorded", bench)
            try await bench.superuser.script(
                """
                ALTER TABLE dripline.events DISABLE TRIGGER ALL;
                UPDATE dripline.events SET payload = NULL, salt = NULL, override_reason = NULL WHERE position = \(position)
                """)
            let audit = try await Self.audit(bench)
            #expect(audit.isIntact && audit.logs[0].erased == [position])
            #expect(audit.notJudged.isEmpty)
        }
    }

    /// An event that was written well and that this program does not know: the report goes on and says so.
    @Test func anEventThatCannotBeReadStopsNothing() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 73)
            try await bench.append(clinic.work(events: 120))
            let stream = StreamID.session(UUID()).description
            try await bench.append([
                AppendCommand(
                    id: UUID(), actor: "nia",
                    events: [NewEvent(stream: stream, type: "DreamRecorded", occurredAt: clinic.clock, payload: #"{"text":"flying"}"#)])
            ])
            let audit = try await Self.audit(bench)
            #expect(audit.logs[0].faults.map(\.position) == [clinic.position + 1])
            #expect(audit.notJudged.map(\.stream.description) == [stream])
            #expect(!Report(audit).markdown.contains("flying"))
            #expect(audit.streamCounts.allSessions > 0)
        }
    }

    private static func position(of type: String, _ bench: Workbench) async throws -> Int64 {
        let rows = try await bench.superuser.query("SELECT min(position) FROM dripline.events WHERE type = $1", [type])
        return try #require(rows.first).value(0, as: Int64.self)
    }
}

extension Judgement {
    /// As the table holds it: nobody reads from there when to look again.
    fileprivate var asShown: Judgement {
        Judgement(
            clinic: clinic, stream: stream, patient: patient, session: session, sessionAt: sessionAt, rule: rule, ruleSet: ruleSet,
            finding: Finding(
                verdict: finding.verdict, sentence: finding.sentence, deciding: finding.deciding, policyVersion: finding.policyVersion,
                decidedAt: finding.decidedAt))
    }
}
