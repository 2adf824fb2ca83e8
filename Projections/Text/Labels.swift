import Clinic

/// Words for people where the domain has names for programs.
extension EventType {
    /// `vitals recorded`, `IV inserted`.
    var words: String {
        if self == .preInfusionAssessed { return "pre-infusion assessed" }
        var words = ""
        for (index, letter) in rawValue.enumerated() {
            if letter.isUppercase, index > 0, !words.hasSuffix("I") { words += " " }
            words += index == 0 && !rawValue.hasPrefix("IV") ? letter.lowercased() : String(letter)
        }
        guard rawValue.hasPrefix("IV") else { return words.lowercased() }
        return "IV" + words.dropFirst(2).lowercased()
    }
}

extension Choice {
    /// `uncontrolled cardiovascular`.
    var words: String { rawValue.replacing("_", with: " ") }
}

extension SessionState.Phase {
    var words: String { self == .ivIn ? "IV in" : rawValue }

    var tone: Tone {
        switch self {
        case .booked, .cancelled: .faint
        case .discharged: .normal
        case .arrived, .ivIn, .infusing, .paused, .recovering: .warning
        }
    }
}

extension VitalsRecorded.Measurement {
    /// As the head of a column.
    var label: String {
        switch self {
        case .heartRate: "HR"
        case .systolicMmhg: "systolic"
        case .diastolicMmhg: "diastolic"
        case .mapMmhg: "MAP"
        case .spo2Percent: "SpO2"
        case .respiratoryRate: "RR"
        case .etco2Mmhg: "EtCO2"
        case .temperatureC: "°C"
        case .painNrs: "pain"
        case .moaas: "MOAA/S"
        case .rass: "RASS"
        case .oxygenLPerMin: "O2"
        }
    }
}

/// The severity bands of the headache scores.
enum ScoreBand {
    /// MIDAS: I 0–5, II 6–10, III 11–20, IV from 21 days.
    static func midas(_ score: Int) -> String {
        switch score {
        case ...5: "grade I"
        case ...10: "grade II"
        case ...20: "grade III"
        default: "grade IV"
        }
    }

    /// HIT-6: up to 49, 50–55, 56–59, from 60.
    static func hit6(_ score: Int) -> String {
        switch score {
        case ...49: "little impact"
        case ...55: "some impact"
        case ...59: "substantial impact"
        default: "severe impact"
        }
    }
}
