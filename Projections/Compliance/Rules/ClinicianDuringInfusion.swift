import Canonical
import Clinic

/// M4: while an infusion runs, a nurse or prescriber with a licence that is current, and with ACLS where the policy asks for it, charts something often
/// enough to have been there. Whatever they chart in the session counts. The policy at the start of the infusion applies to all of it.
///
/// A licence or certificate without a date of expiry is not known to be current, and counts as none.
struct ClinicianDuringInfusion: Rule {
    let id = "M4"
    let title = "Clinician present"
    let citation = "ASA Standards for Basic Anesthetic Monitoring, Standard I"
    let needs = "who charted what in the session, their roles, licences and ACLS, and the starts and stops"
    let policyValues = ["clinician_gap_min", "acls_required"]

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let first = evidence.session.runs.first else { return evidence.notApplicable("No infusion was started") }
        let during = evidence.history.clinical.filter { evidence.run(at: $0.occurredAt) != nil }
        let present = during.filter { lapse($0, evidence) == nil }
        let cadence = InfusionCadence(of: present, evidence, limit: \.clinicianGapMin)
        let start = cadence.missed.first?.run.start ?? first.start
        let policy = evidence.policy(at: start.at)
        let asked = "policy \(policy.version) asks for one every \(policy.clinicianGapMin)"
        guard !cadence.missed.isEmpty else {
            let names = Set(present.map(\.actor)).sorted()
            let sentence = "A licensed clinician charted at least every \(Span.words(cadence.longest)) (\(Phrase.list(names))); \(asked)"
            return evidence.finding(.pass, sentence, evidence.endsOfInfusions, at: start.at)
        }
        let acls = policy.aclsRequired ? " and ACLS" : ""
        // Who was there, but could not count.
        let others = during.filter { event in
            cadence.missed.contains { $0.from.occurredAt <= event.occurredAt && event.occurredAt <= $0.to.occurredAt }
        }
        let lapses = Set(others.compactMap { lapse($0, evidence) }).sorted()
        let sentence =
            "No clinician with a current licence\(acls) charted for \(Phrase.list(cadence.missed.map(\.words))); \(asked)"
            + (lapses.isEmpty ? "" : "; \(Phrase.list(lapses))")
        return evidence.finding(.fail, sentence, cadence.missed.flatMap { [$0.from, $0.to] }, at: start.at)
    }

    /// Why the author of an entry doesn't count, as a clause; nil for a clinician whose papers were current.
    private func lapse(_ event: ChartEvent, _ evidence: Evidence) -> String? {
        let (actor, at) = (event.actor, event.occurredAt)
        guard let staff = evidence.reference.staff(actor, at: at) else { return "\(actor) was not enrolled" }
        guard staff.roles.contains(.nurse) || staff.roles.contains(.prescriber) else { return "\(actor) was no nurse or prescriber" }
        guard let licence = staff.licenceExpiresOn else { return "no licence of \(actor) is charted" }
        guard licence >= at.date else { return "the licence of \(actor) ended on \(licence)" }
        let start = evidence.run(at: at)?.start.at ?? at
        guard evidence.policy(at: start).aclsRequired else { return nil }
        guard let acls = staff.aclsExpiresOn else { return "no ACLS of \(actor) is charted" }
        return acls >= at.date ? nil : "the ACLS of \(actor) ended on \(acls)"
    }
}
