import Canonical
import Clinic
import Foundation

/// A dose at once, on top of the rate: with the start of an infusion, or while it runs.
struct Bolus: Sendable, Hashable {
    let event: UUID
    let position: Int64
    let at: Timestamp
    let dose: Milligrams
    /// Nil at a start, which doesn't say.
    let over: Minutes?
    let reason: String?
    let actor: String
    let orderedBy: String

    func write(to writer: inout CanonicalWriter) {
        writer.object { writer in
            writer.member("at", at)
            writer.member("dose_mg", dose)
            writer.member("event", event)
        }
    }
}

extension InfusionRun {
    /// All of it, the one at the start first.
    var allBoluses: [Bolus] {
        var all: [Bolus] = []
        if let dose = start.body.bolusMg, dose > .zero {
            all.append(
                Bolus(
                    event: start.id, position: start.position, at: start.at, dose: dose, over: nil, reason: nil, actor: start.actor,
                    orderedBy: start.body.prescriber))
        }
        return all
            + boluses.map {
                Bolus(
                    event: $0.id, position: $0.position, at: $0.at, dose: $0.body.doseMg, over: $0.body.overMin, reason: $0.body.reason,
                    actor: $0.actor, orderedBy: $0.body.orderedBy)
            }
    }
}
