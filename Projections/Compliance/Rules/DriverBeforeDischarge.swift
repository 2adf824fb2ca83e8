import Canonical
import Clinic

/// X3: an adult driver was there at release, before discharge.
struct DriverBeforeDischarge: Rule {
    let id = "X3"
    let title = "Adult driver at release"
    let citation = "42 CFR 416.52(c)(3); ketamine labelling"
    let needs = "the drivers confirmed in the session, and its discharge"

    func evaluate(_ evidence: Evidence) -> Finding {
        guard !evidence.session.runs.isEmpty else { return evidence.notApplicable("No infusion was started") }
        guard let discharge = evidence.session.discharge else { return evidence.finding(.indeterminate, "Not discharged yet") }
        let released = evidence.session.drivers.filter { $0.body.stage == .release && $0.at <= discharge.at }
        if let driver = released.last(where: \.body.adult) {
            return evidence.finding(
                .pass, "Adult driver confirmed at \(driver.at.clock), discharged at \(discharge.at.clock)",
                [evidence.deciding(driver), evidence.deciding(discharge)], at: discharge.at)
        }
        let missing = released.isEmpty ? "No driver confirmed at release" : "The driver confirmed at release is no adult"
        let failure = "\(missing) before discharge at \(discharge.at.clock)"
        let deciding = released.suffix(1).map { evidence.deciding($0) } + [evidence.deciding(discharge)]
        guard discharge.override?.gate == .driver else { return evidence.finding(.fail, failure, deciding, at: discharge.at) }
        return evidence.finding(.overridden, failure + "; gate driver overridden by \(discharge.actor)", deciding, at: discharge.at)
    }
}
