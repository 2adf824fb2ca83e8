"""What makes a session differ from a clean one, and what the compliance view must then say of it."""

from consultations import consent
from log import Event, Noise, decimal, local, stream
from people import BY_KEY

NOW = local("2026-11-13 14:20")  # where the charts of the open sessions end

TWISTS = {}


def twist(key):
    def register(change):
        TWISTS[key] = change
        return change

    return register


def note(course, minute, text, actor=None):
    course.add("NoteRecorded", minute, {"text": text}, actor=actor)


@twist("quillfeather-3")
def withdraws_mid_infusion(course):
    patient = course.patient
    withdrawal = {"reason": "Feels out of control and wants to stop for good", "taken_by": course.session.nurse}
    course.add("ConsentWithdrawn", 43, withdrawal, on=patient.stream)
    note(course, 62, "Asks to leave as soon as he may. Offered to stay; declines. Walks with an arm to lean on.")
    final = course.find("RecoveryScored")[-1]
    final.data["items"] |= {"activity": 1, "circulation": 2, "consciousness": 1, "oxygen": 2}
    final.data["total"] = 8
    discharge = course.only("Discharged")
    discharge.data["condition"] = "awake, unsteady, leaves at his own wish with his wife"
    course.override(discharge, "score", "Leaves at his own wish after withdrawing consent; wife beside him, told what to watch for")


@twist("birkelund-2")
def severe_effect(course):
    note(course, 46, "Agitated, pulling at the line, sees insects. Pump stopped, lights down, calm voice. No drug given.", "a.thorne")
    for minute in (45, 48, 55):
        course.vitals(minute, "recovery")
    note(course, 90, "Settled, oriented, recalls it with distress. Stays for a long recovery.")


@twist("mopani-1")
def typing_error_amended(course):
    wrong = course.only("VitalsRecorded", lambda event: event.at == course.at(35))
    right = dict(wrong.data)
    wrong.data = wrong.data | {"heart_rate": right["heart_rate"] + 100}
    course.add("EventAmended", 37, {"target": wrong, "reason": "Typing error: heart rate 100 too high", "data": right})


@twist("mopani-2")
def double_entry_voided_and_line_resited(course):
    site, side, gauge, _ = course.session.iv
    course.add("IVRemoved", 42, {"site": site, "side": side, "intact": True, "reason": "infiltrated"})
    course.add("IVInserted", 46, {"site": "antecubital_fossa", "side": "right", "gauge": 20, "attempts": 1, "patent": True})
    course.find("IVRemoved")[0].data |= {"site": "antecubital_fossa", "side": "right"}
    course.find("IVRemoved")[1].data |= {"site": site, "side": side}
    original = course.only("VitalsRecorded", lambda event: event.at == course.at(70))
    double = course.add("VitalsRecorded", 70, dict(original.data), seconds=30)
    course.add("EventVoided", 73, {"target": double, "reason": "Same reading entered twice"})


@twist("mopani-3")
def charted_next_morning(course):
    discharge = course.only("VitalsRecorded", lambda event: event.data["phase"] == "discharge")
    discharge.charted = local("2026-06-02 08:20")
    # Nobody else was free to watch.
    del course.only("DrugWasted").data["witness"]


@twist("nguyen-2")
def vitals_gap(course):
    inside = course.find("VitalsRecorded", lambda event: course.at(35) <= event.at <= course.at(46) and event.data["phase"] == "infusion")
    course.drop(inside)
    course.vitals(35, "infusion")
    course.vitals(46, "infusion")
    for event in course.find("DoseAdjusted"):
        event.batch = None
    note(course, 47, "Called away to chair 2; cuff was not cycling.")


@twist("nguyen-3")
def charted_two_days_late(course):
    charted = local("2026-06-11 09:05")
    nausea = {"effect": "nausea", "grade": 1, "relatedness": "probable", "action": "none"}
    observed = course.add("SideEffectObserved", 103, nausea, charted=charted, batch="late")
    course.add("SideEffectResolved", 118, {"effect": "nausea", "observed": observed}, charted=charted, batch="late")


@twist("nguyen-4")
def bag_spilt(course):
    """Four milligrams less went to waste than were left, and nobody charted where they went."""
    wasted = course.only("DrugWasted")
    wasted.data["amount_mg"] = decimal(round(wasted.data["amount_mg"] * 1000) - 4_000)


@twist("elmsworth-2")
def driver_missing(course):
    course.drop(course.find("DriverConfirmed", lambda event: event.data["stage"] == "release"))
    discharge = course.only("Discharged")
    del discharge.data["released_to"]
    course.override(discharge, "driver", "Daughter's car broke down; hospital transport with an attendant booked instead")


@twist("elmsworth-3")
def order_voided_afterwards(course):
    order = course.only("DischargeOrdered")
    reason = "Meant for the patient in chair 2; I did not see this one before he left"
    course.add("EventVoided", 60 * 22, {"target": order, "reason": reason}, course.patient.prescriber)


@twist("elmsworth-5")
def raised_eye_pressure(course):
    inserted = course.only("IVInserted")
    course.override(inserted, "contraindication", "Pressure in the eyes 23 and 24 on drops; her eye doctor agrees to one more session at low dose")


@twist("ahuehuete-2")
def dose_over_plan(course):
    raised = course.only("DoseAdjusted", lambda event: event.at == course.at(40, 40))
    raised.data["note"] = "Above the plan's 0.5 mg/kg/h"
    course.override(raised, "dose", "No relief and no effects at 0.4; short trial of 0.55 mg/kg/h under direct watch")


@twist("ahuehuete-3")
def no_vitals_after_stop(course):
    course.drop(course.find("VitalsRecorded", lambda event: event.data["phase"] in ("recovery", "discharge")))


@twist("ahuehuete-4")
def sent_home_untreated(course):
    kept = course.find("SessionBooked") + course.find("PatientArrived") + course.find("ConsentSigned")
    kept += course.find("DriverConfirmed", lambda event: event.data["stage"] == "expected")
    kept += course.find("VitalsRecorded", lambda event: event.data["phase"] == "baseline")
    course.drop([event for event in course.events if event not in kept])
    course.vitals(6, "baseline")
    note(course, 9, "Pressure far above her usual also after rest. No infusion today; family doctor told.", course.patient.prescriber)
    course.add("DischargeOrdered", 12, {"by": course.patient.prescriber}, course.patient.prescriber)
    course.add("Discharged", 14, {"instructions_version": "2026-1", "condition": "not infused; well, pressure raised"})


@twist("cedarholm-2")
def line_before_the_new_form(course):
    patient = course.patient
    course.drop(course.find("ConsentSigned"))
    course.events.append(consent(patient, course.at(-6), course.session.nurse, course.noise))
    inserted = course.only("IVInserted")
    course.override(inserted, "consent", "Yesterday's new form not yet printed; she has read it on screen and signs before the start")


@twist("cedarholm-3")
def breakfast_five_hours_before(course):
    arrival = course.only("PatientArrived")
    arrival.data["last_light_meal_at"] = course.at(-300).isoformat()
    start = course.only("InfusionStarted")
    course.override(start, "fasting", "Dry toast five hours ago, no reflux; low dose, will be held upright")


@twist("cedarholm-4")
def leaves_with_a_severe_headache(course):
    headache = {"effect": "headache", "grade": 3, "relatedness": "possible", "action": "medication"}
    course.add("SideEffectObserved", 108, headache)
    ketorolac = {"drug": "ketorolac", "dose": 15, "unit": "mg", "route": "iv", "indication": "headache",
                 "ordered_by": course.patient.prescriber}
    course.add("MedicationGiven", 110, ketorolac)
    discharge = course.only("Discharged")
    course.override(discharge, "side_effect_open", "Her usual attack; knows what to take, husband of the neighbour stays with her tonight")


@twist("tamarack-1")
def stopped_later_than_charted(course):
    """At the discharge the chart said 31 min. The pump's log shows a stop nine minutes later, and the total agrees with that."""
    stop = course.only("InfusionStopped")
    charted_at_first = course.add("InfusionStopped", 71, dict(stop.data))
    charted_at_first.charted = course.at(80, 40)
    reason = "Wrong time: by the pump's log it ran nine minutes longer, which the total shows too"
    course.add("EventVoided", 150, {"target": charted_at_first, "reason": reason})
    stop.charted = course.at(152)


@twist("tamarack-4")
def discharged_as_before_the_new_policy(course):
    discharge = course.only("Discharged")
    course.override(discharge, "recovery_time", "Fully awake, score 10, sibling has to drive on; 38 min were enough until last month")


@twist("tamarack-3")
def nobody_has_to_drive(course):
    course.drop(course.find("DriverConfirmed"))
    del course.only("Discharged").data["released_to"]
    exemption = {"reason": "Lives across the street; sibling walks over with them", "by": course.patient.prescriber}
    course.add("DriverExempted", course.session.minutes + course.session.recovery - 7, exemption, course.patient.prescriber)


@twist("banksia-1")
def pressure_waived(course):
    for reading in course.find("VitalsRecorded", lambda event: event.at in (course.at(40), course.at(45))):
        for key in ("systolic_mmhg", "diastolic_mmhg", "map_mmhg"):
            del reading.data[key]
        reading.data["absent"] = {"systolic_mmhg": "cuff off, arm hurts", "diastolic_mmhg": "cuff off, arm hurts"}
    waiver = {
        "rule": "M1", "reason": "Bruise under the cuff, other arm has the line; steady so far, watched without a break",
        "from": course.at(36).isoformat(), "to": course.at(50).isoformat(),
    }
    course.add("WaiverNoted", 36, waiver, course.patient.prescriber, seconds=20)


@twist("banksia-2")
def desk_voids_score(course):
    target = course.find("RecoveryScored", lambda event: True)[0]
    course.add("EventVoided", 161, {"target": target, "reason": "Looked like a double entry"}, actor="h.linden")


def booked_only(log):
    """Sessions that nobody came to (yet)."""
    for key, number, scheduled, booked, minutes in (
        ("sliwinska", 3, "2026-04-20 14:00", "2026-04-06 16:25", 90),
        ("banksia", 4, "2026-11-24 10:00", "2026-11-02 11:35", 90),
        ("tamarack", 6, "2026-10-19 14:00", "2026-09-28 16:40", 90),
    ):
        patient = BY_KEY[key]
        data = {
            "patient": patient.id, "plan": patient.plan_id, "number": number, "scheduled_at": local(scheduled).isoformat(),
            "duration_min": minutes,
        }
        booking = Event(stream("session", f"{key}-{number}"), "d.clover", "SessionBooked", local(booked), data)
        log.chart([booking], Noise(f"booking/{key}"))


def aside(log):
    """What happens between sessions."""
    patient = BY_KEY["sliwinska"]
    data = {"reason": "Would rather try the new tablets first", "taken_by": "m.sorrel"}
    events = [Event(patient.stream, "m.sorrel", "ConsentWithdrawn", local("2026-04-15 11:20"), data)]
    note = {"text": "Telephoned to withdraw; session 3 will not take place. Welcome back any time."}
    events.append(Event(patient.stream, "m.sorrel", "NoteRecorded", local("2026-04-15 11:24"), note))
    log.chart(events, Noise("withdrawal/sliwinska"))

    cancelled = {"reason": "Pause agreed at the consultation of 13 October"}
    cancellation = Event(stream("session", "tamarack-6"), "h.linden", "SessionCancelled", local("2026-10-13 14:20"), cancelled)
    log.chart([cancellation], Noise("cancellation/tamarack"))

    moved = {
        "phone": "802-555-0177", "reason": "Moved",
        "address": {"line": ["8 Catkin Way"], "city": "Hickory Falls", "state": "VT", "postal_code": "05999", "country": "US"},
    }
    change = Event(BY_KEY["ashdown"].stream, "d.clover", "PatientDetailsChanged", local("2026-05-12 10:05"), moved)
    log.chart([change], Noise("moved/ashdown"))
