import Canonical
import Clinic

/// D5: an inventory of the controlled drugs was taken within the last two years.
///
/// The first is due when a clinic begins to handle controlled drugs (1304.11(b)). The clinic's stream, which is judged, doesn't say when that was;
/// so the first is expected within two years of the first enrolment, and until then nothing is said. It is due at the same time of day two years
/// on; of 29 February, on 28 February.
struct InventoryTakenInTime: Rule {
    let id = "D5"
    let title = "Inventory within two years"
    let citation = "21 CFR 1304.11"
    let needs = "the inventories of the clinic, and its first enrolment"
    let streams: Set<StreamKind> = [.clinic]
    let verdicts: Set<Verdict> = [.pass, .fail, .notApplicable]
    let needsArrival = false

    func evaluate(_ evidence: Evidence) -> Finding {
        let now = evidence.now
        guard let last = evidence.reference.inventories.last(where: { $0.body.takenAt <= now }) else { return never(evidence, now) }
        let (taken, due) = (last.body.takenAt, last.body.takenAt.twoYearsOn)
        let lines = Phrase.count(last.body.lines.count, "vial")
        let policy = evidence.policy(at: taken).version
        if now <= due {
            return evidence.finding(
                .pass, "Inventory of \(lines) taken \(taken.dateAndClock); the next is due by \(due.dateAndClock); policy \(policy)",
                [evidence.deciding(last)], at: taken, reconsiderAt: due)
        }
        return evidence.finding(
            .fail, "The last inventory was taken \(taken.dateAndClock); the next was due by \(due.dateAndClock); policy \(policy)",
            [evidence.deciding(last)], at: taken)
    }

    private func never(_ evidence: Evidence, _ now: Timestamp) -> Finding {
        guard let founding = evidence.history.clinical.first(where: { $0.body.type == .staffEnrolled }) else {
            return evidence.notApplicable("The clinic has no staff yet")
        }
        let due = founding.occurredAt.twoYearsOn
        if now <= due {
            return evidence.finding(
                .notApplicable, "No inventory yet; the first is due by \(due.dateAndClock), two years after the first enrolment",
                at: founding.occurredAt, reconsiderAt: due)
        }
        return evidence.finding(
            .fail, "No inventory was ever taken; the first was due by \(due.dateAndClock), two years after the first enrolment",
            [DecidingEvent(founding)], at: founding.occurredAt)
    }
}

extension Timestamp {
    /// The same time of day on the same date two years later, UTC.
    fileprivate var twoYearsOn: Timestamp {
        let (year, month, day) = date.components
        let later = CalendarDate(year: year + 2, month: month, day: day) ?? CalendarDate(year: year + 2, month: 2, day: 28) ?? date
        return adding(days: later.dayNumber - date.dayNumber)
    }
}
