import Canonical
import Foundation
import Ledger
import Logging
import Postgres
import Service

/// A clinic on an embedded database in a directory that is removed afterwards.
struct BenchClinic: Sendable {
    let database: Database
    let log: LogName
    /// Sessions whose patients have arrived: vitals can be charted on them.
    let sessions: [UUID]
    private let directory: String

    /// - Parameter sessions: how many patients arrive.
    static func with<T>(sessions: Int, _ body: (BenchClinic) async throws -> T) async throws -> T {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("dripline-bench-\(UUID().lowercase.prefix(8))").path
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let database = try await Database.open(.embedded(directory: directory), logger: logger)
        do {
            let clinic = try await BenchClinic(database: database, directory: directory, sessions: sessions)
            let value = try await body(clinic)
            await database.close()
            try? FileManager.default.removeItem(atPath: directory)
            return value
        } catch {
            await database.close()
            try? FileManager.default.removeItem(atPath: directory)
            throw error
        }
    }

    private init(database: Database, directory: String, sessions count: Int) async throws {
        guard let log = LogName(clinic: "bench") else { preconditionFailure("bench is a clinic's name") }
        self.database = database
        self.directory = directory
        self.log = log
        sessions = try await BenchClinic.arrivals(count, in: log, database)
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
                in: log,
                database)
            sessions.append(session)
        }
        return sessions
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

/// Runs another program and gives what it prints.
enum Tool {
    static func run(_ path: String, _ arguments: [String], environment: [String: String] = [:]) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: waiting for a child must not block one of the cooperative pool.
            Thread.detachNewThread {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: path)
                process.arguments = arguments
                process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
                let output = Pipe()
                process.standardOutput = output
                process.standardError = FileHandle.nullDevice
                do {
                    try process.run()
                    let data = try output.fileHandleForReading.readToEnd() ?? Data()
                    process.waitUntilExit()
                    continuation.resume(returning: String(decoding: data, as: UTF8.self))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    /// The newest installed `name` among Debian's PostgreSQL programs, or the one on the path.
    static func postgres(_ name: String) throws -> String {
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []).sorted {
            (Double($0) ?? 0) > (Double($1) ?? 0)
        }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
        for candidate in versions.map({ "/usr/lib/postgresql/\($0)/bin/\(name)" }) + path
        where FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        throw CocoaError(.fileNoSuchFile, userInfo: [NSLocalizedDescriptionKey: "\(name) is not installed (Debian: postgresql)"])
    }
}
