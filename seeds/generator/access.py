"""The access log: who signed in, who read whose chart and why, emergencies and their reviews, disclosures."""

from datetime import timedelta

from clinic import COMPLIANCE
from log import Event, Noise, identifier, local
from people import BY_KEY

# Charts read outside of treatment: patient, when, account, why. Nobody is enrolled as `frontdesk`.
READS = [
    ("ashdown", "2026-05-20 09:10", "v.heather", "audit of the finished series"),
    ("marchbanks", "2026-04-30 13:50", "p.larkspur", "treatment"),
    ("quillfeather", "2026-04-09 08:35", "v.heather", "review of the withdrawal"),
    ("sliwinska", "2026-04-16 16:45", "frontdesk", "telephone call"),
]

# Patient, opened, by, why, reviewed, outcome.
EMERGENCIES = [
    ("birkelund", "2026-05-07 19:40", "p.larkspur", "His wife telephones: he is agitated again, and his own doctor is away", "2026-05-08 09:20"),
    ("elmsworth", "2026-06-13 21:15", "j.bracken", "Emergency department asks what he was given on Thursday", "2026-06-19 10:05"),
]

# Patient, when, by, recipient, address, description, purpose.
DISCLOSURES = [
    ("ashdown", "2026-05-22 10:30", "v.heather", "Dr. Quince, family doctor", "4 Millrace, Hickory Falls, VT", "Summary of the series", "treatment"),
    ("ahuehuete", "2026-09-15 14:10", "d.clover", "Example Insurance", "1 Example Plaza, Nowhere, VT", "Dates and doses of five sessions", "payment"),
]


def stream(key):
    """On the access log a stream is named after the patient whose data is concerned."""
    return f"access/{BY_KEY[key].id}"


def write(log, courses):
    for course in courses:
        if course.find("PatientArrived"):
            read(log, course.patient.key, course.at(-40), course.session.nurse, "treatment")
            sign_in(log, course)
    for key, when, account, purpose in READS:
        read(log, key, local(when), account, purpose)
    for key, opened, actor, reason, reviewed in EMERGENCIES:
        patient = BY_KEY[key].id
        invoked = Event(stream(key), actor, "BreakGlassInvoked", local(opened), {"patient": patient, "reason": reason})
        review = Event(stream(key), COMPLIANCE, "BreakGlassReviewed", local(reviewed), {"invocation": invoked, "outcome": "justified"})
        log.chart([invoked, review], Noise(f"emergency/{key}"))
    for key, when, actor, recipient, address, description, purpose in DISCLOSURES:
        data = {
            "patient": BY_KEY[key].id, "recipient": recipient, "recipient_address": address, "description": description, "purpose": purpose,
        }
        log.chart([Event(stream(key), actor, "DisclosureMade", local(when), data)], Noise(f"disclosure/{key}"))


def read(log, key, at, account, purpose):
    data = {"patient": BY_KEY[key].id, "resource": "chart", "purpose": purpose}
    log.chart([Event(stream(key), account, "ChartRead", at, data)], Noise(f"read/{key}/{at}"))


def sign_in(log, course):
    """A stream of its own: it concerns no patient."""
    at = course.at(-41) - timedelta(seconds=course.noise.between(0, 50))
    event = Event(f"access/{identifier(f'sign-in/{course.session.key}')}", course.session.nurse, "SignedIn", at, {"method": "password"})
    log.chart([event], Noise(f"sign-in/{course.session.key}"))
