public import Canonical
public import Clinic
public import Foundation
public import Ledger
import Postgres

/// A line of a list of sessions.
public struct SessionSummary: Sendable, Hashable {
    public let id: UUID
    public let patient: UUID?
    public let number: Int?
    /// As in the read model: `booked`, `infusing` …; nil for a session of which only stray facts are charted.
    public let state: String?
    public let scheduledAt: Timestamp?
    public let arrivedAt: Timestamp?
    public let startedAt: Timestamp?
    public let stoppedAt: Timestamp?
    public let dischargedAt: Timestamp?

    public var json: JSON {
        var members: [String: JSON] = ["session": .string(id.lowercase)]
        members["patient"] = patient.map { .string($0.lowercase) }
        members["number"] = number.map { .number(JSONNumber($0)) }
        members["state"] = state.map { .string($0) }
        members["scheduled_at"] = .optional(scheduledAt)
        members["arrived_at"] = .optional(arrivedAt)
        members["started_at"] = .optional(startedAt)
        members["stopped_at"] = .optional(stoppedAt)
        members["discharged_at"] = .optional(dischargedAt)
        return .object(members)
    }

    /// The latest first, those without any time last.
    func stands(before other: SessionSummary) -> Bool {
        let none = Timestamp(microseconds: .min)
        let (mine, theirs) = (arrivedAt ?? scheduledAt ?? none, other.arrivedAt ?? other.scheduledAt ?? none)
        return mine == theirs ? id.lowercase < other.id.lowercase : mine > theirs
    }
}

extension SessionSummary {
    public init(
        session id: UUID, patient: UUID? = nil, state: String? = nil, scheduledAt: Timestamp? = nil, arrivedAt: Timestamp? = nil
    ) {
        self.init(
            id: id, patient: patient, number: nil, state: state, scheduledAt: scheduledAt, arrivedAt: arrivedAt, startedAt: nil,
            stoppedAt: nil, dischargedAt: nil)
    }

    init(_ session: Chart.Session) {
        self.init(
            id: session.id, patient: session.patient, number: session.number, state: session.state.phase?.rawValue,
            scheduledAt: session.state.booked?.body.scheduledAt, arrivedAt: session.state.arrival?.at, startedAt: session.startedAt,
            stoppedAt: session.stoppedAt, dischargedAt: session.state.discharge?.at)
    }

    fileprivate init(_ row: Row) throws {
        let (id, patient, number, state, scheduled, arrived, started, stopped, discharged) = try row.decode(
            UUID.self, UUID?.self, Int64?.self, String?.self, SQLTimestamp?.self, SQLTimestamp?.self, SQLTimestamp?.self,
            SQLTimestamp?.self, SQLTimestamp?.self)
        self.init(
            id: id, patient: patient, number: number.map(Int.init), state: state, scheduledAt: scheduled.map { Timestamp($0) },
            arrivedAt: arrived.map { Timestamp($0) }, startedAt: started.map { Timestamp($0) }, stoppedAt: stopped.map { Timestamp($0) },
            dischargedAt: discharged.map { Timestamp($0) })
    }
}

/// Which sessions to list.
public struct SessionQuery: Sendable, Hashable {
    /// Nil for those in any state, and for those without one.
    public var states: [SessionState.Phase]?
    public var patient: UUID?
    public var limit: Int
    /// Only those that stand after this one in the list.
    public var after: SessionSummary?

    /// Arrived, and not discharged.
    public static let active: [SessionState.Phase] = [.arrived, .ivIn, .infusing, .paused, .recovering]

    public init(states: [SessionState.Phase]? = nil, patient: UUID? = nil, limit: Int = 100, after: SessionSummary? = nil) {
        self.states = states
        self.patient = patient
        self.limit = max(0, limit)
        self.after = after
    }

    /// `active`, or the name of one state.
    public static func states(named name: String) -> [SessionState.Phase]? {
        name == "active" ? active : SessionState.Phase(rawValue: name).map { [$0] }
    }

    /// What `states(named:)` knows.
    public static let stateNames = ["active"] + SessionState.Phase.allCases.map(\.rawValue)

    func admits(_ session: SessionSummary) -> Bool {
        (states?.contains { $0.rawValue == session.state } ?? true) && (patient.map { $0 == session.patient } ?? true)
            && (after?.stands(before: session) ?? true)
    }
}

extension Ledger {
    /// Sessions from the read model, the latest first.
    public func sessions(of clinic: String, _ query: SessionQuery = SessionQuery()) async throws -> [SessionSummary] {
        let place = query.after.map { $0.arrivedAt ?? $0.scheduledAt }
        let time = place.flatMap(\.self).map { SQLTimestamp(microseconds: $0.microseconds) }
        let rows = try await read { connection in
            try await connection.query(
                """
                SELECT session, patient, number, state, scheduled_at, arrived_at, started_at, stopped_at, discharged_at \
                FROM patient_chart.sessions \
                WHERE clinic = $1 AND ($2::text[] IS NULL OR state = ANY ($2)) AND ($3::uuid IS NULL OR patient = $3) \
                AND ($5::uuid IS NULL OR coalesce(arrived_at, scheduled_at) < $6 \
                OR (coalesce(arrived_at, scheduled_at) IS NULL AND $6 IS NOT NULL) \
                OR (coalesce(arrived_at, scheduled_at) IS NOT DISTINCT FROM $6::timestamptz AND session > $5)) \
                ORDER BY coalesce(arrived_at, scheduled_at) DESC NULLS LAST, session LIMIT $4
                """, [clinic, query.states?.map(\.rawValue), query.patient, Int64(query.limit), query.after?.id, time])
        }
        return try rows.map { try SessionSummary($0) }
    }

    /// Sessions folded from the log within bounds, the latest first: the list as it stood. Reads every session stream, a bounded number at a time.
    public func sessions(of clinic: String, _ query: SessionQuery, bounds: History.Bounds) async throws -> [SessionSummary] {
        var found: [SessionSummary] = []
        try await fold(.session, clinic: clinic, bounds: bounds) { id, history in
            let summary = SessionSummary(Chart.Session(id, history))
            if query.admits(summary) { found.append(summary) }
        }
        return Array(found.sorted { $0.stands(before: $1) }.prefix(query.limit))
    }

    /// One session folded from the log as it stood within bounds; nil where its stream has no event within them.
    /// - Throws: `ProjectionError.erased`
    public func session(_ session: UUID, clinic: String, bounds: History.Bounds) async throws -> Chart.Session? {
        guard let log = LogName(clinic: clinic) else { return nil }
        let stream = StreamID.session(session).description
        let stored = try await streams([stream], of: log, upTo: bounds.position)
        let history = try History(stored: stored[stream] ?? [], clinic: clinic, bounds: bounds)
        if history.events.isEmpty, !history.erased.isEmpty { throw ProjectionError.erased(.session(session)) }
        return history.events.isEmpty ? nil : Chart.Session(session, history)
    }
}
