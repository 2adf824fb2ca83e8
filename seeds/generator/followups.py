"""Two days after each session somebody calls; a month after the last one, the outcome of the series is asked for."""

from datetime import timedelta

from log import Event, Noise, identifier, local
from people import BY_KEY

# Headache days, migraine days, MIDAS, HIT-6 a month after the last session: patient, when, figures.
OUTCOMES = [
    ("ashdown", "2026-05-21 11:10", (9, 5, 17, 53)),
    ("marchbanks", "2026-05-11 10:40", (24, 17, 104, 69)),
    ("mopani", "2026-07-15 11:30", (11, 6, 26, 57)),
    ("nguyen", "2026-08-20 11:05", (9, 7, 30, 59)),
    ("elmsworth", "2026-08-24 11:45", (18, 11, 61, 64)),
    ("ahuehuete", "2026-09-10 10:15", (13, 8, 44, 60)),
    ("cedarholm", "2026-09-18 11:25", (10, 5, 23, 56)),
    ("tamarack", "2026-10-28 11:15", (13, 8, 36, 60)),
]


def call(course):
    """The telephone call after a session: pain then, and the relief that the patient reports."""
    noise = Noise(f"follow-up/{course.session.key}")
    before, after = course.session.pain
    pain = min(10, after + noise.between(0, 1))
    days = {3: 4, 4: 4}.get(course.start.weekday(), 2)  # not at the weekend
    day = course.start.replace(hour=11, minute=0) + timedelta(days=days, minutes=noise.between(0, 50))
    data = {
        "session": identifier(f"session/{course.session.key}"), "days_after": days, "pain_nrs": pain,
        "relief_percent": max(0, (before - pain) * 100 // before),
    }
    if noise.chance(0.2):
        data["note"] = noise.pick(("Slept well both nights.", "Tired on the day after, well since.", "Asks when the next session is."))
    return [Event(course.patient.stream, noise.pick(("m.sorrel", "j.bracken")), "FollowUpRecorded", day, data)], noise


def write(log, courses, until):
    for course in courses:
        if not course.find("InfusionStopped"):
            continue
        events, noise = call(course)
        if events[0].at <= until:
            log.chart(events, noise)
    for key, when, (headache, migraine, midas, hit6) in OUTCOMES:
        data = {
            "days_after": 30, "headache_days_per_month": headache, "migraine_days_per_month": migraine, "midas": midas, "hit6": hit6,
        }
        event = Event(BY_KEY[key].stream, "m.sorrel", "FollowUpRecorded", local(when), data)
        log.chart([event], Noise(f"outcome/{key}"))
