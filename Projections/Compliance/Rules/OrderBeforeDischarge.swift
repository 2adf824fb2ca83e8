import Canonical
import Clinic

/// X2: a prescriber ordered the discharge before it took place.
struct OrderBeforeDischarge: Rule {
    let id = "X2"
    let title = "Discharge ordered"
    let citation = "42 CFR 416.52(c)(2)"
    let needs = "the discharge orders, the overrides and the discharge of the session, and the staff of the clinic"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard !evidence.session.runs.isEmpty else { return evidence.notApplicable("No infusion was started") }
        guard let discharge = evidence.session.discharge else { return evidence.finding(.indeterminate, "Not discharged yet") }
        let orders = evidence.session.dischargeOrders.filter { $0.at <= discharge.at }
        // An amendment may have put another name there, and amendments are not checked for it when they are written.
        if let order = orders.last(where: { evidence.isPrescriber($0.body.by, at: $0.at) }) {
            return evidence.finding(
                .pass, "Ordered by \(order.body.by) at \(order.at.clock), discharged at \(discharge.at.clock)",
                [evidence.deciding(order), evidence.deciding(discharge)], at: discharge.at)
        }
        guard let order = orders.last else {
            return evidence.failure(
                "No discharge order before discharge at \(discharge.at.clock)", guardedBy: [.order], [evidence.deciding(discharge)],
                at: discharge.at)
        }
        return evidence.failure(
            "The discharge order at \(order.at.clock) is by \(order.body.by), who was no prescriber then", guardedBy: [.order],
            [evidence.deciding(order), evidence.deciding(discharge)], at: discharge.at)
    }
}

extension Evidence {
    func isPrescriber(_ staff: String, at instant: Timestamp) -> Bool {
        reference.staff(staff, at: instant)?.roles.contains(.prescriber) == true
    }
}
