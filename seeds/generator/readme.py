"""Fills the tables of seeds/README.md: the ids are derived, so nobody has to copy them."""

import re

from findings import FINDINGS, STORIES
from log import identifier, stream
from people import BY_KEY, PATIENTS


def stories():
    yield "| story | patient | sessions | the compliance view |"
    yield "|---|---|---|---|"
    for story, key, numbers, says in STORIES:
        sessions = "<br>".join(f"{number}: `{identifier(f'session/{key}-{number}')}`" for number in numbers) or "none"
        yield f"| {story} | {BY_KEY[key].name} | {sessions} | {says} |"


def patients():
    yield "| patient | id |"
    yield "|---|---|"
    for patient in PATIENTS:
        yield f"| {patient.name} | `{patient.id}` |"


def findings():
    yield "| stream | rule | verdict | why |"
    yield "|---|---|---|---|"
    for kind, key, rule, verdict, why in FINDINGS:
        name, _, number = key.partition("-")
        who = f"{BY_KEY[name].family} {number}".strip() if name in BY_KEY else key
        place = f"access/{BY_KEY[key].id}" if kind == "access" else stream(kind, key)
        yield f"| {place} | {rule} | {verdict} | {why} ({who}) |"


def write(path):
    text = path.read_text(encoding="utf-8")
    for name, table in (("patients", patients), ("stories", stories), ("findings", findings)):
        mark = re.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not mark.search(text):
            raise ValueError(f"README.md has no place for the table {name}")
        text = mark.sub(lambda match: match[1] + "\n".join(table()) + "\n" + match[2], text)
    path.write_text(text, encoding="utf-8")
