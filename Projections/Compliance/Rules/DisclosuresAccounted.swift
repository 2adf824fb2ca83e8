import Canonical
import Clinic

/// A6: each disclosure names its date, the recipient, what was disclosed and why. No disclosure can be charted without them, and what the log holds is
/// never deleted, so that six years and more are kept; a disclosure that was voided is still counted among what can be accounted for.
struct DisclosuresAccounted: Rule {
    let id = "A6"
    let title = "Disclosures accounted for"
    let citation = "45 CFR 164.528"
    let needs = "the disclosures on the access stream, corrected or not"
    let streams: Set<StreamKind> = [.access]
    let verdicts: Set<Verdict> = [.pass, .notApplicable]

    func evaluate(_ evidence: Evidence) -> Finding {
        let disclosures = evidence.history.entries.filter { $0.event.body.type == .disclosureMade }
        guard let last = disclosures.last else { return evidence.notApplicable("Nothing was disclosed") }
        let voided = disclosures.count(where: \.isVoided)
        return evidence.finding(
            .pass,
            "\(Phrase.count(disclosures.count, "disclosure")) with date, recipient, description and purpose, kept since "
                + "\(disclosures.map(\.event.occurredAt).min().map { "\($0.date)" } ?? "")" + (voided == 0 ? "" : "; \(voided) voided"),
            disclosures.map { DecidingEvent($0.event) }, at: last.event.occurredAt)
    }
}
