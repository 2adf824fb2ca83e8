"""The session history of `bench peers`, kept by the PyPI library eventsourcing with its PostgreSQL recorder and psycopg.

Usage: eventsourcing_peer.py SOCKET_DIRECTORY USER DATABASE CLIENTS SESSIONS EVENTS_PER_SESSION
Prints one JSON object: events appended a second (one a transaction, CLIENTS processes) and events replayed a second (one process).
"""

import json
import multiprocessing
import os
import sys
import time
from uuid import UUID, uuid4

HOST, USER, DATABASE = sys.argv[1:4]
CLIENTS, SESSIONS, EVENTS = map(int, sys.argv[4:7])
os.environ.update(
    PERSISTENCE_MODULE="eventsourcing.postgres", POSTGRES_HOST=HOST, POSTGRES_PORT="5432", POSTGRES_USER=USER,
    POSTGRES_DBNAME=DATABASE, POSTGRES_PASSWORD="", POSTGRES_POOL_SIZE="1", POSTGRES_MAX_OVERFLOW="1",
)

from eventsourcing.application import Application  # noqa: E402
from eventsourcing.domain import Aggregate, event  # noqa: E402

VITALS = {
    "diastolic_mmhg": 81, "heart_rate": 72, "pain_nrs": 3, "phase": "infusion", "respiratory_rate": 14, "source": "manual",
    "spo2_percent": 97, "systolic_mmhg": 128,
}


class Session(Aggregate):
    @event("PatientArrived")
    def __init__(self, patient: str, weight_kg: int):
        self.patient = patient
        self.weight_kg = weight_kg
        self.vitals = []

    @event("VitalsRecorded")
    def record_vitals(self, values: dict):
        self.vitals.append(values)


def append(client: int) -> list[str]:
    app = Application()
    ids = []
    for _ in range(client, SESSIONS, CLIENTS):
        session = Session(str(uuid4()), 70)
        app.save(session)
        for _ in range(EVENTS - 1):
            session.record_vitals(VITALS)
            app.save(session)
        ids.append(str(session.id))
    app.close()
    return ids


def main() -> None:
    Application().close()  # makes the tables
    os.environ["CREATE_TABLE"] = "no"
    # Not forked: the library's threads may hold a lock at that moment, which nobody in the new process lets go of.
    with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        pool.map(abs, range(CLIENTS))  # the processes are up
        started = time.monotonic()
        ids = [one for part in pool.map(append, range(CLIENTS), chunksize=1) for one in part]
        appended = time.monotonic() - started
    app = Application()
    started = time.monotonic()
    for one in ids:
        session = app.repository.get(UUID(one))
        assert len(session.vitals) == EVENTS - 1
    replayed = time.monotonic() - started
    events = SESSIONS * EVENTS
    print(json.dumps({"append_per_second": int(events / appended), "replay_per_second": int(events / replayed)}))


if __name__ == "__main__":
    main()
