import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import Projections
import Service

/// The patient with 24 sessions, whose chart is read.
struct ChartSubject {
    private static let count = 24

    let database: Database
    let clinic: String
    let patient: UUID
    let sessions: Int
    /// Of the sessions.
    let events: Int

    /// Makes the patient; to be called before the read models are made. Again it changes nothing.
    static func add(to database: Database) async throws {
        try await SimulatedLog.addPatient(sessions: count, to: database)
    }

    /// Nil where no read model shows a patient with sessions.
    static func find(in database: Database) async throws -> ChartSubject? {
        let rows = try await database.ledger.read { connection in
            try await connection.query(
                """
                SELECT clinic, patient, count(*), sum(events)::bigint FROM patient_chart.sessions WHERE patient IS NOT NULL \
                GROUP BY clinic, patient HAVING count(*) <= \(count) ORDER BY count(*) DESC, sum(events) DESC LIMIT 1
                """)
        }
        guard let row = rows.first else { return nil }
        let (clinic, patient, sessions, events) = try row.decode(String.self, UUID.self, Int.self, Int.self)
        return ChartSubject(database: database, clinic: clinic, patient: patient, sessions: sessions, events: events)
    }

    /// Seconds of each read but the first ten, and the bytes of the last document.
    func times(_ reads: Int, _ read: (ChartSubject) async throws -> Int) async throws -> (times: [Double], bytes: Int) {
        var (times, bytes): ([Double], Int) = ([], 0)
        let clock = ContinuousClock()
        for number in 0..<reads + 10 {
            let time = try await clock.measure { bytes = try await read(self) } / .seconds(1)
            if number >= 10 { times.append(time) }
        }
        return (times, bytes)
    }

    static func current(_ subject: ChartSubject) async throws -> Int {
        try await subject.database.ledger.chartDocument(of: subject.patient, clinic: subject.clinic)?.utf8.count ?? 0
    }

    static func asOf(_ subject: ChartSubject) async throws -> Int {
        let bounds = History.Bounds(position: .max)
        let chart = try await subject.database.ledger.chart(of: subject.patient, clinic: subject.clinic, bounds: bounds)
        return chart?.document.utf8.count ?? 0
    }

    /// Milliseconds that psql's clock shows for reading the rows of the patient's streams, in the median.
    func reference() async throws -> Double {
        guard let server = database.server else { return 0 }
        let stream = "patient/\(patient.lowercase)"
        let sql = """
            SELECT e.* FROM dripline.events e JOIN dripline.logs l USING (log_id) WHERE l.clinic = '\(clinic)' AND l.log = 'record' \
            AND e.stream IN (SELECT '\(stream)' UNION SELECT stream FROM dripline.events WHERE subject = '\(stream)')
            """
        let output = try await Tool.run(
            try Tool.postgres("psql"),
            [
                "-X", "-q", "-h", server.socketDirectory, "-U", PostgresServer.adminRole, "-d", PostgresServer.database, "-c",
                "\\timing on",
                "-c", "\\o /dev/null",
            ] + Array(repeating: ["-c", sql], count: 20).joined())
        let times = output.split(separator: "\n").filter { $0.hasPrefix("Time: ") }.compactMap { Double($0.split(separator: " ")[1]) }
        return times.quantile(0.5)
    }
}
