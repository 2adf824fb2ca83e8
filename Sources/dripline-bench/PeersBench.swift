import ArgumentParser
import Canonical
import Clinic
import Foundation
import Ledger
import Logging
import Postgres
import Projections
import Service

/// The same history of sessions, appended one event a commit by eight clients and folded again, here and by the PyPI library `eventsourcing`.
struct PeersBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers", abstract: "Append and replay beside the PyPI library eventsourcing on the same server (scripts/bench peers).")

    @Option(help: "Events in all.") var events = 20_000
    @Option(help: "Of each session.") var perSession = 100
    @Option(help: "How many append at once.") var clients = 8
    @Option(help: "The Python that has the library; scripts/bench makes one.") var python: String
    @Option(help: "The script that uses it.") var script = "scripts/peers/eventsourcing_peer.py"
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await BenchClinic.with(sessions: max(clients, events / perSession)) { clinic in
            guard let server = clinic.database.server else { return }
            let appended = try await append(clinic)
            let replayed = try await replay(clinic)
            let answer = try await Tool.run(
                python,
                [
                    script, server.socketDirectory, PostgresServer.adminRole, PostgresServer.database, "\(clients)",
                    "\(clinic.sessions.count)", "\(perSession)",
                ])
            guard let peer = try? JSON.parse(answer), case .number(let append)? = peer["append_per_second"],
                case .number(let replay)? = peer["replay_per_second"], let append = append.int64, let replay = replay.int64
            else {
                print("The peer's script gave no figures: \(answer)")
                throw ExitCode.failure
            }
            var figures = Figures("peers")
            figures.add("clients", clients)
            figures.add("appends_per_second", appended)
            figures.add("peer_appends_per_second", append)
            figures.ratio("append_ratio", appended / Double(append))
            figures.add("replayed_per_second", replayed)
            figures.add("peer_replayed_per_second", replay)
            figures.ratio("replay_ratio", replayed / Double(replay))
            try output.tell(figures)
        }
    }

    /// Vitals until each session has its events; arrivals are there already. Events a second.
    private func append(_ clinic: BenchClinic) async throws -> Double {
        let time = try await elapsed {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<clients {
                    group.addTask {
                        for session in stride(from: client, to: clinic.sessions.count, by: clients) {
                            for _ in 1..<perSession {
                                let request = try BenchClinic.vitals(on: clinic.sessions[session])
                                _ = try await clinic.database.recorder.record(request, in: clinic.log, actor: "adm")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        return Double(clinic.sessions.count * (perSession - 1)) / time
    }

    /// Every session's history from the log, and its state. Events a second.
    private func replay(_ clinic: BenchClinic) async throws -> Double {
        let streams = clinic.sessions.map { "session/\($0.lowercase)" }
        let time = try await elapsed {
            for start in stride(from: 0, to: streams.count, by: 50) {
                let part = Array(streams[start..<min(start + 50, streams.count)])
                let stored = try await clinic.database.ledger.streams(part, of: clinic.log)
                for stream in part {
                    let history = try History(stored: stored[stream] ?? [], clinic: clinic.log.clinic)
                    guard SessionState(history).exists, history.events.count >= perSession else { throw ExitCode.failure }
                }
            }
        }
        return Double(streams.count * perSession) / time
    }
}
