import Canonical
import Clinic
import Foundation

/// D2: every dispensing from a vial names drug, form, strength, amount, patient, date and dispenser.
///
/// Drug, form and strength stand on the vial's receipt; amount and date the event cannot lack. What can be wrong is who it names: the session must
/// be in the record, the patient must be that session's, the dispenser must have been enrolled as a nurse or a prescriber. An infusion from the
/// vial for whose session nothing was dispensed is a dispensing that names nothing.
struct DispensingNamed: Rule {
    let id = "D2"
    let title = "Dispensings named"
    let citation = "21 CFR 1304.22(c)"
    let needs = "the receipt and the dispensings of the vial, the sessions that they are for, and the staff of the clinic"
    let streams: Set<StreamKind> = [.vial]
    let verdicts: Set<Verdict> = [.pass, .fail, .notApplicable]
    let needsArrival = false

    func evaluate(_ evidence: Evidence) -> Finding {
        guard let account = evidence.account else { return evidence.notApplicable("Not a vial") }
        let dispensings = account.state.dispensings
        let named = Set(dispensings.map(\.body.session))
        let nameless = account.draws.filter { !named.contains($0.session) }
        guard let last = dispensings.last?.at ?? nameless.last?.run.start.at else {
            return evidence.notApplicable("Nothing was drawn from this vial")
        }
        var faults: [(at: Timestamp, words: String, deciding: [DecidingEvent])] = []
        for dispensing in dispensings {
            let reasons = reasons(dispensing, evidence)
            guard !reasons.isEmpty else { continue }
            let words =
                "the \(dispensing.body.drawnMg.withUnit) drawn \(dispensing.at.dateAndClock) by \(dispensing.actor) \(Phrase.list(reasons))"
            faults.append((dispensing.at, words, [evidence.deciding(dispensing)]))
        }
        for draw in nameless {
            let start = draw.run.start
            let words = "the infusion of \(start.at.dateAndClock) by \(start.actor) has no dispensing for its session"
            faults.append((start.at, words, [DecidingEvent(start, on: .session(draw.session))]))
        }
        guard let first = faults.map(\.at).min() else { return pass(account, at: last, evidence) }
        return evidence.finding(.fail, Phrase.list(faults.map(\.words)).sentenceCased, faults.flatMap(\.deciding), at: first)
    }

    private func pass(_ account: VialAccount, at last: Timestamp, _ evidence: Evidence) -> Finding {
        let dispensings = account.state.dispensings
        guard let received = account.state.received, let balance = try? account.balance() else { return evidence.uncountable }
        let drug = received.body
        let sentence =
            "\(Phrase.count(dispensings.count, "dispensing")) of \(drug.drug) \(drug.form) \(drug.concentrationMgPerMl.withUnit), "
            + "\(balance.dispensed.withUnit) in all, with patient, date and dispenser: \(Phrase.list(Set(dispensings.map(\.actor)).sorted()))"
        return evidence.finding(.pass, sentence, [evidence.deciding(received)] + dispensings.map { evidence.deciding($0) }, at: last)
    }

    /// What it fails to name, as clauses.
    private func reasons(_ dispensing: Charted<DrugDispensed>, _ evidence: Evidence) -> [String] {
        var reasons: [String] = []
        if let received = evidence.vial.received {
            if received.at > dispensing.at { reasons.append("were drawn before the vial was received (\(received.at.dateAndClock))") }
        } else {
            reasons.append("have no receipt that names drug, form and strength")
        }
        if let session = evidence.sessions[dispensing.body.session], session.exists {
            if session.patient != dispensing.body.patient { reasons.append("name another patient than their session") }
        } else {
            reasons.append("name a session that is not in the record")
        }
        let roles = evidence.reference.staff(dispensing.actor, at: dispensing.at)?.roles ?? []
        if roles.isDisjoint(with: [.nurse, .prescriber]) { reasons.append("have a dispenser who was no nurse or prescriber then") }
        return reasons
    }
}

extension String {
    /// With a capital first letter.
    var sentenceCased: String { prefix(1).uppercased() + dropFirst() }
}
