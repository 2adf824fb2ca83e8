import Canonical
import HTTPTypes
import Hummingbird
import Ledger
import Projections

/// Whether the process lives, and whether it can serve.
struct HealthRoutes: Sendable {
    let database: Database

    func add(to router: Router<ServiceContext>) {
        router.get("healthz") { _, _ in Response.json(["status": "ok"]) }
        router.get("readyz") { _, _ in await ready() }
    }

    /// How long the database may take to answer. Short: whoever asks has a time limit of their own.
    static let patience: Duration = .seconds(2)

    private func ready() async -> Response {
        await withTaskGroup(of: Response?.self) { group in
            group.addTask { await judge() }
            group.addTask {
                try? await Task.sleep(for: HealthRoutes.patience)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? withoutDatabase
        }
    }

    private var withoutDatabase: Response {
        .json(["status": "not ready", "part": "database", "detail": "the database cannot be reached"], status: .serviceUnavailable)
    }

    /// 200 when the database answers and the read models are there; else 503, saying which part is not ready.
    private func judge() async -> Response {
        do {
            let status = try await database.ledger.projectionStatus()
            let logs = try await database.ledger.heads().filter { $0.log.kind == .record }
            guard !status.isEmpty || logs.isEmpty else {
                return .json(
                    ["status": "not ready", "part": "projections", "detail": "no projector has run yet"], status: .serviceUnavailable)
            }
            if let outdated = status.first(where: \.isOutdated) {
                return .json(
                    ["status": "not ready", "part": "projections", "detail": .string("\(outdated.name) is being rebuilt")],
                    status: .serviceUnavailable)
            }
            let lag = status.map(\.lag).max() ?? 0
            return .json(["status": "ready", "projection_lag_events": .number(JSONNumber(lag))])
        } catch {
            return withoutDatabase
        }
    }
}
