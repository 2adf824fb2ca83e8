import Canonical
import Clinic

/// A3: what is charted was entered soon after it happened. Corrections are no late entries, and what was voided counts no more.
struct EnteredInTime: Rule {
    let id = "A3"
    let title = "Entered in time"
    let citation = "CMS Publication 100-08, §3.3.2.5"
    let needs = "the times of occurrence and of entry of every fact on the stream"
    let streams: Set<StreamKind> = [.session, .patient, .vial, .clinic]
    let policyValues = ["late_entry_h"]
    let needsArrival = false

    func evaluate(_ evidence: Evidence) -> Finding {
        let facts = evidence.history.clinical
        guard let last = facts.last else { return evidence.notApplicable("Nothing is charted") }
        let late = facts.filter { $0.entryDelay > Int64(evidence.policy(at: $0.occurredAt).lateEntryH) * 3_600_000_000 }
        guard let first = late.first else {
            let policy = evidence.policy(at: last.occurredAt)
            let slowest = facts.max { $0.entryDelay < $1.entryDelay } ?? last
            let sentence =
                "\(Phrase.count(facts.count, "entry", "entries")) made within \(Span.words(slowest.entryDelay)); "
                + "policy \(policy.version) allows \(policy.lateEntryH) h"
            return evidence.finding(.pass, sentence, [DecidingEvent(slowest)], at: last.occurredAt)
        }
        let policy = evidence.policy(at: first.occurredAt)
        let named = late.map { "\($0.body.type) of \($0.occurredAt.dateAndClock) entered \(Span.words($0.entryDelay)) later" }
        return evidence.finding(
            .fail, "\(Phrase.list(named)); policy \(policy.version) allows \(policy.lateEntryH) h", late.map(DecidingEvent.init),
            at: first.occurredAt)
    }
}

extension ChartEvent {
    /// From the event to its entry, µs; negative where the bedside clock ran ahead. What the source system says comes before our own clock.
    var entryDelay: Int64 { (chartedAt ?? recordedAt).microseconds(since: occurredAt) }
}
