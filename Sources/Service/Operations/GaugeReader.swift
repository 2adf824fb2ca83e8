import Foundation
import Ledger
import Projections

/// Reads the gauges that are not counted as things happen, when somebody asks for the metrics; of the database at most once a second, however often
/// that is.
actor GaugeReader {
    private let ledger: Ledger
    private let telemetry: Telemetry
    private let admission: Admission
    private let connections: ConnectionTable
    private var lastReading: ContinuousClock.Instant?

    static let interval: Duration = .seconds(1)
    /// How long the database may take.
    static let patience: Duration = .seconds(5)

    init(_ ledger: Ledger, telemetry: Telemetry, admission: Admission, connections: ConnectionTable) {
        self.ledger = ledger
        self.telemetry = telemetry
        self.admission = admission
        self.connections = connections
    }

    func read() async {
        telemetry.set("dripline_http_requests_in_flight", Double(admission.requests))
        telemetry.set("dripline_http_streams", Double(admission.streams))
        telemetry.set("dripline_http_connections", Double(connections.count))
        let pool = ledger.poolUse
        telemetry.set("dripline_pool_connections", Double(pool.connections))
        telemetry.set("dripline_pool_connections_limit", Double(pool.limit))
        telemetry.set("dripline_pool_waiters", Double(pool.waiters))
        telemetry.set("dripline_append_queue_commands", Double(await ledger.waitingCommands()))
        Process.set(telemetry)
        if let lastReading, .now - lastReading < Self.interval { return }
        lastReading = .now
        let isUp = await withinTime(Self.patience) { [self] in (try? await readDatabase()) != nil } ?? false
        telemetry.set("dripline_database_up", isUp ? 1 : 0)
    }

    private func readDatabase() async throws {
        for lag in try await ledger.projectionLag() {
            let labels = [("projection", lag.name), ("log", lag.log.rawValue)]
            telemetry.set("dripline_projection_lag_events", Double(lag.events), labels)
            telemetry.set("dripline_projection_lag_seconds", lag.seconds, labels)
        }
        let lags = try await ledger.sealLag()
        for kind in LogName.Kind.allCases {
            let ofKind = lags.filter { $0.log.kind == kind }
            telemetry.set("dripline_seal_lag_events", Double(ofKind.map(\.events).max() ?? 0), [("log", kind.rawValue)])
            telemetry.set("dripline_seal_lag_seconds", ofKind.map(\.seconds).max() ?? 0, [("log", kind.rawValue)])
        }
    }

    /// What the system knows of this process, under the names that Prometheus' client libraries use.
    private enum Process {
        static let began = Date().timeIntervalSince1970

        static func set(_ telemetry: Telemetry) {
            telemetry.set("process_start_time_seconds", began)
            if let pages = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " "), pages.count > 1,
                let resident = Double(pages[1])
            {
                telemetry.set("process_resident_memory_bytes", resident * Double(sysconf(Int32(_SC_PAGESIZE))))
            }
            if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
                telemetry.set("process_open_fds", Double(files))
            }
        }
    }
}

/// What `body` gives within a time, else nil; it is cancelled then and waited for.
func withinTime<T: Sendable>(_ limit: Duration, _ body: @escaping @Sendable () async -> T) async -> T? {
    await withTaskGroup(of: T?.self) { group in
        group.addTask { await body() }
        group.addTask {
            try? await Task.sleep(for: limit)
            return nil
        }
        let first = await group.next() ?? nil
        group.cancelAll()
        return first
    }
}
