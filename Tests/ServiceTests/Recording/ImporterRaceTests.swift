import Canonical
import Foundation
import Ledger
import Postgres
import Service
import TestSupport
import Testing

@Suite(.service) struct ImporterRaceTests {
    private let clinic = TestClinic()

    /// A file of a few sessions with many dose changes and vitals: enough for several calls of append.
    private func file(sessions: Int = 6, doses: Int = 60) -> ImportFile {
        var file = ImportFile()
        for entry in clinic.founding + clinic.admission { file.add(clinic.line(entry)) }
        for number in 0..<sessions {
            let session = UUID()
            for entry in clinic.infusion(session, from: Int64(20 + number)) { file.add(clinic.line(entry)) }
            for dose in 0..<doses {
                let (from, minute) = (35 + dose % 2, Int64(60 + dose))
                file.add(clinic.line((TestClinic.nurse, clinic.dose(session, from: from, to: 71 - from, at: minute))))
                file.add(clinic.line((TestClinic.nurse, clinic.vitals(session, at: minute))))
            }
            file.add(clinic.line((TestClinic.nurse, clinic.stop(session, at: 200))))
            file.add(clinic.line((TestClinic.nurse, clinic.ivRemoved(session, at: 201))))
        }
        return file
    }

    @Test func twoImportersOfOneFileRecordEachLineOnce() async throws {
        let file = file()
        try await TemporaryDirectory.with { directory in
            let path = try file.write(in: directory)
            try await withDatabase { one in
                try await withDatabase { two in
                    async let first = Importer(one.recorder).run([path])
                    async let second = Importer(two.recorder).run([path])
                    let (a, b) = try await (first, second)
                    #expect(a.refused == [] && b.refused == [])
                    #expect(a.commands + b.commands == file.lines)
                    #expect(a.commands + a.repeated == file.lines && b.commands + b.repeated == file.lines)
                    #expect(try await clinic.events(of: one).map(\.position) == Array(1...Int64(file.lines)))
                    #expect(try await one.ledger.verify(clinic.log).isIntact)
                }
            }
        }
    }

    /// Another process records what a line depends on, after the importer had read the streams.
    @Test func whatOthersRecordMeanwhileCounts() async throws {
        try await withDatabase { other in
            try await TemporaryDirectory.with { directory in
                let pipe = directory + "/pipe"
                #expect(mkfifo(pipe, 0o600) == 0)
                let stranger = UUID()
                try await withDatabase { database in
                    async let running = Importer(database.recorder).run([pipe])
                    let writer = try FileHandle(forUpdating: URL(filePath: pipe))
                    func send(_ line: JSON) throws { try writer.write(contentsOf: Data((line.canonical + "\n").utf8)) }
                    for entry in clinic.founding { try send(clinic.line(entry)) }
                    // Refused, so that what is pending goes in, and the importer has seen that there is no such patient.
                    let arrival = clinic.request(
                        "session/\(UUID().lowercase)", "PatientArrived", at: 20, ["patient": .string(stranger.lowercase), "weight_kg": 70])
                    try send(clinic.line((TestClinic.desk, arrival)))
                    while try await other.ledger.head(of: clinic.log).size < Int64(clinic.founding.count) {}
                    try await clinic.record(clinic.registration(stranger), by: TestClinic.desk, in: other)
                    try send(clinic.line((TestClinic.desk, arrival)))
                    try writer.close()
                    let report = try await running
                    #expect(report.refused.map(\.line) == [clinic.founding.count + 1])
                    #expect(report.commands == clinic.founding.count + 1)
                }
            }
        }
    }

    /// Cut off anywhere, and run again: the log ends the same as if nothing had happened.
    @Test func anImportThatWasCutOffGoesOn() async throws {
        let file = file(sessions: 8)
        try await TemporaryDirectory.with { directory in
            let path = try file.write(in: directory)
            for round in 1...4 {
                try await withDatabase { database in
                    let importing = Task { try await Importer(database.recorder).run([path]) }
                    while try await database.ledger.head(of: clinic.log).size < Int64(round * 150) {}
                    try await withSuperuser { superuser in
                        try await superuser.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1 AND datname = current_database()",
                            [serviceLogin])
                    }
                    importing.cancel()
                    _ = await importing.result
                }
            }
            try await withDatabase { database in
                let report = try await Importer(database.recorder).run([path])
                #expect(report.refused == [] && report.commands + report.repeated == file.lines && report.repeated > 0)
                #expect(try await clinic.events(of: database).map(\.position) == Array(1...Int64(file.lines)))
                #expect(try await database.ledger.verify(clinic.log).isIntact)
            }
        }
    }
}
