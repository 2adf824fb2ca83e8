import Canonical
import Clinic

/// D7: every reported loss has the reference of its DEA Form 106 within one business day.
///
/// The reference may come with the report, by an amendment, or with a later report on the same vial. Of these the amendment is the right one: a
/// second report is a second loss in the vial's account. The deadline is the end of the next day from Monday to Friday, UTC; federal holidays are
/// not known here, and the domain has no time zone for a clinic.
struct LossReported: Rule {
    let id = "D7"
    let title = "Loss has its Form 106"
    let citation = "21 CFR 1301.76(b)"
    let needs = "the loss reports of the vial, and their amendments"
    let streams: Set<StreamKind> = [.vial]
    let needsArrival = false

    private struct Reference {
        let at: Timestamp
        let event: DecidingEvent
    }

    func evaluate(_ evidence: Evidence) -> Finding {
        let losses = evidence.vial.losses
        guard let last = losses.last else { return evidence.notApplicable("No loss was reported") }
        var faults: [(loss: Charted<DrugLossReported>, words: String, deciding: [DecidingEvent])] = []
        var open: [Charted<DrugLossReported>] = []
        var references: [Reference] = []
        for loss in losses {
            let due = loss.at.endOfNextBusinessDay
            let what = "the loss of \(loss.body.amountMg.withUnit) reported \(loss.at.dateAndClock)"
            if let reference = reference(of: loss, losses, evidence) {
                references.append(reference)
                if reference.at <= due { continue }
                let late = Span.words(reference.at.microseconds(since: loss.at))
                faults.append(
                    (
                        loss, "\(what) has its Form 106 \(late) later, due by \(due.dateAndClock)",
                        [evidence.deciding(loss), reference.event]
                    ))
            } else if evidence.now <= due {
                open.append(loss)
            } else {
                faults.append((loss, "\(what) has no Form 106, due by \(due.dateAndClock)", [evidence.deciding(loss)]))
            }
        }
        if let first = faults.first?.loss {
            let sentence = "\(Phrase.list(faults.map(\.words)).sentenceCased); policy \(evidence.policy(at: first.at).version)"
            return evidence.finding(.fail, sentence, faults.flatMap(\.deciding), at: first.at)
        }
        if let first = open.first {
            let due = first.at.endOfNextBusinessDay
            return evidence.finding(
                .indeterminate,
                "The loss of \(first.body.amountMg.withUnit) reported \(first.at.dateAndClock) has no Form 106 yet; due by \(due.dateAndClock)",
                open.map { evidence.deciding($0) }, at: first.at, reconsiderAt: open.map(\.at.endOfNextBusinessDay).min())
        }
        let slowest = zip(references, losses).map { $0.at.microseconds(since: $1.at) }.max() ?? 0
        let when = slowest <= 0 ? "with the report" : "within \(Span.words(slowest))"
        return evidence.finding(
            .pass,
            "\(Phrase.count(losses.count, "loss", "losses")) with a Form 106 \(when), within 1 business day; "
                + "policy \(evidence.policy(at: last.at).version)",
            losses.map { evidence.deciding($0) } + references.map(\.event), at: last.at)
    }

    /// Where its Form 106 is first named: the report itself, the amendment that brought it, or a later report.
    private func reference(
        of loss: Charted<DrugLossReported>, _ losses: [Charted<DrugLossReported>], _ evidence: Evidence
    ) -> Reference? {
        if loss.body.form106 != nil {
            guard let entry = evidence.history.entry(loss.id) else { return nil }
            if case .drugLossReported(let original) = entry.event.body, original.form106 != nil {
                return Reference(at: loss.at, event: evidence.deciding(loss))
            }
            let bringing = entry.corrections.first { correction in
                guard case .eventAmended(let amendment) = correction.body,
                    case .drugLossReported(let body)? = try? EventBody(type: .drugLossReported, data: amendment.data)
                else { return false }
                return body.form106 != nil
            }
            return bringing.map { Reference(at: $0.occurredAt, event: DecidingEvent($0)) }
        }
        return losses.first { $0.body.form106 != nil && ($0.at, $0.position) > (loss.at, loss.position) }
            .map { Reference(at: $0.at, event: evidence.deciding($0)) }
    }
}

extension Timestamp {
    /// Midnight after the next day from Monday to Friday, UTC.
    fileprivate var endOfNextBusinessDay: Timestamp {
        var day = date.dayNumber + 1
        // 1970-01-01 was a Thursday: day 2 a Saturday, day 3 a Sunday.
        while [2, 3].contains(((day % 7) + 7) % 7) { day += 1 }
        return Timestamp(microseconds: (day + 1) * 86_400_000_000)
    }
}
