"""Each story in words, and every verdict of the compliance view that is neither pass nor not_applicable."""

# (story, patient, sessions, what the compliance view says)
STORIES = [
    ("A responder: six sessions, migraine days from 17 to 5 a month, pain from 7 to 1; follow-up consultation at the end", "ashdown", range(1, 7), "all clean"),
    ("A non-responder: five sessions, series ended and deferred", "marchbanks", range(1, 6), "all clean"),
    ("Not a candidate (uncontrolled hypertension): never infused", "ohollyhock", (), "clean; no session"),
    ("Deferred twice; the second consultation was dictated two days late", "cinar", (), "A3 fails on the patient's stream"),
    ("Two quiet sessions before the third", "quillfeather", (1, 2), "all clean"),
    ("Consent withdrawn while the infusion runs; stopped; leaves at his own wish with an Aldrete of 8, by override", "quillfeather", (3,), "X1 overridden; C1 passes, consent stood when the line went in"),
    ("Two sessions, then consent withdrawn by telephone", "sliwinska", (1, 2), "all clean"),
    ("Booked before the withdrawal; nobody came", "sliwinska", (3,), "not_applicable throughout; A3 passes"),
    ("A first session that went well", "birkelund", (1,), "all clean"),
    ("Severe side effect (agitation, grade 3): infusion stopped, long recovery; deferred afterwards", "birkelund", (2,), "all clean: what was done was right"),
    ("Amended entry: a heart rate typed 100 too high, corrected by the nurse who wrote it", "mopani", (1,), "A2 passes"),
    ("Voided entry: a reading entered twice; also an infiltrated line, re-sited in the other arm while paused", "mopani", (2,), "A2 passes"),
    ("Late entry within 24 h: the discharge vitals, charted the next morning", "mopani", (3,), "A3 passes"),
    ("A walk-in, never booked", "mopani", (4,), "all clean"),
    ("A consultation amended by its author (MIDAS), then quiet sessions", "nguyen", (1, 4, 5), "A2 passes on the patient's stream; signs the new form before session 5"),
    ("Missed vitals: nothing from 14:05 to 14:16", "nguyen", (2,), "M1 fails: 11 min, policy 2026-1 allows 5"),
    ("Late entry: a side effect and its end, charted two days later", "nguyen", (3,), "A3 fails, naming both entries"),
    ("Sessions with raised pressure, dose lowered for it", "elmsworth", (1, 4, 5), "all clean; signs the new form before session 5"),
    ("Driver missing: discharged to hospital transport by a prescriber's override", "elmsworth", (2,), "X3 overridden"),
    ("Discharged without an order", "elmsworth", (3,), "X2 fails"),
    ("Sessions with a bolus", "ahuehuete", (1, 5), "all clean; signs the new form at session 4"),
    ("Dose over plan (0.55 mg/kg/h where the plan allows 0.5) by a prescriber's override", "ahuehuete", (2,), "D1 overridden"),
    ("No vitals after the stop", "ahuehuete", (3,), "M3 fails"),
    ("Arrived with 180/108, sent home without a line or an infusion", "ahuehuete", (4,), "nothing to judge but A3, which passes"),
    ("A session on the old form, two on the new one", "cedarholm", (1, 3, 4), "all clean"),
    ("The day after the new consent form: line put in under the old consent by override, new form signed before the start", "cedarholm", (2,), "C1 overridden"),
    ("Discharged 22 min after the stop", "tamarack", (1,), "X5 fails: policy 2026-1 asks for 30"),
    ("Discharged 38 min after the stop in August, under policy 2026-1; and 52 min in late September", "tamarack", (2, 3, 5), "all clean"),
    ("Discharged 38 min after the stop in September, under policy 2026-2", "tamarack", (4,), "X5 fails: policy 2026-2 asks for 45"),
    ("Quiet sessions", "banksia", (1, 3), "all clean"),
    ("The front desk voids a nurse's vitals", "banksia", (2,), "A2 fails; the voided reading stays readable"),
    ("Booked only, for after the end of the files", "banksia", (4,), "not_applicable throughout; A3 passes"),
    ("A series under policy 2026-2", "rowan", (1, 2, 3, 4), "all clean"),
    ("Open: the infusion runs when the files end", "rowan", (5,), "indeterminate"),
    ("A first session under policy 2026-2", "kauri", (1,), "all clean"),
    ("Open: recovering when the files end", "kauri", (2,), "indeterminate"),
    ("Open: just arrived when the files end", "whitethorn", (1,), "indeterminate"),
]

OPEN = ("rowan-5", "kauri-2", "whitethorn-1")
OPEN_RULES = ("M1", "M3", "P1", "C1", "D1", "X1", "X2", "X3", "X5", "A3")

# (kind of stream, key, rule, verdict, why)
FINDINGS = [
    ("patient", "cinar", "A3", "fail", "consultation of 2 June charted 45 h later"),
    ("session", "quillfeather-3", "X1", "overridden", "Aldrete 8 at discharge; override `score`"),
    ("session", "nguyen-2", "M1", "fail", "11 min without heart rate and blood pressure, 14:05–14:16"),
    ("session", "nguyen-3", "A3", "fail", "SideEffectObserved and SideEffectResolved charted 42 h later"),
    ("session", "elmsworth-2", "X3", "overridden", "no driver at release; override `driver`"),
    ("session", "elmsworth-3", "X2", "fail", "no DischargeOrdered"),
    ("session", "ahuehuete-2", "D1", "overridden", "0.55 mg/kg/h, plan 0.5; override `dose`"),
    ("session", "ahuehuete-3", "M3", "fail", "no vitals after the stop"),
    ("session", "cedarholm-2", "C1", "overridden", "form 2026-1 was no longer current; override `consent`"),
    ("session", "tamarack-1", "X5", "fail", "22 min, policy 2026-1 asks for 30"),
    ("session", "tamarack-4", "X5", "fail", "38 min, policy 2026-2 asks for 45"),
    ("session", "banksia-2", "A2", "fail", "vitals voided by the front desk"),
    *[("session", key, rule, "indeterminate", "the session is open") for key in OPEN for rule in OPEN_RULES],
]
