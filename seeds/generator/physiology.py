"""How a body answers to a ketamine infusion, plainly: one effect that follows the rate, and vitals that follow the effect.

Blood pressure and heart rate climb 10-25 % in 15-25 minutes, stay, and fall after the stop; saturation dips a little; pain
falls with the dose received. Only + - * / are used, so every machine computes the same bytes.
"""

RISE_MIN = 8.0
FALL_MIN = 14.0
FULL_EFFECT_RATE = 40.0  # hundredths of mg/kg/h that hold the effect at 1


class Body:
    """`program` is [(minute, rate in hundredths of mg/kg/h)], `stop` the minute of the stop, `pain` (before, after)."""

    def __init__(self, patient, program, stop, pain, noise, bolus=0, surges=(), strain=(0, 0)):
        self._patient, self._noise, self._pain, self._surges, self._strain = patient, noise, pain, surges, strain
        self._effects, self._received = effects(program, stop, bolus)
        self._drift = {"pressure": 0.0, "heart": 0.0}

    def vitals(self, minute):
        """Heart rate, pressures, saturation, breathing rate and pain at a minute from the start (before it: negative)."""
        now = max(0, min(len(self._effects) - 1, minute))
        effect = self._effects[now] if minute > 0 else 0.0
        nerves = 0.03 if minute < 0 else 0.0
        surge = sum(size * max(0.0, 1 - abs(minute - peak) / width) for peak, width, size in self._surges)
        pressure = 1 + nerves + surge + self._patient.pressure_gain * effect + self._wander("pressure", 0.045)
        heart = 1 + nerves + 1.2 * surge + self._patient.heart_gain * effect + self._wander("heart", 0.05)
        systolic = round((self._patient.systolic + self._strain[0]) * pressure)
        diastolic = round((self._patient.diastolic + self._strain[1]) * (1 + (pressure - 1) * 0.8))
        mean = round((systolic + 2 * diastolic) / 3) + self._noise.between(-1, 2)
        dip = 1.4 * effect + (self._noise.between(1, 2) if effect > 0.5 and self._noise.chance(0.12) else 0)
        before, after = self._pain
        return {
            "heart_rate": round(self._patient.heart * heart),
            "systolic_mmhg": systolic,
            "diastolic_mmhg": diastolic,
            "map_mmhg": mean,
            "spo2_percent": min(100, max(92, round(self._patient.saturation - dip + self._noise.spread(0.8)))),
            "respiratory_rate": round(15 - 1.8 * effect + self._noise.spread(1.6)),
            "pain_nrs": max(0, round(before + (after - before) * min(1.0, self._received[now] / 40.0))),
            "effect": effect,
        }

    def _wander(self, name, width):
        self._drift[name] = 0.5 * self._drift[name] + 0.6 * self._noise.spread(width)
        return self._drift[name]


def effects(program, stop, bolus):
    """The effect, and the effect received so far, for each minute from the start to three hours after the stop."""
    effect, received, series, sums = bolus / FULL_EFFECT_RATE, 0.0, [], []
    for minute in range(stop + 180):
        rate = [rate for at, rate in program if at <= minute][-1] if minute < stop else 0
        target = rate / FULL_EFFECT_RATE
        effect += (target - effect) / (RISE_MIN if target > effect else FALL_MIN)
        received += effect
        series.append(effect)
        sums.append(received)
    return series, sums
