import CoreMetrics
import HTTPTypes
import Hummingbird
import Ledger
import Synchronization

/// All that the service measures, by swift-metrics. Names, help and labels stand here and nowhere else; no label holds anything of a patient, an
/// account or an address.
public final class Telemetry: Sendable {
    public let metrics: PrometheusMetrics
    let appendTime: Timer
    let batchCommands: CoreMetrics.Recorder
    let batchEvents: CoreMetrics.Recorder
    let commitTime: Timer
    private let cuts: [ConnectionGuard.Cut: Counter]
    private let requests = Mutex<[RequestKind: (count: Counter, time: Timer)]>([:])
    private let refusals = Mutex<[String: Counter]>([:])

    struct RequestKind: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    public init() {
        let metrics = PrometheusMetrics(Self.descriptions)
        self.metrics = metrics
        appendTime = Timer(label: "dripline_append_seconds", factory: metrics)
        commitTime = Timer(label: "dripline_commit_seconds", factory: metrics)
        batchCommands = CoreMetrics.Recorder(label: "dripline_batch_commands", factory: metrics)
        batchEvents = CoreMetrics.Recorder(label: "dripline_batch_events", factory: metrics)
        cuts = Dictionary(
            uniqueKeysWithValues: ConnectionGuard.Cut.allCases.map {
                ($0, Counter(label: "dripline_http_connections_cut", dimensions: [("reason", $0.rawValue)], factory: metrics))
            })
    }

    /// What the ledger tells of its appends.
    var observer: LedgerObserver {
        LedgerObserver(
            appended: { [appendTime] in appendTime.record(duration: $0) },
            committed: { [batchCommands, batchEvents, commitTime] commands, events, time in
                batchCommands.record(commands)
                batchEvents.record(events)
                commitTime.record(duration: time)
            })
    }

    func cut(_ reason: ConnectionGuard.Cut) { cuts[reason]?.increment() }

    func answered(_ kind: RequestKind, in time: Duration) {
        let (count, timer) = requests.withLock { requests in
            if let known = requests[kind] { return known }
            let dimensions = [("route", kind.route), ("method", kind.method), ("status", String(kind.status))]
            let new = (
                count: Counter(label: "dripline_http_requests", dimensions: dimensions, factory: metrics),
                time: Timer(label: "dripline_http_request_seconds", dimensions: [("route", kind.route)], factory: metrics)
            )
            if requests.count < PrometheusMetrics.maximumSeries { requests[kind] = new }
            return new
        }
        count.increment()
        timer.record(duration: time)
    }

    /// - Parameter reason: the code of the problem details that were answered.
    func refused(_ reason: String) {
        let counter = refusals.withLock { refusals in
            if let known = refusals[reason] { return known }
            let new = Counter(label: "dripline_refusals", dimensions: [("reason", reason)], factory: metrics)
            if refusals.count < PrometheusMetrics.maximumSeries { refusals[reason] = new }
            return new
        }
        counter.increment()
    }

    func set(_ label: String, _ value: Double, _ dimensions: [(String, String)] = []) {
        Meter(label: label, dimensions: dimensions, factory: metrics).set(value)
    }

    static let descriptions: [String: PrometheusMetrics.Description] = [
        "dripline_append_seconds": .init(help: "From handing a command to its clinic's queue until it is durable."),
        "dripline_commit_seconds": .init(help: "One call of append, with the commit."),
        "dripline_batch_commands": .init(help: "Commands that went down in one commit.", buckets: MetricFamily.counts),
        "dripline_batch_events": .init(help: "Events that went down in one commit.", buckets: MetricFamily.counts),
        "dripline_append_queue_commands": .init(help: "Commands that wait for the next commit, over all clinics."),
        "dripline_projection_lag_events": .init(help: "Events that a read model does not hold yet; the clinic that is furthest behind."),
        "dripline_projection_lag_seconds": .init(help: "Since when the oldest of these was recorded."),
        "dripline_seal_lag_events": .init(help: "Events that no signed checkpoint covers yet; the log that is furthest behind."),
        "dripline_seal_lag_seconds": .init(help: "Since when the oldest of these was recorded."),
        "dripline_pool_connections": .init(help: "Connections to the database, open or being opened."),
        "dripline_pool_connections_limit": .init(help: "The most connections to the database."),
        "dripline_pool_waiters": .init(help: "Who waits for a connection to the database."),
        "dripline_refusals_total": .init(help: "Requests that were refused, by the code of their problem details."),
        "dripline_http_requests_total": .init(help: "Requests, by route, method and status."),
        "dripline_http_request_seconds": .init(help: "From the head of a request to the head of its answer."),
        "dripline_http_requests_in_flight": .init(help: "Requests that are being worked on."),
        "dripline_http_streams": .init(help: "Live streams that are open."),
        "dripline_http_connections": .init(help: "Connections that are open."),
        "dripline_http_connections_cut_total": .init(
            help: "Connections that were cut because the client was too slow, or too many were open."),
        "dripline_database_up": .init(help: "1 where the database answered this reading, else 0, and then its gauges are those of before."),
        "process_resident_memory_bytes": .init(help: "Resident memory of this process."),
        "process_start_time_seconds": .init(help: "When this process began, in seconds since 1970."),
        "process_open_fds": .init(help: "Open file descriptors of this process."),
    ]
}

extension Timer {
    func record(duration: Duration) {
        let (seconds, attoseconds) = duration.components
        recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
