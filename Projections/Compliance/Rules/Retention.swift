import Canonical
import Clinic

/// A8: nothing of a chart is erased before its retention date: so many years after the last care, and for minors not before they are 21. A legal order
/// goes before it.
///
/// The birth date went with the data; the erasure keeps the year up to which the chart had to be kept, which a pure decision computed from it.
struct Retention: Rule {
    let id = "A8"
    let title = "Kept until retention ends"
    let citation = "45 CFR 164.316(b)(2)(i); state law"
    let needs = "the erasures on the patient's stream"
    let streams: Set<StreamKind> = [.patient]
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable]
    let policyValues = ["retention_years"]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let erasure = PatientState(evidence.history).erasure else {
            guard let first = evidence.history.erased.first else { return evidence.notApplicable("Nothing was erased") }
            return evidence.notApplicable("Data that was recorded at \(first.recordedAt.dateAndClock) was erased later")
        }
        let (body, policy) = (erasure.body, evidence.policy(at: erasure.at))
        let approved = "approved by \(body.approvedBy.joined(separator: " and ")) on the authority of \(body.authority)"
        let deciding = [evidence.deciding(erasure)]
        func finding(_ verdict: Verdict, _ sentence: String) -> Finding { evidence.finding(verdict, sentence, deciding, at: erasure.at) }
        let kept = body.lastCareOn.adding(years: policy.retentionYears)
        let isOver = erasure.at.date > kept && erasure.at.date.year >= body.retainedThrough
        if Set(body.approvedBy).count < 2 { return finding(.fail, "Erased without two different people who approved it") }
        if isOver {
            return finding(
                .pass,
                "Erased on \(erasure.at.date), \(approved); the last care was on \(body.lastCareOn), policy \(policy.version) keeps a chart for "
                    + Phrase.count(policy.retentionYears, "year"))
        }
        if body.isLegalOrder {
            return finding(.overridden, "Erased on \(erasure.at.date) before the end of retention, by a legal order: \(approved)")
        }
        return finding(
            .fail,
            "Erased on \(erasure.at.date), before the end of retention in \(max(kept.year, body.retainedThrough)), and by no legal order: \(approved)"
        )
    }
}
