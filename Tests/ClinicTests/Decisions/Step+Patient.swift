import Canonical
import Clinic
import Foundation

/// What precedes a session, on the patient's stream, in the week before.
extension Step {
    static let weekAgo: Double = -7 * 24 * 60

    static let registered = Step(
        .patientRegistered, at: weekAgo, by: "fay", on: Story.patient,
        ["mrn": "H-1", "family": "Ash", "given": ["Juniper"], "birth_date": "1984-02-29", "sex": "female"])

    static func consulted(_ candidacy: String = "candidate", at minute: Double = weekAgo) -> Step {
        Step(
            .consultationRecorded, at: minute, by: "dr.lin", on: Story.patient,
            [
                "diagnosis": ["code": "1.3", "text": "Chronic migraine"], "headache_days_per_month": 20, "migraine_days_per_month": 12,
                "symptoms": ["photophobia"], "prior_treatments": [], "medications": [], "allergies": [], "asa_class": 2,
                "contraindications": [["code": "psychosis", "status": "absent"]], "candidacy": .string(candidacy),
                "rationale": "Refractory.",
            ])
    }

    /// 70 kg make: at most 70 mg, at most 70 mg/h, a bolus of at most 14 mg.
    static func planned(_ plan: UUID = Story.plan, at minute: Double = weekAgo) -> Step {
        Step(
            .treatmentPlanned, at: minute, by: "dr.lin", on: Story.patient,
            [
                "plan": .id(plan), "sessions": 6, "interval_days": 14, "target_mg_per_kg": .decimal(0.5), "max_mg_per_kg": 1,
                "max_rate_mg_per_kg_per_h": 1, "duration_min": 40, "bolus_max_mg_per_kg": .decimal(0.2), "prescriber": "dr.lin",
            ])
    }

    static func consentSigned(_ version: String = "1", digest: String = Story.formDigest, at minute: Double = weekAgo) -> Step {
        Step(
            .consentSigned, at: minute, by: "nia", on: Story.patient,
            [
                "form": "infusion", "form_version": .string(version), "form_digest": .string(digest),
                "signer": ["name": "Juniper Ash", "role": "patient"], "method": "ink", "meaning": "I agree.", "signed_at": .time(minute),
            ])
    }

    static func contraindicated(_ status: String = "present", at minute: Double = weekAgo) -> Step {
        consulted(at: minute).with("contraindications", [["code": "raised_icp", "status": .string(status)]])
    }

    static let detailsChanged = Step(
        .patientDetailsChanged, at: 0, by: "fay", on: Story.patient, ["phone": "919 555 0102", "reason": "New phone."])

    static func followUp(_ session: UUID? = nil) -> Step {
        Step(.followUpRecorded, at: 500, by: "nia", on: Story.patient, ["days_after": 1, "pain_nrs": 3])
            .with("session", session.map(JSON.id))
    }

    static func consentWithdrawn(at minute: Double) -> Step {
        Step(.consentWithdrawn, at: minute, by: "nia", on: Story.patient, ["reason": "Changed her mind.", "taken_by": "nia"])
    }
}

extension [Step] {
    /// A registered patient who is a candidate, has a plan, and has consented.
    static let patient: [Step] = [.registered, .consulted(), .planned(), .consentSigned()]
}
