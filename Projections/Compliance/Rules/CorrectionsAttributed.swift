import Canonical
import Clinic
import Foundation

/// A2: every correction names its author, time and reason, and its author may record what they corrected. On charts a prescriber always may.
struct CorrectionsAttributed: Rule {
    let id = "A2"
    let title = "Corrections attributed"
    let citation = "CMS Publication 100-08, §3.3.2.5"
    let needs = "the corrections on the stream, and the staff of the clinic"
    let streams = Set(StreamKind.allCases)
    let needsArrival = false

    func evaluate(_ evidence: Evidence) -> Finding {
        let corrections = evidence.history.events.filter(\.isCorrection)
        guard let last = corrections.last else { return evidence.notApplicable("Nothing was corrected") }
        var corrected: [UUID: EventType] = [:]
        for entry in evidence.history.entries {
            for correction in entry.corrections { corrected[correction.id] = entry.event.body.type }
        }
        let faults = corrections.compactMap { correction in
            fault(of: correction, corrected: corrected[correction.id], evidence.reference).map { (correction, $0) }
        }
        guard let first = faults.first?.0 else {
            let authors = Set(corrections.map(\.actor)).sorted()
            let sentence = "\(Phrase.count(corrections.count, "correction")) with author, time and reason, by \(Phrase.list(authors))"
            return evidence.finding(.pass, sentence, corrections.map(DecidingEvent.init), at: last.occurredAt)
        }
        return evidence.finding(
            .fail, Phrase.list(faults.map { "The correction of \($0.0.occurredAt.dateAndClock) by \($0.0.actor) \($0.1)" }),
            faults.map { DecidingEvent($0.0) }, at: first.occurredAt)
    }

    /// What is wrong with it, as a clause; nil where it is in order.
    private func fault(of correction: ChartEvent, corrected: EventType?, _ reference: ClinicReference) -> String? {
        let reason: String? =
            switch correction.body {
            case .eventAmended(let body): body.reason
            case .eventVoided(let body): body.reason
            default: nil
            }
        if reason?.contains(where: { !$0.isWhitespace }) != true { return "gives no reason" }
        guard let author = reference.staff(correction.actor, at: correction.occurredAt) else { return "is by somebody not enrolled then" }
        guard let corrected, let roles = corrected.roles else { return nil }
        return author.roles.isDisjoint(with: roles) ? "is by a role that may not record \(corrected)" : nil
    }
}
