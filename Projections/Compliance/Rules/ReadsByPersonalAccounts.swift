import Canonical
import Clinic

/// A4: whoever read a chart was enrolled at that time, under a handle that was theirs alone. A handle that several people were enrolled under, without
/// having been revoked in between, is shared. That each read is in the access log is the work of the service: from the log alone nobody sees what is missing.
struct ReadsByPersonalAccounts: Rule {
    let id = "A4"
    let title = "Reads by personal accounts"
    let citation = "45 CFR 164.312(a)(2)(i), (b), (d)"
    let needs = "the chart reads on the access stream, and the staff of the clinic"
    let streams: Set<StreamKind> = [.access]
    let verdicts: Set<Verdict> = [.pass, .fail, .notApplicable]

    func evaluate(_ evidence: Evidence) -> Finding {
        let reads = evidence.history.clinical.filter { $0.body.type == .chartRead }
        guard let last = reads.last else { return evidence.notApplicable("No chart was read") }
        let faults = reads.compactMap { read in fault(of: read, evidence.reference).map { (read: read, words: $0) } }
        guard let first = faults.first?.read else {
            let readers = Set(reads.map(\.actor)).sorted()
            return evidence.finding(
                .pass, "\(Phrase.count(reads.count, "read")) under personal accounts, by \(Phrase.list(readers))",
                reads.map(DecidingEvent.init),
                at: last.occurredAt)
        }
        let named = faults.map { "the read of \($0.read.occurredAt.dateAndClock) by \($0.read.actor), \($0.words)" }
        return evidence.finding(
            .fail, "Under no personal account: \(Phrase.list(named))", faults.map { DecidingEvent($0.read) }, at: first.occurredAt)
    }

    /// Why a read is under no personal account; nil where it is.
    private func fault(of read: ChartEvent, _ reference: ClinicReference) -> String? {
        guard reference.staff(read.actor, at: read.occurredAt) != nil else {
            return reference.hasEverEnrolled(read.actor) ? "who was not enrolled then" : "whom nobody enrolled"
        }
        let people = reference.people(sharing: read.actor, at: read.occurredAt)
        return people > 1 ? "a handle of \(people) people" : nil
    }
}
