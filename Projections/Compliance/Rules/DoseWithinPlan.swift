import Canonical
import Clinic

/// D1: every rate, every bolus and the dose of the session stay within the plan in force, by the weight on arrival; and every start, change and bolus
/// was ordered by somebody who was a prescriber then, and says why.
///
/// An order that a prescriber made through the gate `dose` is overridden, and so is what follows at the same or a lower rate. Who ordered it and why
/// can't be overridden.
struct DoseWithinPlan: Rule {
    let id = "D1"
    let title = "Dose within the plan"
    let citation = "clinic policy"
    let needs = "the plans of the patient, the weight on arrival, every dose order of the session, and the staff of the clinic"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let start = evidence.session.runs.first?.start else { return evidence.notApplicable("No infusion was started") }
        let orders = DoseOrders.all(
            of: evidence.session, until: evidence.history.clinical.last?.occurredAt ?? start.at, evidence.reference)
        guard let weight = evidence.session.weight else {
            return evidence.finding(
                .fail, "No weight on arrival is charted, so no limit can be worked out", [evidence.deciding(start)], at: start.at)
        }
        var excesses: [Excess] = []
        var plans: [Charted<TreatmentPlanned>] = []
        for order in orders {
            guard let plan = evidence.plan(at: order.at) else {
                excesses.append(Excess(order: order, words: "no plan was in force", isLicensed: order.isLicensed))
                continue
            }
            if plans.last != plan { plans.append(plan) }
            excesses += order.excesses(plan.body, weight).map { Excess(order: order, words: $0.words, isLicensed: $0.isLicensed) }
        }
        let faults = orders.flatMap { order in
            order.faults(evidence.reference).map { Excess(order: order, words: $0, isLicensed: false) }
        }
        let planned = plans.map { evidence.decidingOfPatient($0) }
        guard let last = orders.last, let first = (excesses + faults).map(\.order.at).min() else {
            return pass(orders, plans.last?.body, weight, start, planned, evidence)
        }
        let sentences = [("Past the plan: ", excesses), ("Not properly ordered: ", faults)].filter { !$0.1.isEmpty }.map { head, list in
            head + Phrase.list(list.map { "at \($0.order.at.clock(besides: last.at)) \($0.words)" })
        }
        let sentence = sentences.joined(separator: ". ")
        let deciding = planned + (excesses + faults).map { DecidingEvent($0.order, on: evidence.stream) }
        guard (excesses + faults).allSatisfy(\.isLicensed) else { return evidence.finding(.fail, sentence, deciding, at: first) }
        let by = Set(orders.filter(\.isOverridden).map(\.actor)).sorted()
        return evidence.finding(.overridden, "\(sentence); gate dose overridden by \(Phrase.list(by))", deciding, at: first)
    }

    private struct Excess {
        let order: DoseOrders.Order
        let words: String
        let isLicensed: Bool
    }

    private func pass(
        _ orders: [DoseOrders.Order], _ plan: TreatmentPlanned?, _ weight: Kilograms, _ start: Charted<InfusionStarted>,
        _ planned: [DecidingEvent], _ evidence: Evidence
    ) -> Finding {
        let given = orders.last?.givenAtEnd ?? .zero
        let perKilogram = (try? given.per(weight))?.withUnit ?? "?"
        let highest = orders.map(\.rate).max() ?? .zero
        let allowed = plan.map { "; the plan allows \($0.maxMgPerKg.withUnit) and \($0.maxRateMgPerKgPerH.withUnit)" } ?? ""
        return evidence.finding(
            .pass, "\(given.withUnit) given (\(perKilogram)) at up to \(highest.withUnit)\(allowed)", planned + [evidence.deciding(start)],
            at: start.at)
    }
}

extension Evidence {
    /// The session's plan as it stood at an instant: the one that the booking names, else the latest.
    func plan(at instant: Timestamp) -> Charted<TreatmentPlanned>? {
        patient.plans.last { $0.at <= instant && (session.plan == nil || $0.body.plan == session.plan) }
    }
}
