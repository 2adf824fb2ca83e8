import Canonical
import Clinic
import Hummingbird
import Ledger
import Projections

extension ClinicRoutes {
    /// What a chart knew at two points: `from` and `to`, each a position or a time of knowledge, and `at` for both.
    func diff(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await knownLog(context)
        let id = try identifier(context)
        let query = Query(request)
        let at = try query.time("at")
        let (from, to) = (try point("from", query, at: at), try point("to", query, at: at))
        if let first = from.position, let second = to.position, first > second { throw query.problem("to", "must not lie before from") }
        if let first = from.knownAt, let second = to.knownAt, first > second { throw query.problem("to", "must not lie before from") }
        guard let found = try await database.ledger.diff(of: id, clinic: log.clinic, from: from, to: to) else {
            throw ProblemResponse(.notFound, "unknown-patient", "This clinic has no such patient, or had none at the later point.")
        }
        return .json(context.marked(found.diff.json))
    }

    private func point(_ name: String, _ query: Query, at: Timestamp?) throws -> History.Bounds {
        guard let text = query.text(name) else { throw query.problem(name, "is missing: a position, or a time with an offset") }
        if let position = Int64(text), position >= 0 { return History.Bounds(at: at, position: position) }
        return History.Bounds(at: at, knownAt: try query.time(name))
    }
}
