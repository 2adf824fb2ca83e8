import Canonical
import Clinic
import Testing

@Suite struct VitalsRecordedTests {
    @Test func oneMeasurementIsEnoughAndNoneIsRefused() throws {
        for measurement in VitalsRecorded.Measurement.allCases {
            let value: JSON = measurement == .rass ? 0 : measurement == .temperatureC ? 37 : 5
            let body = try EventBody(
                type: .vitalsRecorded, data: ["phase": "recovery", "source": "manual", .init(measurement.rawValue): value])
            guard case .vitalsRecorded(let vitals) = body else { return }
            #expect(vitals.given == [measurement])
        }
        let problems = Self.problems(["phase": "recovery", "source": "manual", "absent": ["heart_rate": "refused"]])
        #expect(problems.map(\.pointer) == [""])
        #expect(problems.first?.message.hasPrefix("at least one measurement is needed: heart_rate, systolic_mmhg") == true)
    }

    /// Only those pairs that are given are compared, and a value out of bounds is not also compared.
    @Test func pressuresAreComparedWhereBothAreThere() throws {
        #expect(Self.problems(Self.pressures(120, nil, 130)).map(\.pointer) == ["/map_mmhg"])
        #expect(Self.problems(Self.pressures(nil, 80, 79)).map(\.pointer) == ["/map_mmhg"])
        #expect(Self.problems(Self.pressures(80, 80, nil)).map(\.pointer) == ["/systolic_mmhg"])
        #expect(Self.problems(Self.pressures(400, 80, nil)).map(\.pointer) == ["/systolic_mmhg"])
        #expect(Self.problems(Self.pressures(60, 90, 80)).map(\.pointer) == ["/systolic_mmhg", "/map_mmhg"])
        #expect(Self.problems(Self.pressures(nil, nil, 80)).isEmpty && Self.problems(Self.pressures(nil, 80, nil)).isEmpty)
    }

    @Test func absentExplainsWhatIsNotGiven() throws {
        let data: JSON = [
            "phase": "baseline", "source": "device", "heart_rate": 80, "absent": ["heart_rate": "off", "hr": "off", "rass": ""],
        ]
        #expect(
            Self.problems(data) == [
                Problem(pointer: "/absent/rass", message: "rass must not be blank"),
                Problem(pointer: "/absent/hr", message: "hr is not a known field"),
                Problem(pointer: "/absent/heart_rate", message: "absent must not explain heart_rate, which is given"),
            ])
    }

    @Test func messagesNameTheLimit() throws {
        let data: JSON = ["phase": "baseline", "source": "device", "heart_rate": 300, "spo2_percent": 0, "pain_nrs": 11, "Temperature": 37]
        #expect(
            Self.problems(data).map(\.message) == [
                "heart_rate must be more than 0 and less than 300 /min", "spo2_percent must be more than 0 and at most 100 %",
                "pain_nrs must be a whole number from 0 to 10", "Temperature is not a known field; did you mean temperature_c?",
            ])
    }

    @Test func summaryReadsLikeAFlowsheet() throws {
        let data: JSON = [
            "phase": "infusion", "source": "device", "heart_rate": 82, "systolic_mmhg": 131, "diastolic_mmhg": 84, "spo2_percent": 97,
            "temperature_c": .number(JSONNumber(thousandths: 36_800)), "pain_nrs": 4,
        ]
        #expect(
            try EventBody(type: .vitalsRecorded, data: data).summary == "Vitals (infusion): HR 82, BP 131/84, SpO2 97 %, 36.8 °C, pain 4/10"
        )
    }

    private static func pressures(_ systolic: Int64?, _ diastolic: Int64?, _ mean: Int64?) -> JSON {
        var members: [String: JSON] = ["phase": "baseline", "source": "manual"]
        members["systolic_mmhg"] = systolic.map { .number(JSONNumber($0)) }
        members["diastolic_mmhg"] = diastolic.map { .number(JSONNumber($0)) }
        members["map_mmhg"] = mean.map { .number(JSONNumber($0)) }
        return .object(members)
    }

    private static func problems(_ data: JSON) -> [Problem] {
        do throws(ValidationError) {
            _ = try EventBody(type: .vitalsRecorded, data: data)
            return []
        } catch {
            return error.problems
        }
    }
}
