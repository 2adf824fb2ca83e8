"""The import file: stable ids, times with an offset, commands of one or more events, and the lines themselves."""

import hashlib
import json
import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

CLINIC = "hickory"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://hickory.example.org/")


def identifier(name):
    """The id of a patient, session, plan or vial, from a readable name such as `session/ashdown-1`."""
    return str(uuid.uuid5(NAMESPACE, name))


def stream(kind, key):
    return f"{kind}/{identifier(f'{kind}/{key}')}"


def local(text):
    """A wall-clock time of the clinic (US Eastern, daylight time from 8 March to 1 November 2026), `2026-02-10 09:30`."""
    naive = datetime.strptime(text, "%Y-%m-%d %H:%M")
    summer = datetime(2026, 3, 8, 2) <= naive < datetime(2026, 11, 1, 2)
    return naive.replace(tzinfo=timezone(timedelta(hours=-4 if summer else -5)))


def decimal(thousandths):
    """An exact number of at most three places: dividing by 1000 rounds to the double that prints as those places."""
    return thousandths // 1000 if thousandths % 1000 == 0 else thousandths / 1000


class Noise:
    """Chance with a name. Only `random()` is used: Python keeps that sequence the same in every version."""

    def __init__(self, name):
        self._random = random.Random(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))

    def between(self, low, high):
        return low + int(self._random.random() * (high - low + 1))

    def spread(self, width):
        return (self._random.random() + self._random.random() + self._random.random() - 1.5) * width / 1.5

    def chance(self, probability):
        return self._random.random() < probability

    def pick(self, choices):
        return choices[int(self._random.random() * len(choices))]


@dataclass(eq=False)
class Event:
    stream: str
    actor: str
    type: str
    at: datetime
    data: dict
    override: dict | None = None
    charted: datetime | None = None  # given only where the entry is late
    batch: str | None = None  # events that share it go down in one command
    id: str = field(default="", init=False)


class Log:
    """Collects commands in any order and gives them back in the order in which they were charted."""

    def __init__(self):
        self._commands = []
        self._ids = set()

    def add(self, events, charted):
        first = events[0]
        command = uuid.uuid5(NAMESPACE, f"command/{first.stream}/{first.type}/{first.at.isoformat()}")
        if command in self._ids:
            raise ValueError(f"two commands for {first.type} at {first.at} on {first.stream}")
        if any(event.stream != first.stream or event.actor != first.actor for event in events):
            raise ValueError(f"a command is of one stream and one actor: {first.type} at {first.at}")
        self._ids.add(command)
        for index, event in enumerate(events):
            event.id = str(uuid.uuid5(command, str(index)))
        self._commands.append((charted, str(command), events))

    def chart(self, events, noise, until=None):
        """Charts a course of events: each soon after it happened and none before an earlier one, except the late entries."""
        batches = {}
        for event in sorted(events, key=lambda event: event.at):
            batches.setdefault(event.batch or id(event), []).append(event)
        previous = None
        for batch in sorted(batches.values(), key=lambda batch: batch[-1].at):
            last = batch[-1]
            if last.charted:
                charted = last.charted
            else:
                device = last.data.get("source") == "device"
                charted = last.at + timedelta(seconds=noise.between(3, 12) if device else noise.between(20, 95))
                charted = previous = max(charted, previous) if previous else charted
            if until is None or charted <= until:
                self.add(batch, charted)

    def events(self):
        return [event for _charted, _command, events in self._commands for event in events]

    def lines(self):
        """(charted_at, stream, line) of every command."""
        for charted, command, events in sorted(self._commands, key=lambda entry: entry[0]):
            first = events[0]
            line = {"command": command, "clinic": CLINIC, "actor": first.actor, "charted_at": charted.isoformat(), "stream": first.stream}
            bodies = [{"type": e.type, "occurred_at": e.at.isoformat(), "data": resolved(e.data)} for e in events]
            line.update(bodies[0] if len(bodies) == 1 else {"events": bodies})
            if first.override:
                line["override"] = first.override
            yield charted, first.stream, json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def resolved(value):
    """Replaces an Event inside data by its id, which is known once its command is."""
    if isinstance(value, Event):
        if not value.id:
            raise ValueError(f"{value.type} at {value.at} is referred to before it is charted")
        return value.id
    if isinstance(value, dict):
        return {key: resolved(item) for key, item in value.items()}
    return value
