import Canonical
import Clinic
import Foundation
import Hummingbird
import Ledger
import Postgres
import Projections

extension ClinicRoutes {
    /// The states of a session, as in the read model, and `active`: arrived, and not discharged.
    private static let states = ["booked", "arrived", "iv_in", "infusing", "paused", "recovering", "discharged"]

    /// Sessions, the latest first: of a state, of a patient, or all.
    func sessions(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let log = try await knownLog(context)
        let query = Query(request)
        let state = query.text("state")
        if let state, state != "active", !Self.states.contains(state) {
            throw query.problem("state", "must be active or one of \(Self.states.joined(separator: ", "))")
        }
        let patient = try query.uuid("patient")
        let limit = try query.limit(upTo: 200)
        try await wait(PatientChart.self, log, query)
        let wanted = state == "active" ? Self.states.filter { $0 != "booked" && $0 != "discharged" } : state.map { [$0] }
        let rows = try await database.ledger.read { connection in
            try await connection.query(
                """
                SELECT session, patient, number, state, scheduled_at, arrived_at, started_at, stopped_at, discharged_at \
                FROM patient_chart.sessions \
                WHERE clinic = $1 AND ($2::text[] IS NULL OR state = ANY ($2)) AND ($3::uuid IS NULL OR patient = $3) \
                ORDER BY coalesce(arrived_at, scheduled_at) DESC NULLS LAST, session LIMIT $4
                """, [log.clinic, wanted, patient, Int64(limit)])
        }
        return .json(["sessions": .array(try rows.map(Self.line))])
    }

    private static func line(_ row: Row) throws -> JSON {
        let (session, patient, number, state, scheduled, arrived, started, stopped, discharged) = try row.decode(
            UUID.self, UUID?.self, Int64?.self, String?.self, SQLTimestamp?.self, SQLTimestamp?.self, SQLTimestamp?.self,
            SQLTimestamp?.self, SQLTimestamp?.self)
        var members: [String: JSON] = ["session": .string(session.lowercase)]
        if let patient { members["patient"] = .string(patient.lowercase) }
        if let number { members["number"] = .number(JSONNumber(number)) }
        if let state { members["state"] = .string(state) }
        let times = [
            ("scheduled_at", scheduled), ("arrived_at", arrived), ("started_at", started), ("stopped_at", stopped),
            ("discharged_at", discharged),
        ]
        for (name, time) in times {
            if let time { members[name] = .string(Timestamp(microseconds: time.microseconds).description) }
        }
        return .object(members)
    }
}
