public import Canonical
public import Clinic
import Foundation

/// What a chart knew at one point and at a later one: facts that came, facts that were corrected, and what follows from them.
///
/// Both points are bounds of reading, so a diff can be of two positions, of two times of knowledge, or of one of each.
public struct ChartDiff: Sendable, Hashable {
    public let from: History.Bounds
    public let to: History.Bounds
    /// The patient's stream and the sessions, of those where something differs; sessions in the order of the chart.
    public let parts: [Part]

    public var isEmpty: Bool { parts.isEmpty }

    public init(from: History.Bounds, _ before: Chart?, to: History.Bounds, _ after: Chart) {
        func sections(_ chart: Chart) -> [Section] { [Section(chart.patient)] + chart.sessions.map(Section.init) }
        self.init(from: from, before.map(sections) ?? [], to: to, sections(after))
    }

    public init(from: History.Bounds, _ before: Chart.Session?, to: History.Bounds, _ after: Chart.Session) {
        self.init(from: from, before.map { [Section($0)] } ?? [], to: to, [Section(after)])
    }

    private init(from: History.Bounds, _ before: [Section], to: History.Bounds, _ after: [Section]) {
        self.from = from
        self.to = to
        let former = Dictionary(before.map { ($0.stream, $0) }) { first, _ in first }
        let gone = before.filter { section in !after.contains { $0.stream == section.stream } }
        parts = after.compactMap { Part(former[$0.stream], $0) } + gone.map(Part.init(gone:))
    }

    /// One stream's part of a chart, reduced to what is compared.
    struct Section: Sendable, Hashable {
        let stream: StreamID
        let title: String
        let entries: [Chart.Entry]
        let derived: [String: JSON]
    }

    public struct Part: Sendable, Hashable {
        public let stream: StreamID
        /// `Session 2, 2026-03-10`.
        public let title: String
        public let status: Status
        /// Facts that were not known before, with what was made of them since; in the order of happening.
        public let added: [Chart.Entry]
        /// Facts that were known before and were corrected in between.
        public let corrected: [Correction]
        /// What follows from the facts, where it differs, by name.
        public let derived: [Derived]

        public enum Status: String, Sendable, Hashable {
            /// Nothing was known of it before.
            case new
            case changed
            /// The chart no longer has it: its facts turned out to be another patient's.
            case gone
        }
    }

    public struct Correction: Sendable, Hashable {
        public let before: Chart.Entry
        public let after: Chart.Entry

        /// Those made in between.
        public var corrections: [ChartEvent] {
            let known = Set(before.corrections.map(\.id))
            return after.corrections.filter { !known.contains($0.id) }
        }
        public var isVoided: Bool { after.isVoided && !before.isVoided }
        /// Field by field. Empty where the corrections cancel each other out, and for a voiding.
        public var fields: [Derived] { isVoided ? [] : Derived.list(before.body.members, after.body.members) }
    }

    /// A named value that differs; nil where there was or is none.
    public struct Derived: Sendable, Hashable {
        public let name: String
        public let before: JSON?
        public let after: JSON?

        static func list(_ before: [String: JSON], _ after: [String: JSON]) -> [Derived] {
            Set(before.keys).union(after.keys).sorted().compactMap { name in
                let (old, new) = (before[name], after[name])
                return old?.canonical == new?.canonical ? nil : Derived(name: name, before: old, after: new)
            }
        }
    }
}

extension ChartDiff.Part {
    /// Nil where nothing differs.
    init?(_ before: ChartDiff.Section?, _ after: ChartDiff.Section) {
        let known = Dictionary((before?.entries ?? []).map { ($0.id, $0) }) { first, _ in first }
        let added = after.entries.filter { known[$0.id] == nil }
        let corrected = after.entries.compactMap { entry in
            known[entry.id].flatMap { $0 == entry ? nil : ChartDiff.Correction(before: $0, after: entry) }
        }
        let derived = ChartDiff.Derived.list(before?.derived ?? [:], after.derived)
        if added.isEmpty, corrected.isEmpty, derived.isEmpty { return nil }
        self.init(
            stream: after.stream, title: after.title, status: before == nil ? .new : .changed, added: added, corrected: corrected,
            derived: derived)
    }

    init(gone before: ChartDiff.Section) {
        self.init(stream: before.stream, title: before.title, status: .gone, added: [], corrected: [], derived: [])
    }
}

extension ChartDiff.Section {
    init(_ patient: Chart.Patient) {
        var derived: [String: JSON] = patient.registration.map { EventBody.patientRegistered($0).members } ?? [:]
        derived["consent"] = .string(patient.consent.rawValue)
        derived["candidacy"] = patient.state.candidacy.map { .string($0.rawValue) }
        derived["plan"] = patient.state.latestPlan.map { .string($0.body.plan.lowercase) }
        self.init(stream: .patient(patient.id), title: "Patient", entries: patient.entries, derived: derived)
    }

    init(_ session: Chart.Session) {
        // What the document says beside the facts and the runs.
        let names = [
            "patient", "number", "state", "weight_kg", "given_mg", "given_mg_per_kg", "scheduled_at", "arrived_at", "started_at",
            "stopped_at",
            "discharged_at",
        ]
        let document = session.json
        var derived = Dictionary(names.compactMap { name in document[name].map { (name, $0) } }) { first, _ in first }
        let open = session.state.sideEffects.filter { $0.resolved == nil }.map { JSON.string($0.observed.body.effect.rawValue) }
        if !open.isEmpty { derived["open_side_effects"] = .array(open) }
        derived["recovery_score"] = session.state.recoveryScores.last.map { .number(JSONNumber($0.body.total)) }
        self.init(stream: .session(session.id), title: session.title, entries: session.entries, derived: derived)
    }
}

extension EventBody {
    /// The members of its data.
    var members: [String: JSON] {
        guard case .object(let members) = data else { return [:] }
        return members
    }
}
