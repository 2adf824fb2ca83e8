"""Puts the clinic together and writes the files."""

from datetime import timedelta

import access
import clinic
import consultations
import followups
import readme
import stock
from clinic import form_at
from consultations import FIRST
from course import Course
from log import Log, local
from schedule import SESSIONS
from stories import NOW, TWISTS, aside, booked_only

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")


def generate(directory):
    """Writes `NN-month.jsonl` for each month and the tables of README.md into a directory; the same bytes each time."""
    log = Log()
    clinic.write(log)
    consultations.write(log)
    seen = {key: local(when) for key, when, *_ in FIRST}
    booked = {key: when + timedelta(minutes=41) for key, when in seen.items()}
    consented = {key: form_at(when)[0] for key, when in seen.items()}
    courses = []
    for session in SESSIONS:
        key = session.patient.key
        course = Course(session, booked[key], consented[key])
        consented[key] = form_at(course.at(-40))[0]
        if session.key in TWISTS:
            TWISTS[session.key](course)
        courses.append(course)
        course.charted(log, until=NOW)
        booked[key] = course.at(session.minutes + session.recovery + 4)
    stock.write(log, courses)
    followups.write(log, courses, until=NOW)
    booked_only(log)
    aside(log)
    access.write(log, courses)

    files = {}
    for charted, stream, line in log.lines():
        name = "01-clinic" if charted.month == 1 else f"{charted.month:02d}-{MONTHS[charted.month - 1]}"
        if stream.startswith("access"):
            name = "12-access"
        files.setdefault(f"{name}.jsonl", []).append(line + "\n")
    for stale in directory.glob("*.jsonl"):
        stale.unlink()
    for name, lines in files.items():
        (directory / name).write_text("".join(lines), encoding="utf-8")
    readme.write(directory / "README.md")
