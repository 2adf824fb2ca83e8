"""The patient streams: registration, consultations, plans and consents."""

import unicodedata
from datetime import timedelta

from clinic import FORM, form_at
from log import Event, Noise, decimal, local
from people import BY_KEY

CHRONIC = ("1.3", "Chronic migraine")
WITHOUT_AURA = ("1.1", "Migraine without aura")
WITH_AURA = ("1.2", "Migraine with aura")
CLEAR = ("uncontrolled_cardiovascular", "psychosis", "severe_hepatic", "raised_icp", "pregnancy", "ketamine_allergy")

# First consultations: patient, when, diagnosis, headache days, migraine days, MIDAS, HIT-6.
FIRST = [
    ("ashdown", "2026-02-03 10:10", CHRONIC, 22, 17, 92, 68),
    ("marchbanks", "2026-02-05 14:00", CHRONIC, 24, 18, 110, 70),
    ("ohollyhock", "2026-02-09 09:20", CHRONIC, 19, 11, 64, 65),
    ("cinar", "2026-03-03 11:30", WITH_AURA, 12, 9, 38, 63),
    ("quillfeather", "2026-03-04 15:10", CHRONIC, 20, 13, 71, 66),
    ("sliwinska", "2026-03-16 10:40", CHRONIC, 18, 12, 58, 64),
    ("birkelund", "2026-04-14 13:20", CHRONIC, 21, 14, 77, 67),
    ("mopani", "2026-04-27 09:45", CHRONIC, 17, 10, 55, 64),
    ("nguyen", "2026-05-05 10:15", WITHOUT_AURA, 14, 12, 49, 66),
    ("elmsworth", "2026-05-21 14:30", CHRONIC, 23, 15, 88, 69),
    ("ahuehuete", "2026-06-08 11:00", CHRONIC, 20, 16, 83, 68),
    ("cedarholm", "2026-06-29 09:30", CHRONIC, 16, 9, 46, 62),
    ("tamarack", "2026-07-20 13:40", CHRONIC, 18, 13, 60, 65),
    ("banksia", "2026-08-13 10:20", WITH_AURA, 13, 10, 41, 61),
    ("rowan", "2026-09-08 15:00", CHRONIC, 21, 16, 90, 69),
    ("kauri", "2026-10-20 09:15", CHRONIC, 19, 12, 67, 66),
    ("whitethorn", "2026-11-04 10:50", CHRONIC, 17, 11, 52, 64),
]

# Later ones: patient, when, headache days, migraine days, MIDAS, HIT-6, candidacy, rationale.
LATER = [
    ("ashdown", "2026-03-23 11:10", 16, 11, 58, 63, "candidate", "Clear benefit after three sessions; the series goes on."),
    ("ashdown", "2026-05-19 10:30", 9, 5, 18, 54, "candidate",
     "Series complete. Migraine days from 17 to 5 a month; no longer chronic. Booster only on relapse."),
    ("marchbanks", "2026-04-30 14:20", 24, 17, 106, 69, "deferred",
     "No useful response after five sessions (18 to 17 migraine days). Series ended; back to the headache service."),
    ("cinar", "2026-06-02 11:15", 12, 8, 36, 62, "deferred", "Thyroid still overactive, pulse 108 at rest. See again when controlled."),
    ("birkelund", "2026-05-20 13:00", 20, 13, 75, 66, "deferred",
     "Severe agitation in session 2. No further infusion until psychiatry has seen him."),
    ("mopani", "2026-07-06 10:05", 11, 6, 27, 57, "candidate", "Good partial response."),
    ("elmsworth", "2026-07-21 14:15", 20, 13, 74, 66, "candidate", "Eye pressure found raised last week, on drops now. Fair response so far."),
    ("elmsworth", "2026-08-20 14:10", 18, 11, 60, 64, "candidate", "Fair response; five sessions given."),
    ("cedarholm", "2026-09-22 09:40", 10, 5, 22, 56, "candidate", "Good response over four sessions."),
    ("tamarack", "2026-10-13 13:30", 13, 8, 35, 59, "candidate", "Fair response; pause before more."),
    ("rowan", "2026-10-21 15:20", 15, 10, 51, 62, "candidate", "Improving after three sessions."),
]

REFUSALS = {
    "ohollyhock": ("not_candidate", {"uncontrolled_cardiovascular": "present"},
                   "Pressure 172/104 on three readings with angina last month: ketamine would raise it further. Not a candidate."),
    "cinar": ("deferred", {"uncontrolled_cardiovascular": "present"},
              "Newly found overactive thyroid, pulse 112 at rest. Deferred until treated."),
}
ACCEPTED = ("candidate", {}, "Three preventives failed or not tolerated; screen clear; wishes to try a series.")
# The one consultation that was dictated late: when it was charted.
DICTATED = {("cinar", "2026-06-02 11:15"): "2026-06-04 08:50"}

# Contraindications found later.
FOUND = {("elmsworth", "2026-07-21 14:15"): ("raised_iop",)}

TRIPTANS = ("sumatriptan", "rizatriptan", "eletriptan")
PREVENTIVES = ("topiramate", "propranolol", "amitriptyline")
STREETS = ("Orchard Lane", "Fernhill Road", "Mulberry Court", "Windfall Street", "Catkin Way")


def write(log):
    for index, (key, when, *_rest) in enumerate(FIRST):
        patient = BY_KEY[key]
        noise = Noise(f"consultation/{key}")
        log.chart(beginning(patient, index, local(when), _rest, noise), noise)
        if key == "nguyen":
            correct_consultation(log, patient)
    diagnoses = {key: diagnosis for key, _when, diagnosis, *_ in FIRST}
    for key, when, headache, migraine, midas, hit6, candidacy, rationale in LATER:
        patient = BY_KEY[key]
        noise = Noise(f"consultation/{key}/{when}")
        data = consultation(patient, diagnoses[key], headache, migraine, midas, hit6, noise)
        for code in FOUND.get((key, when), ()):
            data["contraindications"].append({"code": code, "status": "present"})
        if key == "cinar":
            data["contraindications"][0]["status"] = "present"
        data |= {"candidacy": candidacy, "rationale": rationale}
        charted = DICTATED.get((key, when))
        log.chart([Event(patient.stream, patient.prescriber, "ConsultationRecorded", local(when), data,
                         charted=local(charted) if charted else None)], noise)


def beginning(patient, index, seen, figures, noise):
    """Registration at the desk, the consultation, and for a candidate the plan and the consent form in force."""
    registered = seen - timedelta(minutes=35, seconds=noise.between(0, 59))
    events = [Event(patient.stream, "d.clover", "PatientRegistered", registered, registration(patient, index))]
    data = consultation(patient, *figures, noise)
    candidacy, found, rationale = REFUSALS.get(patient.key, ACCEPTED)
    for line in data["contraindications"]:
        line["status"] = found.get(line["code"], line["status"])
    data |= {"candidacy": candidacy, "rationale": rationale}
    events.append(Event(patient.stream, patient.prescriber, "ConsultationRecorded", seen, data))
    if candidacy == "candidate":
        events.append(Event(patient.stream, patient.prescriber, "TreatmentPlanned", seen + timedelta(minutes=12), plan(patient)))
        events.append(consent(patient, seen + timedelta(minutes=24), "m.sorrel", noise))
    return events


def registration(patient, index):
    ascii_only = unicodedata.normalize("NFKD", patient.given[0]).encode("ascii", "ignore").decode().lower()
    street = f"{12 + 9 * index} {STREETS[index % len(STREETS)]}"
    data = {
        "mrn": f"HK-{1041 + 7 * index:05d}", "family": patient.family, "given": list(patient.given),
        "birth_date": patient.born, "sex": patient.sex,
        "phone": f"802-555-01{11 + 5 * index:02d}", "email": f"{ascii_only}.{patient.key}@example.org",
        "address": {"line": [street], "city": "Hickory Falls", "state": "VT", "postal_code": "05999", "country": "US"},
    }
    if index % 3 == 0:
        data["identifiers"] = [{"system": "https://insurer.example.org/member", "value": f"EX{700113 + 3911 * index}"}]
    return data


def consultation(patient, diagnosis, headache, migraine, midas, hit6, noise):
    symptoms = ["photophobia", "phonophobia", "nausea", "throbbing_pain"]
    symptoms += ["aura"] if diagnosis == WITH_AURA else []
    symptoms += ["unilateral_pain"] if noise.chance(0.6) else []
    return {
        "diagnosis": {"code": diagnosis[0], "text": diagnosis[1]},
        "headache_days_per_month": headache, "migraine_days_per_month": migraine,
        "attack_hours": {"min": noise.between(4, 8), "max": noise.between(20, 72)},
        "symptoms": symptoms,
        "prior_treatments": [
            {"class": "triptan", "name": noise.pick(TRIPTANS), "outcome": "partial"},
            {"class": "preventive", "name": noise.pick(PREVENTIVES), "outcome": noise.pick(("none", "not_tolerated"))},
            {"class": "trigger_avoidance", "outcome": "none"},
        ],
        "medications": [noise.pick(("magnesium", "candesartan 8 mg", "riboflavin", "naproxen as needed"))],
        "allergies": list(patient.allergies),
        "asa_class": 3 if patient.key == "ohollyhock" else noise.between(1, 2),
        "midas": midas, "hit6": hit6,
        "contraindications": [{"code": code, "status": "absent"} for code in CLEAR],
    }


def plan(patient):
    sessions, interval, target, most, fastest, minutes, bolus = patient.plan
    data = {
        "plan": patient.plan_id, "sessions": sessions, "interval_days": interval, "target_mg_per_kg": decimal(target * 10),
        "max_mg_per_kg": decimal(most * 10), "max_rate_mg_per_kg_per_h": decimal(fastest * 10), "duration_min": minutes,
        "prescriber": patient.prescriber,
    }
    if bolus:
        data["bolus_max_mg_per_kg"] = decimal(bolus * 10)
    if patient.premedication:
        data["premedication"] = list(patient.premedication)
    return data


def consent(patient, signed, nurse, noise):
    version, digest = form_at(signed)
    signer = {"name": patient.name, "role": "patient"}
    data = {"form": FORM, "form_version": version, "form_digest": digest, "signer": signer, "method": noise.pick(("ink", "electronic")),
            "meaning": "I have read and understood the form and agree to the treatment", "signed_at": signed.isoformat()}
    if noise.chance(0.3):
        data["witness"] = "Desmond Clover"
    return Event(patient.stream, nurse, "ConsentSigned", signed, data)


def correct_consultation(log, patient):
    """A prescriber corrects the MIDAS score of her own entry: A2 passes on the patient's stream."""
    noise = Noise("consultation/nguyen/corrected")
    wrong = [event for event in log.events() if event.stream == patient.stream and event.type == "ConsultationRecorded"][0]
    data = {"target": wrong, "reason": "MIDAS added up wrongly", "data": wrong.data | {"midas": 52}}
    log.chart([Event(patient.stream, patient.prescriber, "EventAmended", local("2026-05-05 16:40"), data)], noise)
