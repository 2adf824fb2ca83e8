"""The drug cabinet: vials received, one for each session and a spare a delivery, and the inventories."""

from datetime import timedelta

from course import VIAL
from log import Event, Noise, decimal, identifier, local, stream

# (delivered, lot, expires, invoice): each covers the sessions until the next.
DELIVERIES = [
    ("2026-01-30 09:40", "KX26-014A", "2027-06-30", "EX-88120"),
    ("2026-03-30 09:15", "KX26-052C", "2027-08-31", "EX-88904"),
    ("2026-05-27 10:05", "KX26-081B", "2026-10-31", "EX-89577"),
    ("2026-07-30 09:30", "KX26-119A", "2027-12-31", "EX-90312"),
    ("2026-09-29 09:50", "KX26-150D", "2028-01-31", "EX-91266"),
]
# The first is that of an empty cabinet. Whoever takes it counts every vial.
INVENTORIES = [("2026-01-16 08:30", "open", "m.sorrel"), ("2026-07-31 17:40", "close", "j.bracken"), ("2026-11-02 07:50", "open", "m.sorrel")]


def spare(number):
    return stream("vial", f"spare-{number}")


def write(log, courses):
    """`courses` in any order; those that opened no vial, and never will, take none from the cabinet."""
    opened = {course.vial: course.start for course in courses if course.find("DrugDispensed")}
    received = {}
    for index, (delivered, lot, expires, invoice) in enumerate(DELIVERIES):
        start = local(delivered)
        end = local(DELIVERIES[index + 1][0]) if index + 1 < len(DELIVERIES) else None
        vials = sorted((at, vial) for vial, at in opened.items() if at >= start and (end is None or at < end))
        for place, vial in enumerate([vial for _at, vial in vials] + [spare(index + 1)]):
            received[vial] = start + timedelta(seconds=40 * place)
            data = {
                "drug": "ketamine hydrochloride", "form": "injection, single-dose vial", "lot": lot, "concentration_mg_per_ml": 10,
                "volume_ml": 10, "expires_on": expires, "supplier": "Example Pharmacy Supply", "invoice": invoice,
            }
            log.chart([Event(vial, "m.sorrel", "DrugReceived", received[vial], data)], Noise(f"delivery/{vial}"))
    gone = leave_otherwise(log)
    for taken, at, actor in INVENTORIES:
        when = local(taken)
        held = [vial for vial, since in received.items() if since <= when and min(opened.get(vial, when), gone.get(vial, when)) >= when]
        lines = [{"vial": vial.removeprefix("vial/"), "on_hand_mg": decimal(VIAL)} for vial in sorted(held)]
        data = {"taken_at": when.isoformat(), "at": at, "lines": lines}
        log.chart([Event("clinic", actor, "InventoryTaken", when + timedelta(minutes=12), data)], Noise(f"inventory/{taken}"))


def leave_otherwise(log):
    """Spare vials that left the cabinet without being given: when each was gone."""
    counted = {"on_hand_mg": 0, "witness": "m.sorrel"}
    broken = {"amount_mg": decimal(VIAL), "form_106": "EX-106-000071", "note": "Fell on the floor of the medication room and broke; cleaned up by two"}
    missing = {"amount_mg": decimal(VIAL), "note": "Not in the cabinet at the morning count; searched for, not found"}
    returned = {"amount_mg": decimal(VIAL)}
    stories = [
        (1, "2026-04-16 16:20", "j.bracken", "DrugLossReported", broken),
        (2, "2026-06-12 08:10", "j.bracken", "DrugLossReported", missing),
        (3, "2026-09-28 15:00", "j.bracken", "DrugReturned", returned),
    ]
    gone = {}
    for number, when, actor, type, data in stories:
        vial, at = spare(number), local(when)
        gone[vial] = at
        events = [Event(vial, actor, type, at, data), Event(vial, actor, "VialCounted", at + timedelta(minutes=5), counted)]
        log.chart(events, Noise(f"spare/{number}"))
    return gone
