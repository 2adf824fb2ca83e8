/// One set of vital signs. Never blocked.
///
/// The bounds mirror the artefact filters of MIMIC-IV: outside them a value is a slip or a loose probe, not a patient.
/// Mean pressure must lie between the two others; it is not required to be (s + 2d) / 3, because devices measure it.
public struct VitalsRecorded: EventData {
    public static var eventType: EventType { .vitalsRecorded }
    public static var streams: Set<StreamKind> { [.session] }

    public enum Phase: String, Choice {
        case baseline, infusion, recovery, discharge
    }

    public enum Source: String, Choice {
        case manual, device
    }

    /// What can be measured, and so what can be explained as absent. The raw value is the key in `data`.
    public enum Measurement: String, Choice {
        case heartRate = "heart_rate"
        case systolicMmhg = "systolic_mmhg"
        case diastolicMmhg = "diastolic_mmhg"
        case mapMmhg = "map_mmhg"
        case spo2Percent = "spo2_percent"
        case respiratoryRate = "respiratory_rate"
        case etco2Mmhg = "etco2_mmhg"
        case temperatureC = "temperature_c"
        case painNrs = "pain_nrs"
        case moaas, rass
        case oxygenLPerMin = "oxygen_l_per_min"
    }

    public let phase: Phase
    /// 0 < x < 300.
    public let heartRate: PerMinute?
    /// 0 < x < 400, above the diastolic.
    public let systolicMmhg: MillimetresOfMercury?
    /// 0 < x < 300.
    public let diastolicMmhg: MillimetresOfMercury?
    /// 0 < x < 300, from the diastolic to the systolic.
    public let mapMmhg: MillimetresOfMercury?
    /// 0 < x ≤ 100.
    public let spo2Percent: Percent?
    /// 0 < x < 70.
    public let respiratoryRate: PerMinute?
    /// 0–150.
    public let etco2Mmhg: MillimetresOfMercury?
    /// 10 < x < 50.
    public let temperatureC: DegreesCelsius?
    /// Numeric rating scale, 0–10.
    public let painNrs: Int?
    /// Modified Observer's Assessment of Alertness/Sedation, 0–5.
    public let moaas: Int?
    /// Richmond Agitation-Sedation Scale, −5–4.
    public let rass: Int?
    /// 0–15.
    public let oxygenLPerMin: LitresPerMinute?
    public let source: Source
    public let device: String?
    /// Why a measurement is missing: "probe off". Never for one that is given.
    public let absent: [Measurement: String]?
}

extension VitalsRecorded {
    /// The measurements that are given, in the order of the table.
    public var given: [Measurement] { Measurement.allCases.filter(has) }

    /// Whether heart rate and both pressures are there, as the monitoring rules M1 and M3 ask.
    public var hasHeartRateAndPressure: Bool { heartRate != nil && systolicMmhg != nil && diastolicMmhg != nil }

    public func has(_ measurement: Measurement) -> Bool {
        switch measurement {
        case .heartRate: heartRate != nil
        case .systolicMmhg: systolicMmhg != nil
        case .diastolicMmhg: diastolicMmhg != nil
        case .mapMmhg: mapMmhg != nil
        case .spo2Percent: spo2Percent != nil
        case .respiratoryRate: respiratoryRate != nil
        case .etco2Mmhg: etco2Mmhg != nil
        case .temperatureC: temperatureC != nil
        case .painNrs: painNrs != nil
        case .moaas: moaas != nil
        case .rass: rass != nil
        case .oxygenLPerMin: oxygenLPerMin != nil
        }
    }

    public var summary: String {
        var parts: [String] = []
        if let heartRate { parts.append("HR \(heartRate)") }
        if let systolicMmhg, let diastolicMmhg {
            parts.append("BP \(systolicMmhg)/\(diastolicMmhg)")
        } else if let pressure = systolicMmhg {
            parts.append("systolic \(pressure)")
        } else if let pressure = diastolicMmhg {
            parts.append("diastolic \(pressure)")
        }
        if let mapMmhg { parts.append("MAP \(mapMmhg)") }
        if let spo2Percent { parts.append("SpO2 \(spo2Percent) %") }
        if let respiratoryRate { parts.append("RR \(respiratoryRate)") }
        if let etco2Mmhg { parts.append("EtCO2 \(etco2Mmhg)") }
        if let temperatureC { parts.append(temperatureC.withUnit) }
        if let painNrs { parts.append("pain \(painNrs)/10") }
        if let moaas { parts.append("MOAA/S \(moaas)") }
        if let rass { parts.append("RASS \(rass)") }
        if let oxygenLPerMin { parts.append("O2 \(oxygenLPerMin.withUnit)") }
        return "Vitals (\(phase.rawValue)): " + parts.joined(separator: ", ")
    }
}
