import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Projections

/// What an audit finds does not depend on how many work at it and in what parts, whatever was done to the logs.
@Suite(.projections, .timeLimit(.minutes(10))) struct AuditPartitionTests {
    private typealias Report = AuditTests.Report

    private static let whole = AuditPartition(readers: 1, stretch: 1_000_000, page: 1_000_000)
    private static let parts = [
        AuditPartition(readers: 1, stretch: 11, page: 1), AuditPartition(readers: 3, stretch: 7, page: 60),
        AuditPartition(readers: 4, stretch: 50, page: 400),
    ]

    /// What is done to single events behind the log's back; `WHERE` follows.
    private static let alterations = [
        "UPDATE dripline.events SET payload = '{}'", "UPDATE dripline.events SET payload = '[]'",
        "UPDATE dripline.events SET payload = NULL, salt = NULL, override_reason = NULL", "UPDATE dripline.events SET actor = 'another'",
        "UPDATE dripline.events SET entry = 'nothing'", "UPDATE dripline.events SET entry = replace(entry, 'Recorded\"', 'Dreamt\"')",
        "UPDATE dripline.events SET entry = regexp_replace(entry, '\"stream\":\"[a-z]*', '\"stream\":\"dream')",
        "DELETE FROM dripline.events",
    ]

    @Test(arguments: UInt64(81)...86) func theReportDoesNotDependOnThem(seed: UInt64) async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: seed)
            try await bench.append(clinic.work(events: 250))
            try await bench.append(AuditTests.accesses(of: clinic.patients, at: clinic.clock), to: Workbench.hickory.with(.access))
            // Written well, and unknown to this program.
            let patient = StreamID.patient(try #require(clinic.patients.first)).description
            let streams = [StreamID.session(UUID()).description, "dream/\(UUID().lowercase)", patient, "clinic"]
            try await bench.append(
                streams.prefix(seed.isMultiple(of: 3) ? 4 : 3).map { stream in
                    AppendCommand(
                        id: UUID(), actor: "nia",
                        events: [NewEvent(stream: stream, type: "DreamRecorded", occurredAt: clinic.clock, payload: #"{"text":"flying"}"#)])
                })
            try await agree(bench, clinic, "seed \(seed)")
            try await bench.superuser.script("ALTER TABLE dripline.events DISABLE TRIGGER ALL")
            for alteration in Self.alterations.shuffled(using: &clinic.random) {
                let (position, kind) = (Int64.random(in: 1...250, using: &clinic.random), Bool.random(using: &clinic.random))
                let log = kind ? "access" : "record"
                try await bench.superuser.script(
                    """
                    \(alteration) WHERE log_id = (SELECT log_id FROM dripline.logs WHERE clinic = 'hickory' AND log = '\(log)')
                    AND position = 1 + \(position) % (SELECT size FROM dripline.logs WHERE clinic = 'hickory' AND log = '\(log)')
                    """)
            }
            try await agree(bench, clinic, "seed \(seed), altered")
        }
    }

    /// From one reader and several, whole, in a period and up to a position.
    private func agree(_ bench: Workbench, _ clinic: RandomClinic, _ what: String) async throws {
        let day = CalendarDate(dayNumber: clinic.clock.date.dayNumber - 3).description
        for (from, position) in [(nil, nil), (day, nil), (nil, 190)] as [(String?, Int64?)] {
            try await bench.ledger.withSnapshot(of: "hickory") { logs in
                func report(_ partition: AuditPartition) async throws -> Report {
                    let access = position.map { _ in logs.access.size / 2 }
                    return Report(
                        try await AuditTests.audit(logs, from: from, position: position, access: access, partition: partition))
                }
                let whole = try await report(Self.whole)
                for partition in Self.parts {
                    let parts = try await report(partition)
                    #expect(parts == whole, "\(what), from \(from ?? "the first"), to \(position ?? 0), \(partition)")
                }
            }
        }
    }

    @Test func anExportInPartsGivesTheSame() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 88)
            try await bench.append(clinic.work(events: 250))
            try await bench.append(AuditTests.accesses(of: clinic.patients, at: clinic.clock), to: Workbench.hickory.with(.access))
            try await TemporaryDirectory.with("dripline-audit") { directory in
                try await AuditTests.export(bench, to: directory + "/all")
                let logs = try LogSources(export: directory + "/all", clinic: "hickory")
                let whole = Report(try await AuditTests.audit(bench))
                for partition in Self.parts {
                    #expect(Report(try await AuditTests.audit(logs, partition: partition)) == whole, "\(partition)")
                }
            }
        }
    }
}
