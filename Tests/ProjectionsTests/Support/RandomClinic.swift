import Canonical
import Clinic
import Foundation
import Ledger

/// A clinic at work, made from a seed: several patients and sessions at once, late entries, amendments, voidings, amendments of those, overrides,
/// policies, forms and staff that change in between. Everything went through the decisions, so it is what the service would have recorded.
struct RandomClinic {
    var random: SeededGenerator
    private(set) var known: [StreamID: History] = [:]
    private(set) var position: Int64 = 0
    private(set) var patients: [UUID] = []
    private(set) var sessions: [UUID] = []
    private(set) var vials: [UUID] = []
    private(set) var clock = Timestamp(microseconds: 1_780_322_400_000_000)  // 2026-06-01T14:00:00Z
    private var serial = 0

    let maximumPatients: Int
    /// Whether it adopts policies; it always enrols staff and publishes forms.
    var adoptsPolicies = true

    init(seed: UInt64, maximumPatients: Int = 4) {
        random = SeededGenerator(seed: seed)
        self.maximumPatients = maximumPatients
    }

    func history(_ stream: StreamID) -> History { known[stream] ?? History() }

    /// The next commands of the clinic's log, about `count` events.
    mutating func work(events count: Int) -> [AppendCommand] {
        var commands: [AppendCommand] = []
        let goal = position + Int64(count)
        while position < goal {
            if let command = propose(draft()) { commands.append(command) }
        }
        return commands
    }

    /// Leaves its patients and sessions alone from now on: what follows is about others.
    mutating func moveOn() {
        patients = []
        sessions = []
        clock = clock.adding(minutes: 600)
    }

    /// What somebody is about to chart.
    struct Draft {
        var stream: StreamID
        var actor: String
        var type: EventType
        var data: JSON
        var minutesAgo: Int64 = 0
        var override: Gate?
    }

    /// Records a draft if the decisions accept it. Answers the command that a log would get.
    mutating func propose(_ draft: Draft) -> AppendCommand? {
        guard let body = try? EventBody(type: draft.type, data: draft.data) else {
            preconditionFailure("a draft of \(draft.type) is not well formed: \(draft.data.canonical)")
        }
        let id = random.uuid()
        let occurred = clock.adding(minutes: -draft.minutesAgo)
        // Imported, so that whether an entry is late does not depend on when the test runs. One in ten was entered days later.
        let charted = occurred.adding(minutes: random.once(in: 10) ? 3000 : 2)
        let override = draft.override.map { Proposal.OverrideRequest(gate: $0.rawValue, reason: "Seen and decided.") }
        let event = Proposal.Event(id: UUID.v5(namespace: id, name: "0"), occurredAt: occurred, body: body)
        let proposal = Proposal(
            stream: draft.stream, actor: draft.actor, command: id, events: [event], override: override, chartedAt: charted)
        guard let acceptance = accepted(proposal) else { return nil }
        position += 1
        known[draft.stream, default: History()].append(
            ChartEvent(
                position: position, version: history(draft.stream).version + 1, id: event.id, stream: draft.stream, actor: draft.actor,
                command: id, occurredAt: occurred, recordedAt: clock, chartedAt: charted, override: acceptance.override, body: body))
        return AppendCommand(
            id: id, actor: draft.actor, chartedAt: charted,
            events: [
                NewEvent(
                    stream: draft.stream.description, type: draft.type.rawValue, occurredAt: occurred,
                    subject: acceptance.subjects[0]?.description,
                    override: acceptance.override.map { NewEvent.Override(gate: $0.gate.rawValue, reason: $0.reason) },
                    payload: body.data.canonical)
            ])
    }

    private func accepted(_ proposal: Proposal) -> Acceptance? {
        var loaded: [StreamID: History] = [:]
        while true {
            switch decide(proposal, known: loaded, now: clock.adding(minutes: 6000)) {
            case .accepted(let acceptance): return acceptance
            case .refused: return nil
            case .needs(let streams): for stream in streams { loaded[stream] = history(stream) }
            }
        }
    }

    private mutating func draft() -> Draft {
        clock = clock.adding(seconds: Int64.random(in: 10...240, using: &random))
        if random.once(in: 60) { clock = clock.adding(minutes: 60 * 20) }
        if position < Self.foundingSteps { return founding(Int(position)) }
        var draft =
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<3: clinicDraft()
            case 3..<16 where patients.count < maximumPatients: patientDraft(register(), isNew: true)
            case 3..<14: patients.randomElement(using: &random).map { patientDraft($0, isNew: false) } ?? clinicDraft()
            case 14..<24: correction()
            case 24..<30: vialDraft()
            default: sessionDraft()
            }
        if draft.type != .patientRegistered, random.once(in: 12) { draft.minutesAgo = Int64.random(in: 1...90, using: &random) }
        if random.once(in: 6) {
            draft.override = Gate.allCases.randomElement(using: &random)
            draft.actor = "dr.lin"
        }
        return draft
    }

    private mutating func register() -> UUID {
        let patient = random.uuid()
        patients.append(patient)
        return patient
    }

    mutating func book() -> UUID {
        let session = random.uuid()
        sessions.append(session)
        return session
    }

    mutating func unpack() -> UUID {
        let vial = random.uuid()
        vials.append(vial)
        return vial
    }

    /// A number that no other draft has.
    mutating func next() -> Int {
        serial += 1
        return serial
    }
}
