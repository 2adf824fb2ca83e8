/// How a body answers to a ketamine infusion: one effect that follows the rate, and vitals that follow the effect. Whole numbers only.
///
/// Pressure and heart rate climb by 10 to 25 % in 15 to 25 minutes, stay, and fall after the stop; saturation dips a little; pain falls with the
/// dose received, or doesn't.
struct Body {
    /// Per mille: 1000 is what 0.4 mg/kg/h hold in the end.
    private(set) var effect = 0
    /// The effect summed over the minutes.
    private var received = 0
    private var minute = 0
    private var drift = (pressure: 0, heart: 0)
    private var patient: Patient
    private var chance: Chance
    /// Hundredths of mg/kg/h.
    var rate = 0

    /// Minutes for a fall or rise by 1 − 1/e.
    private static let (rise, fall) = (8, 14)
    /// What is received by the end of a session in which pain falls as far as it will.
    private static let whole = 45_000

    init(_ patient: Patient, _ chance: Chance) {
        self.patient = patient
        self.chance = chance
    }

    mutating func pass(to later: Int) {
        while minute < later {
            minute += 1
            let target = rate * 25
            effect += (target - effect) / (target > effect ? Body.rise : Body.fall)
            received += effect
        }
    }

    /// A bolus, hundredths of mg/kg, is felt at once.
    mutating func give(bolus: Int) { effect += bolus * 25 }

    var pain: Int {
        max(0, patient.pain - (patient.pain * patient.relief * min(Body.whole, received) / Body.whole + 500) / 1000)
    }

    struct Reading {
        var heart: Int
        var systolic: Int
        var diastolic: Int
        var mean: Int
        var saturation: Int
        var breaths: Int
        var pain: Int
        /// MOAA/S.
        var alertness: Int
    }

    mutating func read() -> Reading {
        let nerves = minute == 0 ? 30 : 0
        drift.pressure = drift.pressure / 2 + chance.spread(30)
        drift.heart = drift.heart / 2 + chance.spread(34)
        let pressure = 1000 + nerves + patient.pressureGain * effect / 1000 + drift.pressure
        let heart = 1000 + nerves + patient.heartGain * effect / 1000 + drift.heart
        let systolic = (patient.systolic * pressure + 500) / 1000
        let diastolic = (patient.diastolic * (1000 + (pressure - 1000) * 8 / 10) + 500) / 1000
        let dip = effect * 14 / 10_000 + (effect > 500 && chance.happens(perMille: 120) ? chance.between(1, 2) : 0)
        return Reading(
            heart: (patient.heart * heart + 500) / 1000, systolic: systolic, diastolic: diastolic,
            mean: min(systolic, max(diastolic, (systolic + 2 * diastolic) / 3 + chance.between(-1, 2))),
            saturation: min(100, max(92, patient.saturation - dip + chance.between(-1, 1))),
            breaths: 15 - effect / 600 + chance.between(-1, 1),
            pain: pain, alertness: effect > 1150 ? 3 : effect > 900 ? 4 : 5)
    }
}
