public import Canonical
import Clinic
import Foundation

extension Chart.Session {
    /// Where the facts of each type stand in the document.
    static func group(_ type: EventType) -> String {
        switch type {
        case .sessionBooked: "bookings"
        case .patientArrived: "arrivals"
        case .sessionCancelled: "cancellations"
        case .preInfusionAssessed: "assessments"
        case .ivInserted, .ivAttemptFailed, .ivRemoved: "iv"
        case .infusionStarted, .doseAdjusted, .bolusGiven, .infusionStopped: "infusion"
        case .medicationGiven: "medications"
        case .waiverNoted: "waivers"
        case .vitalsRecorded: "vitals"
        case .sideEffectObserved, .sideEffectResolved: "side_effects"
        case .recoveryScored: "recovery_scores"
        case .driverConfirmed, .driverExempted: "drivers"
        case .dischargeOrdered: "discharge_orders"
        case .discharged: "discharges"
        default: "notes"
        }
    }

    /// The facts in groups, each a list in the order of happening (`bookings`, `cancellations`, `arrivals`, `assessments`, `iv`, `infusion`,
    /// `vitals`, `side_effects`, `medications`, `waivers`, `recovery_scores`, `drivers`, `discharge_orders`, `discharges`, `notes`; an empty one is
    /// left out), and what follows from those in force: `session`, `patient`, `number`, `state`, `weight_kg`, `given_mg`, `given_mg_per_kg`, `runs`
    /// with their dose segments and boluses, and times.
    public var json: JSON {
        var members = entries.grouped(by: Chart.Session.group)
        members["session"] = .string(id.lowercase)
        members["last_position"] = .number(JSONNumber(lastPosition))
        members["last_occurred_at"] = .optional(lastOccurredAt)
        members["patient"] = patient.map { .string($0.lowercase) }
        members["number"] = number.map { .number(JSONNumber($0)) }
        members["state"] = state.phase.map { .string($0.rawValue) }
        members["weight_kg"] = state.weight.map(JSON.of)
        members["given_mg"] = given.map(JSON.of)
        members["given_mg_per_kg"] = givenPerKilogram.map(JSON.of)
        members["scheduled_at"] = .optional(state.booked?.body.scheduledAt)
        members["arrived_at"] = .optional(state.arrival?.at)
        members["started_at"] = .optional(startedAt)
        members["stopped_at"] = .optional(stoppedAt)
        members["discharged_at"] = .optional(state.discharge?.at)
        if !state.runs.isEmpty { members["runs"] = .array(state.runs.map { $0.json(until: knownUntil ?? $0.start.at) }) }
        return .object(members)
    }

    public init(json: JSON) throws(DocumentError) {
        let fields = try DocumentFields(json, "session")
        id = try fields.required("session", \.uuid)
        lastPosition = try fields.required("last_position", \.int64)
        entries = try Chart.Entry.gather(from: fields, by: Chart.Session.group, stream: .session(id))
        state = SessionState(entries.history)
    }
}

extension InfusionRun {
    /// - Parameter known: how far a run that still goes is known.
    fileprivate func json(until known: Timestamp) -> JSON {
        var members: [String: JSON] = [
            "start": .string(start.id.lowercase), "from": .string(start.at.description),
            "segments": .array(segments.map { $0.json(until: known) }),
        ]
        members["to"] = .optional(end)
        let boluses = self.allBoluses
        if !boluses.isEmpty { members["boluses"] = .array(boluses.map(\.json)) }
        members["stop"] = stop.map { .string($0.id.lowercase) }
        members["given_mg"] = (try? given(at: end ?? known)).map(JSON.of)
        return .object(members)
    }
}

extension DoseSegment {
    /// What it gave, without the bolus at a start; nil where that doesn't fit.
    func given(until known: Timestamp) -> Milligrams? {
        try? Milligrams(rate: rate, microseconds: max(0, (to ?? known).microseconds(since: from)))
    }

    fileprivate func json(until known: Timestamp) -> JSON {
        var members: [String: JSON] = ["event": .string(event.lowercase), "from": .string(from.description), "rate_mg_per_h": .of(rate)]
        members["to"] = .optional(to)
        members["given_mg"] = given(until: known).map(JSON.of)
        return .object(members)
    }
}
