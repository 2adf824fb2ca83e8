import Canonical
import Clinic

/// X2: a prescriber ordered the discharge before it took place.
struct OrderBeforeDischarge: Rule {
    let id = "X2"
    let title = "Discharge ordered"
    let citation = "42 CFR 416.52(c)(2)"
    let needs = "the discharge orders of the session, the staff of the clinic, and the discharge"

    func evaluate(_ evidence: Evidence) -> Finding {
        guard !evidence.session.runs.isEmpty else { return evidence.notApplicable("No infusion was started") }
        guard let discharge = evidence.session.discharge else { return evidence.finding(.indeterminate, "Not discharged yet") }
        let orders = evidence.session.dischargeOrders.filter { $0.at <= discharge.at }
        // An amendment may have put another name there, and amendments are not checked for it when they are written.
        if let order = orders.last(where: { evidence.reference.staff($0.body.by, at: $0.at)?.roles.contains(.prescriber) == true }) {
            return evidence.finding(
                .pass, "Ordered by \(order.body.by) at \(order.at.clock), discharged at \(discharge.at.clock)",
                [evidence.deciding(order), evidence.deciding(discharge)], at: discharge.at)
        }
        guard let order = orders.last else {
            return evidence.finding(
                .fail, "No discharge order before discharge at \(discharge.at.clock)", [evidence.deciding(discharge)], at: discharge.at)
        }
        return evidence.finding(
            .fail, "The discharge order at \(order.at.clock) is by \(order.body.by), who was no prescriber then",
            [evidence.deciding(order), evidence.deciding(discharge)], at: discharge.at)
    }
}
