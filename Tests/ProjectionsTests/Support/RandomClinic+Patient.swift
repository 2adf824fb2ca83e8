import Canonical
import Clinic
import Foundation

/// What precedes an infusion, on the patient's stream.
extension RandomClinic {
    mutating func patientDraft(_ patient: UUID, isNew: Bool) -> Draft {
        let stream = StreamID.patient(patient)
        if isNew || history(stream).clinical.isEmpty { return registration(stream) }
        // What is missing comes first, so that infusions happen; then anything again.
        let has = Set(history(stream).clinical.map(\.body.type))
        if !has.contains(.consultationRecorded) { return consultation(stream) }
        if !has.contains(.treatmentPlanned) { return plan(stream) }
        if !has.contains(.consentSigned) { return consent(stream) }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return consultation(stream)
        case 1: return plan(stream)
        case 2: return Draft(stream: stream, actor: "nia", type: .noteRecorded, data: ["text": "Called."])
        case 3:
            return Draft(stream: stream, actor: "nia", type: .consentWithdrawn, data: ["reason": "Changed her mind.", "taken_by": "nia"])
        default: return consent(stream)
        }
    }

    private mutating func registration(_ stream: StreamID) -> Draft {
        let number = next()
        return Draft(
            stream: stream, actor: "fay", type: .patientRegistered,
            data: [
                "mrn": .string("H-\(number)"), "family": .string("Ash\(number)"), "given": ["Juniper", "Élodie"],
                "birth_date": "1984-02-29",
                "sex": "female",
            ])
    }

    private mutating func consultation(_ stream: StreamID) -> Draft {
        Draft(
            stream: stream, actor: "dr.lin", type: .consultationRecorded,
            data: [
                "diagnosis": ["code": "1.3", "text": "Chronic migraine"], "headache_days_per_month": 20, "migraine_days_per_month": 12,
                "symptoms": ["photophobia"], "prior_treatments": [], "medications": [], "allergies": [], "asa_class": 2,
                "contraindications": [["code": "psychosis", "status": "absent"]],
                "candidacy": random.once(in: 6) ? "not_candidate" : "candidate", "rationale": "Refractory.",
            ])
    }

    private mutating func plan(_ stream: StreamID) -> Draft {
        Draft(
            stream: stream, actor: "dr.lin", type: .treatmentPlanned,
            data: [
                "plan": .string(random.uuid().lowercase), "sessions": 6, "interval_days": 14,
                "target_mg_per_kg": .number(JSONNumber(thousandths: 500)), "max_mg_per_kg": 1, "max_rate_mg_per_kg_per_h": 1,
                "duration_min": 40, "bolus_max_mg_per_kg": .number(JSONNumber(thousandths: 200)), "prescriber": "dr.lin",
            ])
    }

    private mutating func consent(_ stream: StreamID) -> Draft {
        let reference = ClinicReference(history(.clinic))
        let version = reference.newestVersion(of: "infusion", at: clock) ?? "1"
        let digest = reference.form("infusion", version: version, at: clock)?.digest ?? String(repeating: "0", count: 64)
        return Draft(
            stream: stream, actor: "nia", type: .consentSigned,
            data: [
                "form": "infusion", "form_version": .string(version), "form_digest": .string(digest),
                "signer": ["name": "Juniper Ash", "role": "patient"], "method": "ink", "meaning": "I agree.",
                "signed_at": .string(clock.adding(minutes: -120).description),
            ])
    }
}
