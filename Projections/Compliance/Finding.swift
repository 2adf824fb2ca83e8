public import Canonical
import Clinic

/// What one rule says of one stream, and on what it rests.
public struct Finding: Sendable, Hashable {
    public let verdict: Verdict
    /// One sentence for people. Times are UTC. Names staff by handle, patients never.
    public let sentence: String
    /// In the order in which they happened; at least one where the verdict is `pass`, `fail` or `overridden`.
    public let deciding: [DecidingEvent]
    /// The policy in force when it was decided.
    public let policyVersion: String
    /// When it was decided at the patient's side: the time of the policy. Nil where nothing happened that decides.
    public let decidedAt: Timestamp?
    /// When the mere passing of time may change the verdict: a deadline that is still open. Nil where nothing is awaited.
    public let reconsiderAt: Timestamp?

    public init(
        verdict: Verdict, sentence: String, deciding: [DecidingEvent], policyVersion: String, decidedAt: Timestamp?,
        reconsiderAt: Timestamp? = nil
    ) {
        self.verdict = verdict
        self.sentence = sentence
        self.deciding = Set(deciding).sorted { ($0.occurredAt, $0.position) < ($1.occurredAt, $1.position) }
        self.policyVersion = policyVersion
        self.decidedAt = decidedAt
        self.reconsiderAt = reconsiderAt
    }

    /// What an undecided sentence starts with.
    static let openPrefix = "The session is open. So far: "

    /// The same while the session is open, when only a failure is certain.
    func undecided() -> Finding {
        guard verdict != .fail else { return self }
        return Finding(
            verdict: .indeterminate, sentence: Self.openPrefix + sentence, deciding: deciding, policyVersion: policyVersion,
            decidedAt: decidedAt, reconsiderAt: reconsiderAt)
    }
}
