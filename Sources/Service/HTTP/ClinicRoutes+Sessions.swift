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
        let limit = try query.limit(upTo: ClinicRoutes.maximumList)
        var wanted = SessionQuery(patient: try query.uuid("patient"), limit: limit + 1)
        if let state = query.text("state") {
            guard let states = SessionQuery.states(named: state) else {
                throw query.problem("state", "must be one of \(SessionQuery.stateNames.joined(separator: ", "))")
            }
            wanted.states = states
        }
        wanted.after = try query.cursor(of: "sessions", SessionSummary.init(place:))
        let (asked, bounds, ledger) = (wanted, try query.bounds, database.ledger)
        func answer(_ found: [SessionSummary]) -> ListAnswer { ListAnswer("sessions", found, limit: limit, key: \.place, json: \.json) }
        guard bounds == History.Bounds() else {
            try await wait(PatientChart.self, log, query)
            return .json(answer(try await heavy.hold { try await ledger.sessions(of: log.clinic, asked, bounds: bounds) }).json)
        }
        return try await current(PatientChart.self, log, request) { answer(try await ledger.sessions(of: log.clinic, asked)) }
    }

    /// One session with all its facts.
    func session(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let log = try await knownLog(context)
        let id = try identifier(context)
        let query = Query(request)
        let bounds = try query.bounds
        try await wait(PatientChart.self, log, query)
        if bounds == History.Bounds(), request.headers[.ifNoneMatch] != nil,
            let mark = try await database.ledger.sessionMark(of: id, clinic: log.clinic)
        {
            let tag = EntityTag(PatientChart.self, [StreamID.session(id).description: mark])
            if tag.isKnown(to: request) { return .notModified(tag) }
        }
        let session =
            bounds == History.Bounds()
            ? try await database.ledger.session(id, clinic: log.clinic)
            : try await database.ledger.session(id, clinic: log.clinic, bounds: bounds)
        guard let session else {
            throw ProblemResponse(.notFound, "unknown-session", "This clinic has no such session, or had none at that point.")
        }
        let tag = EntityTag(PatientChart.self, [StreamID.session(id).description: session.lastPosition])
        return tag.isKnown(to: request) ? .notModified(tag) : .json(context.marked(session.json)).tagged(tag)
    }
}
