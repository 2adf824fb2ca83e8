extension VitalsRecorded {
    public init(reading fields: inout FieldReader) {
        phase = fields.required("phase", .choice())
        heartRate = fields.optional("heart_rate", .quantity(.between(0, and: 300)))
        systolicMmhg = fields.optional("systolic_mmhg", .quantity(.between(0, and: 400)))
        diastolicMmhg = fields.optional("diastolic_mmhg", .quantity(.between(0, and: 300)))
        mapMmhg = fields.optional("map_mmhg", .quantity(.between(0, and: 300)))
        spo2Percent = fields.optional("spo2_percent", .quantity(.above(0, through: 100)))
        respiratoryRate = fields.optional("respiratory_rate", .quantity(.between(0, and: 70)))
        etco2Mmhg = fields.optional("etco2_mmhg", .quantity(.from(0, through: 150)))
        temperatureC = fields.optional("temperature_c", .quantity(.between(10, and: 50)))
        painNrs = fields.optional("pain_nrs", .integer(0...10))
        moaas = fields.optional("moaas", .integer(0...5))
        rass = fields.optional("rass", .integer(-5...4))
        oxygenLPerMin = fields.optional("oxygen_l_per_min", .quantity(.from(0, through: 15)))
        source = fields.required("source", .choice())
        device = fields.optional("device", .text(.line))
        absent = fields.optionalMembers(of: "absent", Self.readAbsent)
        checkPressures(&fields)
        checkPresence(&fields)
    }

    private static func readAbsent(_ fields: inout FieldReader) -> [Measurement: String] {
        var reasons: [Measurement: String] = [:]
        for measurement in Measurement.allCases {
            reasons[measurement] = fields.optional(measurement.rawValue, .text(.line))
        }
        return reasons
    }

    private func checkPressures(_ fields: inout FieldReader) {
        if let systolicMmhg, let diastolicMmhg {
            fields.check(systolicMmhg > diastolicMmhg, "systolic_mmhg", "must be more than diastolic_mmhg", with: "diastolic_mmhg")
        }
        if let mapMmhg, let diastolicMmhg {
            fields.check(mapMmhg >= diastolicMmhg, "map_mmhg", "must not be less than diastolic_mmhg", with: "diastolic_mmhg")
        }
        if let mapMmhg, let systolicMmhg {
            fields.check(mapMmhg <= systolicMmhg, "map_mmhg", "must not be more than systolic_mmhg", with: "systolic_mmhg")
        }
    }

    private static let measurements = Measurement.allCases

    private func checkPresence(_ fields: inout FieldReader) {
        let isAnyGiven = Self.measurements.contains(where: has)
        fields.check(
            isAnyGiven, sentence: "at least one measurement is needed: " + Measurement.allCases.map(\.rawValue).joined(separator: ", "))
        guard let absent else { return }
        for measurement in absent.keys where has(measurement) {
            fields.check(false, "absent", member: measurement.rawValue, "must not explain \(measurement.rawValue), which is given")
        }
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("phase", phase)
        fields.put("heart_rate", heartRate)
        fields.put("systolic_mmhg", systolicMmhg)
        fields.put("diastolic_mmhg", diastolicMmhg)
        fields.put("map_mmhg", mapMmhg)
        fields.put("spo2_percent", spo2Percent)
        fields.put("respiratory_rate", respiratoryRate)
        fields.put("etco2_mmhg", etco2Mmhg)
        fields.put("temperature_c", temperatureC)
        fields.put("pain_nrs", painNrs)
        fields.put("moaas", moaas)
        fields.put("rass", rass)
        fields.put("oxygen_l_per_min", oxygenLPerMin)
        fields.put("source", source)
        fields.put("device", device)
        fields.put("absent", absent)
    }
}
