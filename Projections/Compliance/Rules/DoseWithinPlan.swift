import Canonical
import Clinic

/// D1: every rate, every bolus and the dose of the session stay within the plan in force, by the weight on arrival.
///
/// An order that a prescriber made through the gate `dose` is overridden, and so is what follows at the same or a lower rate.
struct DoseWithinPlan: Rule {
    let id = "D1"
    let title = "Dose within the plan"
    let citation = "clinic policy"
    let needs = "the plans of the patient, the weight on arrival, and every dose order of the session"

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let start = evidence.session.runs.first?.start else { return evidence.notApplicable("No infusion was started") }
        let orders = DoseOrders.all(of: evidence.session, until: evidence.history.clinical.last?.occurredAt ?? start.at)
        guard let weight = evidence.session.weight else {
            return evidence.finding(
                .fail, "No weight on arrival is charted, so no limit can be worked out", [evidence.deciding(start)], at: start.at)
        }
        var excesses: [(order: DoseOrders.Order, excess: String)] = []
        var plans: [Charted<TreatmentPlanned>] = []
        for order in orders {
            guard let plan = evidence.plan(at: order.at) else {
                excesses.append((order, "no plan was in force"))
                continue
            }
            if plans.last != plan { plans.append(plan) }
            excesses += order.excesses(plan.body, weight).map { (order, $0) }
        }
        let planned = plans.map { evidence.decidingOfPatient($0) }
        guard let first = excesses.first?.order, let last = orders.last else {
            return pass(orders, plans.last?.body, weight, start, planned, evidence)
        }
        let words = excesses.map { "at \($0.order.at.clock(besides: last.at)) \($0.excess)" }
        let sentence = "Past the plan: " + Phrase.list(words)
        let deciding = planned + excesses.map { DecidingEvent($0.order, on: evidence.stream) }
        guard excesses.allSatisfy(\.order.isLicensed) else { return evidence.finding(.fail, sentence, deciding, at: first.at) }
        let by = Set(orders.filter { $0.override?.gate == .dose }.map(\.actor)).sorted()
        return evidence.finding(.overridden, "\(sentence); gate dose overridden by \(Phrase.list(by))", deciding, at: first.at)
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
