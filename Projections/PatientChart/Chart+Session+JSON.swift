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
    public var json: JSON { .written { self.write(to: &$0) } }

    func write(to writer: inout CanonicalWriter) {
        let groups = entries.grouped(by: Chart.Session.group)
        writer.object { writer in
            writer.member("arrivals", groups["arrivals"])
            writer.member("arrived_at", state.arrival?.at)
            writer.member("assessments", groups["assessments"])
            writer.member("bookings", groups["bookings"])
            writer.member("cancellations", groups["cancellations"])
            writer.member("discharge_orders", groups["discharge_orders"])
            writer.member("discharged_at", state.discharge?.at)
            writer.member("discharges", groups["discharges"])
            writer.member("drivers", groups["drivers"])
            writer.member("given_mg", given)
            writer.member("given_mg_per_kg", givenPerKilogram)
            writer.member("infusion", groups["infusion"])
            writer.member("iv", groups["iv"])
            writer.member("last_occurred_at", lastOccurredAt)
            writer.member("last_position", lastPosition)
            writer.member("medications", groups["medications"])
            writer.member("notes", groups["notes"])
            writer.member("number", number.map(Int64.init))
            writer.member("patient", patient)
            writer.member("recovery_scores", groups["recovery_scores"])
            if !state.runs.isEmpty {
                writer.key("runs")
                writer.array(of: state.runs) { $1.write(to: &$0, until: knownUntil ?? $1.start.at) }
            }
            writer.member("scheduled_at", state.booked?.body.scheduledAt)
            writer.member("session", id)
            writer.member("side_effects", groups["side_effects"])
            writer.member("started_at", startedAt)
            writer.member("state", state.phase?.rawValue)
            writer.member("stopped_at", stoppedAt)
            writer.member("vitals", groups["vitals"])
            writer.member("waivers", groups["waivers"])
            writer.member("weight_kg", state.weight)
        }
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
    fileprivate func write(to writer: inout CanonicalWriter, until known: Timestamp) {
        writer.object { writer in
            let boluses = allBoluses
            if !boluses.isEmpty {
                writer.key("boluses")
                writer.array(of: boluses) { $1.write(to: &$0) }
            }
            writer.member("from", start.at)
            writer.member("given_mg", try? given(at: end ?? known))
            writer.key("segments")
            writer.array(of: segments) { $1.write(to: &$0, until: known) }
            writer.member("start", start.id)
            writer.member("stop", stop?.id)
            writer.member("to", end)
        }
    }
}

extension DoseSegment {
    /// What it gave, without the bolus at a start; nil where that doesn't fit.
    func given(until known: Timestamp) -> Milligrams? {
        try? Milligrams(rate: rate, microseconds: max(0, (to ?? known).microseconds(since: from)))
    }

    fileprivate func write(to writer: inout CanonicalWriter, until known: Timestamp) {
        writer.object { writer in
            writer.member("event", event)
            writer.member("from", from)
            writer.member("given_mg", given(until: known))
            writer.member("rate_mg_per_h", rate)
            writer.member("to", to)
        }
    }
}
