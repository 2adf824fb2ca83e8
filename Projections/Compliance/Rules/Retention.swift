import Canonical
import Clinic

/// A8: nothing of a chart is erased before its retention date: so many years after the last session, and for minors not before they are 21.
///
/// There is no event yet by which anything could be erased; the log keeps everything. Once there is one it stands on the patient's stream, and this
/// rule judges it there.
struct Retention: Rule {
    let id = "A8"
    let title = "Kept until retention ends"
    let citation = "45 CFR 164.316(b)(2)(i); state law"
    let needs = "the erasures on the patient's stream"
    let streams: Set<StreamKind> = [.patient]
    let verdicts: Set<Verdict> = [.notApplicable]
    let policyValues = ["retention_years"]

    func evaluate(_ evidence: Evidence) -> Finding { evidence.notApplicable("Nothing was erased") }
}
