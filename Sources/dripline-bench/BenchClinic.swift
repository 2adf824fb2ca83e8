import Canonical
import Foundation
import Ledger
import Service
import Synchronization

/// A clinic on a database of its own, which is removed afterwards.
struct BenchClinic: Sendable {
    let database: Database
    let log: LogName
    /// Sessions whose patients have arrived: vitals can be charted on them.
    let sessions: [UUID]

    /// - Parameter sessions: how many patients arrive.
    static func with<T>(sessions: Int, _ body: (BenchClinic) async throws -> T) async throws -> T {
        try await BenchDatabase.with { database in
            let log = SimulatedLog.name()
            return try await body(BenchClinic(database: database, log: log, sessions: arrivals(sessions, in: log, database)))
        }
    }

    /// A new clinic with patients who have arrived; their sessions.
    static func arrivals(_ count: Int, in log: LogName, _ database: Database) async throws -> [UUID] {
        let now = Timestamp.now().adding(minutes: -60)
        try await BenchClinic.record(
            "clinic", "StaffEnrolled",
            ["staff": "adm", "name": "Bench", "roles": ["administrator", "nurse", "prescriber", "front_desk"]], at: now, in: log, database)
        var sessions: [UUID] = []
        for number in 0..<count {
            let (patient, session) = (UUID(), UUID())
            try await BenchClinic.record(
                "patient/\(patient.lowercase)", "PatientRegistered",
                ["mrn": .string("B-\(number)"), "family": "Bench", "given": ["Number"], "birth_date": "1980-01-01", "sex": "unknown"],
                at: now, in: log, database)
            try await BenchClinic.record(
                "session/\(session.lowercase)", "PatientArrived", ["patient": .string(patient.lowercase), "weight_kg": 70], at: now,
                in: log, database)
            sessions.append(session)
        }
        return sessions
    }

    /// Events of a session, as in care; then a client goes on to another.
    static let sessionLength = 100

    /// Appends by so many clients, each one after another, while `body` runs. A second.
    func appends(by clients: Int, while body: () async throws -> Void) async throws -> Double {
        let tally = Tally()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                group.addTask {
                    var made = 0
                    while !tally.isOver.load(ordering: .relaxed) {
                        let session = sessions[(client + made / Self.sessionLength * clients) % sessions.count]
                        _ = try await database.recorder.record(try BenchClinic.vitals(on: session), in: log, actor: "adm")
                        tally.count.add(1, ordering: .relaxed)
                        made += 1
                    }
                }
            }
            let time = try await elapsed(body)
            let all = tally.count.load(ordering: .relaxed)
            tally.isOver.store(true, ordering: .relaxed)
            try await group.waitForAll()
            return Double(all) / time
        }
    }

    private static func record(
        _ stream: String, _ type: String, _ data: JSON, at: Timestamp, in log: LogName, _ database: Database
    ) async throws {
        let json: JSON = [
            "command": .string(UUID().lowercase), "stream": .string(stream), "type": .string(type), "occurred_at": .string(at.description),
            "data": data,
        ]
        _ = try await database.recorder.record(try AppendRequest(json, form: .single), in: log, actor: "adm")
    }

    /// One set of vitals on a session, as a client sends it.
    static func vitals(on session: UUID) throws -> AppendRequest {
        try AppendRequest(
            [
                "command": .string(UUID().lowercase), "stream": .string("session/\(session.lowercase)"), "type": "VitalsRecorded",
                "occurred_at": .string(Timestamp.now().description),
                "data": [
                    "phase": "infusion", "heart_rate": 72, "systolic_mmhg": 128, "diastolic_mmhg": 81, "spo2_percent": 97,
                    "respiratory_rate": 14, "pain_nrs": 3, "source": "manual",
                ],
            ], form: .single)
    }
}

/// How many appends were answered, and whether there are to be more.
private final class Tally: Sendable {
    let count = Atomic(0)
    let isOver = Atomic(false)
}
