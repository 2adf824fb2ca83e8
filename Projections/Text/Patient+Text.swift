import Canonical
import Clinic
import Foundation

extension Chart.Patient {
    /// Consultation, plan, consent and notes, and what was corrected among them.
    func write(to page: inout Page) {
        if isErased {
            writeErasure(to: &page)
            return
        }
        writeDetails(to: &page)
        if let last = state.consultations.last {
            page.spread("Consultation" + marks([last.id]), "\(last.at.dateAndClock), \(last.actor)", .strong)
            write(last.body, to: &page)
            for former in state.consultations.dropLast().reversed() {
                page.fact("Before", "\(former.at.dateAndClock) by \(former.actor): \(former.body.candidacy.label)")
            }
        }
        if let plan = state.latestPlan {
            page.space()
            page.spread("Plan" + marks([plan.id]), "\(plan.at.dateAndClock), \(plan.body.prescriber)", .strong)
            page.fact("Series", words(plan.body))
            page.fact("Dose", doses(plan.body))
            if let premedication = plan.body.premedication, !premedication.isEmpty {
                page.fact("Premedication", premedication.joined(separator: ", "))
            }
            for former in state.plans.dropLast().reversed() {
                page.fact("Before", "\(former.at.dateAndClock) by \(former.actor): \(words(former.body)); \(doses(former.body))")
            }
        }
        if !state.consents.isEmpty || !state.withdrawals.isEmpty {
            page.space()
            page.paragraph("Consent" + marks(state.consents.map(\.id) + state.withdrawals.map(\.id)), .strong)
            for (_, label, text, tone) in consents { page.fact(label, text, tone) }
        }
        writeFollowUps(to: &page)
        writeNotes(to: &page)
        let annotations = Annotations(entries)
        if !annotations.isEmpty {
            page.space()
            page.paragraph("Corrections and late entries", .strong)
            page.table(annotations.table(besides: nil))
        }
    }

    private func writeErasure(to page: inout Page) {
        page.paragraph("Erased", .strong)
        guard let erasure = state.erasure else {
            return page.paragraph(
                "This patient's data was erased after this point; the chart as it stands now says when and on what authority.")
        }
        let body = erasure.body
        page.fact("When", "\(erasure.at.dateAndClock), recorded at position \(erasure.position)")
        page.fact("Authority", body.authority + (body.isLegalOrder ? " (a legal order)" : ""))
        page.fact("Approved by", body.approvedBy.joined(separator: " and "))
        page.fact("Kept until", "the year \(body.retainedThrough); the last care was on \(body.lastCareOn)")
        page.fact("What is gone", "the payloads of \(Phrase.count(body.count, "event")); their entries and every proof stay")
    }

    func marks(_ ids: [UUID]) -> String { Annotations.marks(entries, of: ids) }

    private func writeNotes(to page: inout Page) {
        let notes = entries.filter { !$0.isVoided }.compactMap { entry -> (Chart.Entry, String)? in
            guard case .noteRecorded(let body) = entry.body else { return nil }
            return (entry, body.text)
        }
        guard !notes.isEmpty else { return }
        page.space()
        page.paragraph("Notes", .strong)
        for (entry, text) in notes { page.fact(entry.event.occurredAt.date.description, "\(text) (\(entry.event.actor))") }
    }

    private func write(_ body: ConsultationRecorded, to page: inout Page) {
        page.fact("Diagnosis", "\(body.diagnosis.text) (ICHD-3 \(body.diagnosis.code))")
        var burden = ["\(body.headacheDaysPerMonth) headache and \(body.migraineDaysPerMonth) migraine days a month"]
        if let attacks = body.attackHours { burden.append("attacks of \(attacks.min)–\(attacks.max) h") }
        if let midas = body.midas { burden.append("MIDAS \(midas) (\(ScoreBand.midas(midas)))") }
        if let hit6 = body.hit6 { burden.append("HIT-6 \(hit6) (\(ScoreBand.hit6(hit6)))") }
        page.fact("Burden", burden.joined(separator: ", "))
        if !body.symptoms.isEmpty { page.fact("Symptoms", body.symptoms.map(\.words).joined(separator: ", ")) }
        if !body.priorTreatments.isEmpty { page.fact("Tried", body.priorTreatments.map(words).joined(separator: ", ")) }
        if !body.medications.isEmpty { page.fact("Medication", body.medications.joined(separator: ", ")) }
        page.fact("Allergies", body.allergies.isEmpty ? "none" : body.allergies.joined(separator: ", "))
        page.fact("Screen", screen(body.contraindications))
        page.fact("ASA class", String(body.asaClass))
        page.fact("Decision", "\(body.candidacy.label): \(body.rationale)", body.candidacy == .candidate ? .good : .warning)
    }

    private func words(_ treatment: ConsultationRecorded.PriorTreatment) -> String {
        let name = treatment.name.map { "\(treatment.class.words) \($0)" } ?? treatment.class.words
        return "\(name) (\(treatment.outcome == .none ? "no effect" : treatment.outcome.words))"
    }

    /// What is present first; what is absent only counted.
    private func screen(_ list: [ConsultationRecorded.Contraindication]) -> String {
        if list.isEmpty { return "not filled in" }
        var parts: [String] = []
        for status in [ConsultationRecorded.Contraindication.Status.present, .controlled] {
            let codes = list.filter { $0.status == status }.map(\.code.words)
            if !codes.isEmpty { parts.append("\(status == .present ? "PRESENT" : "controlled"): \(codes.joined(separator: ", "))") }
        }
        let absent = list.count { $0.status == .absent }
        if absent > 0 { parts.append("\(absent) of \(list.count) absent") }
        return parts.joined(separator: "; ")
    }

    private func words(_ plan: TreatmentPlanned) -> String {
        "\(Phrase.count(plan.sessions, "session")), every \(Phrase.count(plan.intervalDays, "day")), \(plan.durationMin) min each"
    }

    private func doses(_ plan: TreatmentPlanned) -> String {
        let bolus = plan.bolusMaxMgPerKg.map { "bolus up to \($0.withUnit)" } ?? "no bolus"
        return
            "target \(plan.targetMgPerKg.withUnit), at most \(plan.maxMgPerKg.withUnit) and \(plan.maxRateMgPerKgPerH.withUnit), \(bolus)"
    }

    /// Signatures and withdrawals in the order in which they happened.
    private var consents: [(Timestamp, String, String, Tone)] {
        let signed = state.consents.map { consent in
            let body = consent.body
            let witness = body.witness.map { ", witness \($0)" } ?? ""
            let text =
                "\(body.form) \(body.formVersion), \(body.signedAt.dateAndClock), \(body.signer.name) (\(body.signer.role.rawValue)), "
                + "\(body.method.rawValue)\(witness)"
            return (consent.at, "Signed", text, Tone.normal)
        }
        let withdrawn = state.withdrawals.map { withdrawal in
            (
                withdrawal.at, "Withdrawn", "\(withdrawal.at.dateAndClock), taken by \(withdrawal.body.takenBy): \(withdrawal.body.reason)",
                Tone.warning
            )
        }
        return (signed + withdrawn).sorted { $0.0 < $1.0 }
    }
}
