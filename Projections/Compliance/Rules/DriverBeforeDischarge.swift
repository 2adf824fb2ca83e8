import Canonical
import Clinic

/// X3: an adult driver was there at release, or a prescriber found that none is needed, before discharge.
struct DriverBeforeDischarge: Rule {
    let id = "X3"
    let title = "Adult driver at release"
    let citation = "42 CFR 416.52(c)(3); ketamine labelling"
    let needs = "the drivers confirmed and exempted, the overrides and the discharge of the session, and the staff of the clinic"
    let verdicts: Set<Verdict> = [.pass, .fail, .overridden, .notApplicable, .indeterminate]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard !evidence.session.runs.isEmpty else { return evidence.notApplicable("No infusion was started") }
        guard let discharge = evidence.session.discharge else { return evidence.finding(.indeterminate, "Not discharged yet") }
        let left = evidence.deciding(discharge)
        let released = evidence.session.drivers.filter { $0.body.stage == .release && $0.at <= discharge.at }
        if let driver = released.last(where: \.body.adult) {
            return evidence.finding(
                .pass, "Adult driver confirmed at \(driver.at.clock), discharged at \(discharge.at.clock)",
                [evidence.deciding(driver), left], at: discharge.at)
        }
        let exemptions = evidence.session.driverExemptions.filter { $0.at <= discharge.at }
        if let exemption = exemptions.last(where: { evidence.isPrescriber($0.body.by, at: $0.at) }) {
            return evidence.finding(
                .pass, "Exempted from a driver by \(exemption.body.by) at \(exemption.at.clock), discharged at \(discharge.at.clock)",
                [evidence.deciding(exemption), left], at: discharge.at)
        }
        let missing = released.isEmpty ? "No driver confirmed at release" : "The driver confirmed at release is no adult"
        let vain = exemptions.last.map { ", and the exemption at \($0.at.clock) is by \($0.body.by), who was no prescriber then" } ?? ""
        let deciding =
            released.suffix(1).map { evidence.deciding($0) } + exemptions.suffix(1).map { evidence.deciding($0) } + [left]
        return evidence.failure(
            "\(missing) before discharge at \(discharge.at.clock)\(vain)", guardedBy: [.driver], deciding, at: discharge.at)
    }
}
