public import Canonical
public import Clinic
public import Foundation

extension Chart {
    /// What is on the stream of one session.
    public struct Session: Sendable, Hashable {
        public let id: UUID
        /// In the order of happening, voided ones too.
        public let entries: [Entry]
        /// The last position on the stream, corrections included; 0 where there is none.
        public let lastPosition: Int64
        /// The facts in force, folded.
        public let state: SessionState

        public init(_ id: UUID, _ history: History) {
            self.id = id
            entries = Entry.all(of: history)
            lastPosition = history.events.last?.position ?? 0
            state = SessionState(history)
        }

        /// As two read models show it; folded once.
        static func of(_ history: History, _ id: UUID) -> Session { history.derived { Session(id, $0) } }

        public var patient: UUID? { state.patient }
        public var number: Int? { state.booked?.body.number }
        public var lastOccurredAt: Timestamp? { entries.last { !$0.isVoided }?.event.occurredAt }
        public var startedAt: Timestamp? { state.runs.first?.start.at }
        /// When the last run ended; nil while one runs.
        public var stoppedAt: Timestamp? { state.runs.last?.end }
        public var corrections: Int { entries.reduce(0) { $0 + $1.corrections.count } }

        /// When it took place: the arrival, else what is booked, else the first fact.
        public var at: Timestamp? { state.arrival?.at ?? state.booked?.body.scheduledAt ?? entries.first?.event.occurredAt }
        var orderedAt: Timestamp { at ?? Timestamp(microseconds: .max) }

        /// Up to when doses are known: the end of the infusion, or the last fact while it runs.
        var knownUntil: Timestamp? { state.runs.last.map { run in run.end ?? max(lastOccurredAt ?? run.start.at, run.start.at) } }

        /// What all runs have given, by the charted rates; nil where no infusion was started.
        public var given: Milligrams? { knownUntil.flatMap { try? state.given(at: $0) } }
        public var givenPerKilogram: MilligramsPerKilogram? {
            given.flatMap { given in state.weight.flatMap { try? given.per($0) } }
        }

        /// The session as it stood at an instant, for the rate beside a set of vitals. Nil while no infusion runs.
        func rate(at instant: Timestamp) -> MilligramsPerHour? {
            guard let run = state.runs.last(where: { $0.start.at <= instant }), run.end.map({ instant < $0 }) ?? true else { return nil }
            return run.adjustments.last { $0.at <= instant }?.body.toRateMgPerH ?? run.start.body.rateMgPerH
        }
    }
}
