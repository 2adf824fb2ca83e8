public import Canonical
public import Clinic
public import Foundation
public import Ledger

/// What an audit found: the model behind both forms of its report.
///
/// It depends on the scope and the logs' bytes alone. It holds the findings with their events, not the verdicts that hold, so it grows with what is
/// wrong and not with the logs.
public struct Audit: Sendable {
    public let scope: AuditScope
    /// The record, then the accesses.
    public internal(set) var logs: [Log] = []
    public internal(set) var policies: [PolicyInForce] = []
    /// Events by type: the record's, then the accesses'.
    public internal(set) var eventCounts: [EventCount] = []
    public internal(set) var streamCounts = StreamCounts()
    /// How often each rule came to each verdict.
    public internal(set) var verdicts: [String: [Verdict: Int]] = [:]
    /// Failures, what was overridden, and what is not determined yet; in this order, by rule, then by stream.
    public internal(set) var findings: [Finding] = []
    public internal(set) var overrides: [OverrideMade] = []
    public internal(set) var corrections: [Correction] = []
    public internal(set) var lateEntries: [LateEntry] = []
    public internal(set) var emergencies: [Emergency] = []
    public internal(set) var disclosures: [Disclosure] = []
    public internal(set) var erasures: [Erasure] = []
    public internal(set) var notJudged: [NotJudged] = []

    init(scope: AuditScope) { self.scope = scope }

    /// Whether both logs are intact and can be read.
    public var isIntact: Bool { logs.allSatisfy(\.faults.isEmpty) }

    /// Whether a rule came to this verdict, the rule of the logs' own integrity included.
    public func found(_ verdict: Verdict) -> Bool { verdicts.values.contains { ($0[verdict] ?? 0) > 0 } }
}

extension Audit {
    /// One of the two logs as it was replayed.
    public struct Log: Sendable {
        public let log: LogName
        /// How far it was read.
        public let position: Int64
        /// The root of the Merkle tree (RFC 6962) of the leaves up to there, recomputed; 32 bytes.
        public let root: [UInt8]
        public let lastRecordedAt: Timestamp?
        public let erased: [Int64]
        public let faults: [Replay.Fault]
        /// Nil where nothing is signed within the position, or an export carries no checkpoint that small.
        public let sealed: SealedState?

        /// `record`, `log of accesses`.
        var name: String { log.kind == .record ? "record" : "log of accesses" }
    }

    /// A policy and from when on it holds.
    public struct PolicyInForce: Sendable {
        /// Nil for the values that hold before the first is adopted.
        public let from: Timestamp?
        public let policy: Policy
    }

    public struct EventCount: Sendable {
        public let log: LogName
        public let type: String
        /// In the log up to the position.
        public let all: Int
        /// Of them, those that occurred in the period.
        public let inPeriod: Int
    }

    /// What was audited.
    public struct StreamCounts: Sendable {
        /// Sessions by how far they have come.
        public internal(set) var sessions: [SessionState.Phase: Int] = [:]
        /// Everybody whose session or own stream was audited.
        public internal(set) var patients: Set<UUID> = []
        public internal(set) var vials = 0
        public internal(set) var accesses = 0

        public var allSessions: Int { sessions.values.reduce(0, +) }
    }

    /// A verdict that is no pass, with its events in context.
    public struct Finding: Sendable {
        public let stream: AuditedStream
        public let judgement: Judgement
        public let context: [AuditEvent]
    }

    public struct OverrideMade: Sendable {
        public let stream: AuditedStream
        public let event: AuditEvent
        public let override: Override
    }

    /// A correction: who made it, when and why, and what it changed.
    public struct Correction: Sendable {
        public enum Effect: Sendable {
            case amended
            case voided
            /// An amendment was taken back.
            case amendmentVoided
            /// It does nothing, for this reason.
            case none(History.Defect.Reason)
        }

        public let stream: AuditedStream
        public let correction: ChartEvent
        /// What it reaches; nil where it reaches nothing.
        public let target: ChartEvent?
        public let effect: Effect
        public let reason: String
        /// What was in force before it, and after it; nil where nothing is.
        public let before: EventBody?
        public let after: EventBody?
    }

    public struct LateEntry: Sendable {
        public let stream: AuditedStream
        public let event: AuditEvent
        /// From the fact to its entry, µs.
        public let delay: Int64
        public let policy: Policy
    }

    /// A chart that was opened in an emergency, and its reviews.
    public struct Emergency: Sendable {
        public let stream: AuditedStream
        public let invocation: AuditEvent
        public let reason: String
        public let reviews: [AuditEvent]
    }

    public struct Disclosure: Sendable {
        public let stream: AuditedStream
        public let event: AuditEvent
        public let disclosure: DisclosureMade
    }

    /// A patient whose data was erased, as one of the logs tells it.
    public struct Erasure: Sendable {
        public let stream: AuditedStream
        public let event: AuditEvent
        public let erasure: PayloadErased
    }

    /// A stream on which no rule was evaluated, because its verdicts would rest on events that cannot be relied on.
    public struct NotJudged: Sendable {
        public let stream: StreamID
        /// Events of a stream that could not be relied on.
        public struct Cause: Sendable, Hashable {
            public let stream: String
            public let positions: [Int64]
        }
        public let causes: [Cause]
    }
}
