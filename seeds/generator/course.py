"""One session, from the booking to the discharge, as it goes when all goes well. Stories change it afterwards."""

from dataclasses import dataclass
from datetime import timedelta

from clinic import form_at
from consultations import consent
from log import Event, Noise, decimal, identifier, local, stream
from people import BY_KEY
from physiology import Body

LEFT_AC, RIGHT_AC = ("antecubital_fossa", "left", 20, 1), ("antecubital_fossa", "right", 20, 1)
ARRIVAL = -34
# A single-dose vial of 10 mL at 10 mg/mL, of which the bag of 100 mL at 1 mg/mL is made. In micrograms.
VIAL = 100_000
WASTE = "poured into the cartridge that makes it irretrievable"


@dataclass(frozen=True)
class Session:
    key: str  # patient and number
    start: str  # of the infusion
    program: tuple  # (minute, hundredths of mg/kg/h, reason)
    minutes: int  # to the stop
    pain: tuple  # before, after
    iv: tuple = LEFT_AC  # site, side, gauge, attempts
    nurse: str = "m.sorrel"
    cadence: int = 5  # minutes between vitals
    device: bool = False  # vitals come from the monitor, three readings a command
    recovery: int = 38  # minutes from the stop to the discharge
    bolus: int = 0  # hundredths of mg/kg, with the start
    push: tuple | None = None  # (minute, hundredths of mg/kg): a bolus on the way
    effects: tuple = ()  # (effect, minute, grade, relatedness, action, minute resolved or None)
    stop: str = "complete"
    surges: tuple = ()  # (minute, width, size) of a rise beyond the usual
    strain: tuple = (0, 0)  # mmHg above the usual rest
    walk_in: bool = False
    probe_off: tuple = ()  # minutes at which the monitor gets no saturation
    chair: str = "1"

    @property
    def patient(self):
        return BY_KEY[self.key.rsplit("-", 1)[0]]

    @property
    def number(self):
        return int(self.key.rsplit("-", 1)[1])

    @property
    def stream(self):
        return stream("session", self.key)

    @property
    def witness(self):
        """The other nurse, who draws up the drug and watches the rest go to waste."""
        return "j.bracken" if self.nurse == "m.sorrel" else "m.sorrel"


class Course:
    """The events of one session; stories find, add, drop and change them before they are charted."""

    def __init__(self, session, booked, consented):
        self.session, self.patient, self.noise = session, session.patient, Noise(f"session/{session.key}")
        self.start = local(session.start)
        self.weight = self.patient.weight + self.noise.between(-6, 6)
        self.desk = "h.linden" if self.start >= local("2026-06-01 12:00") and self.noise.chance(0.5) else "d.clover"
        rates = [(minute, rate) for minute, rate, _reason in session.program]
        self.body = Body(self.patient, rates, session.minutes, session.pain, self.noise, session.bolus, session.surges, session.strain)
        self.events = []
        if not session.walk_in:
            self.book(booked)
        self.arrive(consented)
        self.infuse()
        self.observe()
        self.recover()

    # Building blocks, also for the stories.

    @property
    def vial(self):
        return stream("vial", self.session.key)

    def at(self, minute, seconds=0):
        return self.start + timedelta(minutes=minute, seconds=seconds)

    def add(self, type, minute, data, actor=None, seconds=0, on=None, **more):
        event = Event(on or self.session.stream, actor or self.session.nurse, type, self.at(minute, seconds), data, **more)
        self.events.append(event)
        return event

    def find(self, type, where=lambda event: True):
        return [event for event in self.events if event.type == type and where(event)]

    def only(self, type, where=lambda event: True):
        (event,) = self.find(type, where)
        return event

    def drop(self, events):
        self.events = [event for event in self.events if event not in events]

    def override(self, event, gate, reason):
        """Overriding a gate takes a prescriber, who then charts the entry, alone in its command."""
        event.override, event.actor, event.batch = {"gate": gate, "reason": reason}, self.patient.prescriber, None

    def vitals(self, minute, phase, seconds=0, actor=None, batch=None, manual=False):
        measured = self.body.vitals(minute)
        effect, pain = measured.pop("effect"), measured.pop("pain_nrs")
        device = self.session.device and phase == "infusion" and not manual
        data = {"phase": phase, **measured}
        if minute % 15 == 0 or phase != "infusion":
            data["pain_nrs"] = pain
        if minute % 10 == 0 and phase == "infusion":
            data["moaas"] = 4 if effect > 0.95 else 5
        if device:
            data["etco2_mmhg"] = 35 + round(2 * effect) + self.noise.between(-1, 1)
            if minute in self.session.probe_off:
                del data["spo2_percent"]
                data["absent"] = {"spo2_percent": "probe off"}
        data |= {"source": "device", "device": f"monitor-{self.session.chair}"} if device else {"source": "manual"}
        return self.add("VitalsRecorded", minute, data, actor, seconds, batch=batch)

    # The parts of a session.

    def book(self, booked):
        data = {
            "patient": self.patient.id, "plan": self.patient.plan_id, "number": self.session.number,
            "scheduled_at": self.start.isoformat(), "duration_min": self.session.minutes, "chair": self.session.chair,
        }
        self.events.append(Event(self.session.stream, "d.clover", "SessionBooked", booked, data))

    def arrive(self, consented):
        noise, patient = self.noise, self.patient
        data = {"patient": patient.id, "weight_kg": decimal(self.weight * 100)}
        if self.session.number == 1:
            data["height_cm"] = patient.height
        data["last_clear_liquid_at"] = self.at(-150 - noise.between(0, 60)).isoformat()
        data["last_light_meal_at"] = self.at(-420 - noise.between(0, 240)).isoformat()
        if self.session.number == 1:
            data["last_heavy_meal_at"] = self.at(-840 - noise.between(0, 90)).isoformat()
        self.add("PatientArrived", ARRIVAL, data, self.desk, noise.between(0, 59))
        version, _digest = form_at(self.at(ARRIVAL))
        if consented != version:
            self.events.append(consent(patient, self.at(-27), self.session.nurse, noise))
        name, relationship = patient.driver
        if noise.chance(0.8):
            expected = {"name": name, "relationship": relationship, "adult": True, "method": "phone", "stage": "expected"}
            self.add("DriverConfirmed", -24, expected, self.desk, noise.between(0, 59))
        baseline = self.vitals(-14, "baseline", noise.between(5, 50))
        baseline.data["temperature_c"] = decimal(36500 + 100 * noise.between(-2, 5))
        self.assess()
        site, side, gauge, attempts = self.session.iv
        if attempts > 1:
            failed = {"site": site, "side": side, "gauge": gauge, "reason": noise.pick(("vein rolled", "no return", "vein burst"))}
            self.add("IVAttemptFailed", -10, failed, seconds=noise.between(0, 20))
        line = {"site": site, "side": side, "gauge": gauge, "attempts": attempts, "patent": True}
        self.add("IVInserted", -9, line, seconds=noise.between(0, 59))
        if patient.premedication:
            ondansetron = {
                "drug": "ondansetron", "dose": 4, "unit": "mg", "route": "iv", "indication": "premedication, as planned",
                "ordered_by": patient.prescriber,
            }
            self.add("MedicationGiven", -7, ondansetron, seconds=noise.between(0, 40))
        drawn = {"session": identifier(f"session/{self.session.key}"), "patient": patient.id, "drawn_mg": decimal(VIAL), "to": self.session.nurse}
        self.add("DrugDispensed", -6, drawn, self.session.witness, noise.between(0, 40), on=self.vial)
        self.vitals(-4, "baseline", noise.between(0, 40))

    def assess(self):
        data = {"pain_nrs": self.session.pain[0], "oriented": True}
        if self.patient.sex == "female" and self.patient.born > "1975":
            data["pregnancy_test"] = "negative"
        if self.session.number == 1:
            data["note"] = "Knows what to expect. Music and eye mask offered."
        self.add("PreInfusionAssessed", -12, data, seconds=self.noise.between(0, 40))

    def infuse(self):
        session, weight = self.session, self.weight
        first = session.program[0][1]
        planned = session.minutes if session.stop == "complete" else self.patient.plan[5]
        data = {
            "drug": "ketamine", "vial": self.vial.removeprefix("vial/"), "concentration_mg_per_ml": 1,
            "rate_mg_per_h": decimal(first * weight), "pump": f"pump-{session.chair}", "planned_min": planned,
            "prescriber": self.patient.prescriber,
        }
        if session.bolus:
            data["bolus_mg"] = decimal(session.bolus * weight)
        self.add("InfusionStarted", 0, data)
        changes = {minute for minute, _rate, _reason in session.program[1:]}
        for minute in range(session.cadence, session.minutes, session.cadence):
            if session.device:
                self.vitals(minute, "infusion", batch=f"monitor/{minute // (3 * session.cadence)}")
            else:
                # By hand, a reading and the dose change that follows from it are charted together.
                jitter = self.noise.between(0, 35) if session.cadence < 5 else 0
                self.vitals(minute, "infusion", jitter, batch=f"change/{minute}" if minute in changes else None)
        for (_, before, _), (minute, after, reason) in zip(session.program, session.program[1:]):
            data = {
                "from_rate_mg_per_h": decimal(before * weight), "to_rate_mg_per_h": decimal(after * weight), "reason": reason,
                "ordered_by": self.patient.prescriber,
            }
            self.add("DoseAdjusted", minute, data, seconds=40, batch=None if session.device else f"change/{minute}")
        if session.push:
            minute, size = session.push
            push = {"dose_mg": decimal(size * weight), "over_min": 2, "reason": "no relief yet, no effects",
                    "ordered_by": self.patient.prescriber}
            self.add("BolusGiven", minute, push, seconds=50)
        total = self.given()
        self.add("InfusionStopped", session.minutes, {"reason": session.stop, "total_mg": decimal(total), "total_ml": decimal(total)})

    def given(self):
        """Micrograms: the exact integral of the charted rate, rounded once at the end, plus the boluses. At 1 mg/mL also the microlitres."""
        changes = self.find("DoseAdjusted")
        times = [self.start, *[event.at for event in changes], self.at(self.session.minutes)]
        sum = 0
        for (_, rate, _), begin, end in zip(self.session.program, times, times[1:]):
            sum += rate * self.weight * int((end - begin).total_seconds())
        push = self.session.push[1] if self.session.push else 0
        return (2 * sum + 3600) // 7200 + (self.session.bolus + push) * self.weight

    def observe(self):
        for effect, minute, grade, relatedness, action, resolved in self.session.effects:
            data = {"effect": effect, "grade": grade, "relatedness": relatedness, "action": action}
            observed = self.add("SideEffectObserved", minute, data, seconds=25 + self.noise.between(0, 9))
            if effect == "nausea" and grade > 1:
                ondansetron = {"drug": "ondansetron", "dose": 4, "unit": "mg", "route": "iv", "indication": "nausea",
                               "ordered_by": self.patient.prescriber}
                self.add("MedicationGiven", minute + 2, ondansetron, seconds=self.noise.between(0, 30))
            if resolved is not None:
                self.add("SideEffectResolved", resolved, {"effect": effect, "observed": observed}, seconds=50 + self.noise.between(0, 9))

    def recover(self):
        stop, leave = self.session.minutes, self.session.minutes + self.session.recovery
        for minute in range(stop + 3, leave - 6, 10):
            self.vitals(minute, "recovery", self.noise.between(0, 30))
        self.score(stop + 8, activity=2, respiration=2, circulation=1, consciousness=1, oxygen=2)
        self.waste(stop + 11)
        site, side, _gauge, _attempts = self.session.iv
        self.add("IVRemoved", leave - 11, {"site": site, "side": side, "intact": True}, seconds=self.noise.between(0, 50))
        self.score(leave - 9, activity=2, respiration=2, circulation=2, consciousness=2, oxygen=self.noise.between(1, 2))
        name, relationship = self.patient.driver
        release = {
            "name": name, "relationship": relationship, "adult": True, "method": "in_person", "stage": "release", "phone": "802-555-0199",
        }
        self.add("DriverConfirmed", leave - 6, release, seconds=self.noise.between(0, 50))
        self.add("DischargeOrdered", leave - 5, {"by": self.patient.prescriber}, self.patient.prescriber, self.noise.between(0, 50))
        self.vitals(leave - 3, "discharge", self.noise.between(0, 30))
        data = {"instructions_version": "2026-1", "condition": "awake, walking without help", "released_to": name}
        self.add("Discharged", leave, data)

    def score(self, minute, **items):
        self.add("RecoveryScored", minute, {"scale": "aldrete", "items": items, "total": sum(items.values())}, seconds=15)

    def waste(self, minute):
        """What is left in the bag, watched by the other nurse; then the vial is counted empty."""
        session, left = self.session, VIAL - self.given()
        data = {"amount_mg": decimal(left), "manner": WASTE, "witness": session.witness, "session": identifier(f"session/{session.key}")}
        self.add("DrugWasted", minute, data, on=self.vial, seconds=self.noise.between(0, 40))
        self.add("VialCounted", minute + 2, {"on_hand_mg": 0, "witness": session.witness}, on=self.vial, seconds=self.noise.between(0, 40))

    def charted(self, log, until):
        self.events = [event for event in self.events if event.at <= until]
        log.chart(self.events, self.noise, until)
