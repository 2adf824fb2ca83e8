import Canonical
import Clinic
import Foundation
import Hummingbird
import Ledger
import Projections

extension ClinicRoutes {
    /// Sessions, the latest first: of a state, of a patient, or all; as they are, or as they stood within bounds.
    func sessions(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await knownLog(context)
        let query = Query(request)
        var wanted = SessionQuery(patient: try query.uuid("patient"), limit: try query.limit(upTo: 200))
        if let state = query.text("state") {
            guard let states = SessionQuery.states(named: state) else {
                throw query.problem("state", "must be one of \(SessionQuery.stateNames.joined(separator: ", "))")
            }
            wanted.states = states
        }
        let bounds = try query.bounds
        try await wait(PatientChart.self, log, query)
        let found =
            bounds == History.Bounds()
            ? try await database.ledger.sessions(of: log.clinic, wanted)
            : try await database.ledger.sessions(of: log.clinic, wanted, bounds: bounds)
        return .json(["sessions": .array(found.map(\.json))])
    }

    /// One session with all its facts.
    func session(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await knownLog(context)
        let id = try identifier(context)
        let query = Query(request)
        let bounds = try query.bounds
        try await wait(PatientChart.self, log, query)
        let session =
            bounds == History.Bounds()
            ? try await database.ledger.session(id, clinic: log.clinic)
            : try await database.ledger.session(id, clinic: log.clinic, bounds: bounds)
        guard let session else {
            throw ProblemResponse(.notFound, "unknown-session", "This clinic has no such session, or had none at that point.")
        }
        return .json(context.marked(session.json))
    }
}
