import ArgumentParser
import Canonical
import Foundation
import Ledger
import Logging
import Postgres
import Projections
import Service

/// All read models from the log, beside the tables that serve, to the switch; against reading the same log out by COPY.
struct RebuildBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Rebuild all read models from a large log, beside COPY of the log and of the finished tables.")

    @Option(help: "About how many events the log holds.") var events = 200_000
    @Option(help: "How many parts are folded at once.") var jobs = 2
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        let perSession = 100
        try await BenchClinic.with(sessions: max(1, events / perSession)) { clinic in
            for round in stride(from: 0, to: perSession, by: 50) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for part in 0..<8 {
                        group.addTask {
                            for index in stride(from: part, to: clinic.sessions.count, by: 8) {
                                for _ in round..<round + 50 {
                                    let request = try BenchClinic.vitals(on: clinic.sessions[index])
                                    _ = try await clinic.database.recorder.record(request, in: clinic.log, actor: "adm")
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let size = try await clinic.database.ledger.head(of: clinic.log).size
            let clock = ContinuousClock()
            let time = try await clock.measure { try await clinic.database.projector.rebuild(jobs: jobs) } / .seconds(1)
            let copied = try await copyOut(clinic)
            let rate = Double(size) / time
            if json {
                let members: JSON = [
                    "bench": "rebuild", "events": .number(JSONNumber(size)), "events_per_second": .number(JSONNumber(Int(rate))),
                    "copy_out_events_per_second": .number(JSONNumber(Int(Double(size) / copied))),
                    "ratio": .number(JSONNumber(thousandths: Int64(copied / time * 1000))),
                ]
                return print(members.canonical)
            }
            print(
                String(
                    format: "%d events, all projections: %.0f events/s (%.1f s); COPY out of the log %.0f/s; ratio %.3f", Int(size), rate,
                    time,
                    Double(size) / copied, copied / time))
        }
    }

    private func copyOut(_ clinic: BenchClinic) async throws -> Double {
        guard let server = clinic.database.server else { return .nan }
        let connection = try await Connection.connect(server.settings(), logger: .init(label: "bench"))
        let time = try await ContinuousClock().measure {
            _ = try await connection.copyOut("COPY (SELECT position, stream, type, payload FROM dripline.events) TO STDOUT (FORMAT binary)")
            {
                _ = try $0.field(Int64.self)
                _ = try $0.field(String.self)
                _ = try $0.field(String.self)
                _ = try $0.field(JSONText.self)
            }
        }
        await connection.close()
        return time / .seconds(1)
    }
}
