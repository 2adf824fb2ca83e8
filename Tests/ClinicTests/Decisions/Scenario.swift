import Canonical
import Clinic
import Foundation
import Testing

/// A clinic's log in memory: what is given, and what a decision says of what is proposed on top.
///
///     try given(.infusing).when(.doseAdjusted(30, 40)).then(.refused("stale-rate", .conflict))
struct Scenario {
    private(set) var known: [StreamID: History] = [:]
    private var position: Int64 = 0
    var now = Story.now

    init(_ steps: [Step]) throws {
        for step in steps { try append(step) }
    }

    func history(_ stream: StreamID) -> History { known[stream] ?? History() }

    /// Records without deciding, as a log that stands already.
    mutating func append(_ step: Step, command: UUID = UUID()) throws {
        position += 1
        let event = ChartEvent(
            position: position, version: history(step.stream).version + 1, id: step.id, stream: step.stream, actor: step.actor,
            command: command,
            occurredAt: Story.time(step.minute), recordedAt: now, override: step.override, body: try step.body)
        known[step.stream, default: History()].append(event)
    }

    /// Puts another history in a stream's place.
    mutating func replace(_ stream: StreamID, _ history: History) { known[stream] = history }

    /// Decides as the service does: with the streams that the decision asks for, no others.
    func decide(_ proposal: Proposal) -> Outcome {
        var loaded: [StreamID: History] = [:]
        for round in 1... {
            switch Clinic.decide(proposal, known: loaded, now: now) {
            case .accepted(let acceptance): return Outcome(result: .success(acceptance), loaded: Set(loaded.keys), rounds: round)
            case .refused(let refusal): return Outcome(result: .failure(refusal), loaded: Set(loaded.keys), rounds: round)
            case .needs(let streams):
                // Asking again for what it has would go on for ever.
                guard streams.isDisjoint(with: loaded.keys), !streams.isEmpty else { preconditionFailure("asked twice for \(streams)") }
                for stream in streams { loaded[stream] = history(stream) }
            }
        }
        preconditionFailure("unreachable")
    }

    /// - Parameter signatures: given at a door that asks for them; nil where nobody does.
    func when(
        _ steps: Step..., by actor: String? = nil, overriding gate: String? = nil, because reason: String = "Discussed at the bedside.",
        acting roles: Set<StaffRole>? = nil, signed signatures: [Signature]? = nil, flat: Bool? = nil
    ) throws -> Outcome {
        decide(try Self.proposal(steps, by: actor, overriding: gate, because: reason, acting: roles, signed: signatures, flat: flat))
    }

    static func proposal(
        _ steps: [Step], by actor: String? = nil, overriding gate: String? = nil, because reason: String = "Discussed.",
        acting roles: Set<StaffRole>? = nil, signed signatures: [Signature]? = nil, flat: Bool? = nil
    ) throws -> Proposal {
        let events = try steps.map {
            Proposal.Event(id: $0.id, occurredAt: Story.time($0.minute), body: try $0.body, signatures: signatures ?? [])
        }
        return Proposal(
            stream: steps.first?.stream ?? Story.session, actor: actor ?? steps.first?.actor ?? "nia", events: events,
            override: gate.map { Proposal.OverrideRequest(gate: $0, reason: reason) }, roles: roles,
            requiresSignatures: signatures != nil, isFlat: flat)
    }
}

/// A session's scenario on top of a clinic, a vial in its safe, and a patient who is ready for it.
func given(
    _ session: [Step] = [], patient: [Step] = .patient, clinic: [Step] = .clinic, vial: [Step] = [.received]
) throws -> Scenario {
    try Scenario(clinic + patient + vial + session)
}
