public import Canonical
public import Clinic
public import Foundation

/// The verdict of one rule on one stream, as the table `verdicts` holds it and programs read it.
public struct Judgement: Sendable, Hashable {
    public let clinic: String
    public let stream: StreamID
    /// The patient of a session, whose stream it is, or whose chart was accessed; nil for a vial's and the clinic's own.
    public let patient: UUID?
    /// The number of the session in its series; nil where it isn't booked, or for other streams.
    public let session: Int?
    /// When the session took place: the arrival, else the time it is booked for. Nil for other streams.
    public let sessionAt: Timestamp?
    /// The id of the rule.
    public let rule: String
    public let ruleSet: String
    public let finding: Finding

    public init(
        clinic: String, stream: StreamID, patient: UUID?, session: Int?, sessionAt: Timestamp?, rule: String,
        ruleSet: String = RuleSet.version,
        finding: Finding
    ) {
        self.clinic = clinic
        self.stream = stream
        self.patient = patient
        self.session = session
        self.sessionAt = sessionAt
        self.rule = rule
        self.ruleSet = ruleSet
        self.finding = finding
    }

    public var verdict: Verdict { finding.verdict }

    /// What every rule that judges the dossier's stream says of it, in the order of the rule set.
    public static func all(of dossier: Dossier) -> [Judgement] {
        let evidence = Evidence(dossier)
        let session = evidence.session
        let patient: UUID? =
            switch dossier.stream.kind {
            case .patient: dossier.stream.id
            case .access: dossier.history.events.lazy.compactMap(\.body.subject).first?.id
            case .session, .vial, .clinic: session.patient
            }
        return RuleSet.rules.filter { $0.streams.contains(dossier.stream.kind) }.map { rule in
            Judgement(
                clinic: dossier.clinic, stream: dossier.stream, patient: patient,
                session: session.booked?.body.number, sessionAt: session.arrival?.at ?? session.booked?.body.scheduledAt, rule: rule.id,
                finding: judge(evidence, by: rule))
        }
    }

    /// What one rule says of the dossier's stream.
    static func of(_ dossier: Dossier, by rule: any Rule) -> Finding { judge(Evidence(dossier), by: rule) }

    /// As verdicts are listed: sessions by their time, then the other streams; each stream's rules by their ids.
    static func inOrder(_ left: Judgement, _ right: Judgement) -> Bool {
        let far = Timestamp(microseconds: .max)
        return (left.sessionAt ?? far, left.stream.description, left.rule) < (right.sessionAt ?? far, right.stream.description, right.rule)
    }

    private static func judge(_ evidence: Evidence, by rule: any Rule) -> Finding {
        switch evidence.progress {
        case .awaited where rule.needsArrival: evidence.notApplicable("The patient has not arrived")
        case .open: rule.evaluate(evidence).undecided()
        case .awaited, .discharged, .notASession: rule.evaluate(evidence)
        }
    }
}
