import Postgres

/// Leaves the processors to those who append: while many events are recorded, only one of a rebuild's workers goes on.
struct Courtesy {
    /// Whether this is the worker that always goes on.
    let goesOn: Bool
    private static let pause: Duration = .milliseconds(200)

    /// What counts as many, a second.
    private let limit: Double
    private var seen: (size: Int64, at: ContinuousClock.Instant)?

    /// - Parameter limit: below 100 events a second nobody notices a second worker.
    init(worker: Int, limit: Double = 100) {
        goesOn = worker == 0
        self.limit = limit
    }

    /// Waits while many events are recorded and there is work left for the others.
    /// - Parameter left: a query that has a row as long as there is.
    mutating func wait(while left: String, _ parameters: [(any SQLValue)?], on connection: Connection) async throws {
        guard !goesOn else { return }
        while try await isBusy(connection), try await !connection.query(left, parameters).isEmpty {
            try await Task.sleep(for: Self.pause)
        }
    }

    private mutating func isBusy(_ connection: Connection) async throws -> Bool {
        if seen == nil {
            seen = try await look(connection)
            try await Task.sleep(for: Self.pause / 4)
        }
        let now = try await look(connection)
        defer { seen = now }
        guard let seen else { return false }
        return Double(now.size - seen.size) > limit * ((now.at - seen.at) / .seconds(1))
    }

    private func look(_ connection: Connection) async throws -> (size: Int64, at: ContinuousClock.Instant) {
        let row = try await connection.query("SELECT coalesce(sum(size), 0)::bigint FROM dripline.logs").first
        return (try row?.decode(Int64.self) ?? 0, .now)
    }
}
