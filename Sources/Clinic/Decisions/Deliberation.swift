import Canonical
import Foundation

/// One call of `decide` at work: the streams with the proposal's earlier events on top, and what has been consulted so far.
struct Deliberation {
    /// Why it ends before every event is accepted.
    enum Stop: Error {
        case refused(Refusal)
        case needs(Set<StreamID>)
    }

    let proposal: Proposal
    let now: Timestamp
    /// Histories as given: perhaps all that an import has in hand, so never copied.
    private let given: [StreamID: History]
    /// The proposal's own stream with the accepted events on top; nil before the first.
    private var own: History?
    /// Versions as given, of the streams that the decision depends on.
    private var consulted: [StreamID: Int64] = [:]
    /// The override of the request, once its gate is known to exist.
    var override: Override?
    /// The clinic folded at a version of its stream: one fold serves all events of a proposal.
    private var folded: (version: Int64, reference: ClinicReference)?
    private(set) var index = 0

    /// How far a clock at the bedside may run ahead of the server's.
    static let clockToleranceMinutes: Int64 = 5
    static let maximumReasonLength = 2000

    init(_ proposal: Proposal, known: [StreamID: History], now: Timestamp) {
        self.proposal = proposal
        given = known
        self.now = now
    }

    mutating func conclude() throws(Stop) -> Acceptance {
        try checkEnvelope()
        try requestStreams()
        if known(proposal.stream)?.events.contains(where: { $0.command == proposal.command }) == true {
            return acceptance
        }
        try checkErased()
        let chainsDoses = proposal.stream.kind == .session && proposal.events.contains { $0.body.setRate != nil }
        for index in proposal.events.indices {
            self.index = index
            try checkTime()
            try judge()
            try requireSignatures()
            // The last one is put on top only for who looks there: it copies the history.
            if chainsDoses || index + 1 < proposal.events.endIndex { accept() }
        }
        if chainsDoses { try checkDoseChain() }
        return acceptance
    }

    private var acceptance: Acceptance {
        let conditions = consulted.map { Acceptance.Condition(stream: $0.key, version: $0.value) }
        return Acceptance(
            conditions: conditions.sorted { $0.stream.description < $1.stream.description },
            isNeverBlocked: proposal.stream != .clinic && proposal.events.allSatisfy { !$0.body.type.isConditional },
            subjects: proposal.events.map(subject), override: override)
    }

    /// The other stream that an event concerns; for an amendment that of the amended data, so that an infusion which is moved to another vial
    /// is found there.
    private func subject(of event: Proposal.Event) -> StreamID? {
        guard case .eventAmended(let amendment) = event.body else { return event.body.subject }
        guard let type = known(proposal.stream)?.root(of: amendment.target)?.body.type else { return nil }
        return try? amendment.body(replacing: type).subject
    }

    /// Asks at once for every stream that is sure to be needed, so that the caller rarely has to load twice.
    ///
    /// The stream of an access event is loaded only where the event refers to another one there: charts are read far more often than anything
    /// else happens. That such a command is a repeat, the log knows by itself.
    private func requestStreams() throws(Stop) {
        var wanted: Set<StreamID> = []
        if !proposal.stream.isInAccessLog || proposal.events.contains(where: { $0.body.type.refersToItsStream }) {
            wanted.insert(proposal.stream)
        }
        for event in proposal.events {
            if event.body.type.isConditional || proposal.stream.isInAccessLog { wanted.insert(.clinic) }
            wanted.formUnion(event.body.streamsToLookAt)
        }
        try need(wanted)
    }

    /// Nil for a stream that was not given.
    func known(_ stream: StreamID) -> History? { stream == proposal.stream ? own ?? given[stream] : given[stream] }

    /// Ends with all of these streams that are still unknown, rather than with one after the other.
    func need(_ streams: Set<StreamID>) throws(Stop) {
        let missing = streams.filter { known($0) == nil }
        if !missing.isEmpty { throw .needs(missing) }
    }

    /// Puts the accepted event on top of its stream.
    private mutating func accept() {
        guard var history = known(proposal.stream) else { return }
        // Let go of while it grows, so that it is appended to in place.
        own = nil
        history.append(recorded(after: history))
        own = history
    }

    /// What the stream would be with the event under judgement.
    func withEventOnTop() throws(Stop) -> History {
        var history = try peek(proposal.stream)
        history.append(recorded(after: history))
        return history
    }

    /// The event with the place that it would get if nobody else wrote meanwhile.
    private func recorded(after history: History) -> ChartEvent {
        ChartEvent(
            position: history.position + 1, version: history.version + 1, id: event.id, stream: proposal.stream, actor: proposal.actor,
            command: proposal.command, occurredAt: event.occurredAt, recordedAt: now, chartedAt: proposal.chartedAt, override: override,
            body: event.body, signatures: event.signatures)
    }

    /// Turns back to an event that has been judged, so that a refusal names it.
    mutating func judging(_ index: Int) { self.index = index }

    // MARK: Streams

    /// The event under judgement.
    var event: Proposal.Event { proposal.events[index] }

    /// A stream that the answer depends on: its version becomes a condition, unless it stands in the other log. An append reaches one log only.
    mutating func consult(_ stream: StreamID) throws(Stop) -> History {
        let history = try peek(stream)
        guard stream.isInAccessLog == proposal.stream.isInAccessLog else { return history }
        if consulted[stream] == nil {
            // The proposal's own events don't count: the condition is on what the log holds.
            consulted[stream] = history.version - (stream == proposal.stream ? Int64(index) : 0)
        }
        return history
    }

    /// A stream that is only looked at: later changes don't matter.
    func peek(_ stream: StreamID) throws(Stop) -> History {
        guard let history = known(stream) else { throw .needs([stream]) }
        return history
    }

    /// The clinic's policies, forms and staff. A dependency.
    mutating func clinic() throws(Stop) -> ClinicReference {
        let history = try consult(.clinic)
        if let folded, folded.version == history.version { return folded.reference }
        let reference = ClinicReference(history)
        folded = (history.version, reference)
        return reference
    }

    // MARK: Refusing

    /// Ends with a refusal. `field` is a pointer within the event (`/data/…`, `/occurred_at`); the message is repeated there.
    func refuse(_ kind: Refusal.Kind, _ code: String, _ message: String, at field: String? = nil) -> Stop {
        let problems = field.map { [Problem(pointer: proposal.pointer(toEvent: index) + $0, message: message)] } ?? []
        return .refused(Refusal(kind: kind, code: code, message: message, problems: problems))
    }
}
