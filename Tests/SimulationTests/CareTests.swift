import Canonical
import Simulation
import Testing

/// That the care is believable: what is charted hangs together as it does in life.
@Suite struct CareTests {
    private struct Event {
        let stream: String
        let actor: String
        let type: String
        let at: Timestamp
        let data: JSON
    }

    private static let events = events(of: Simulation(clinics: 1, patients: 60, months: 12, seed: 5, start: SimulationTests.start), 0)

    private static func events(of simulation: Simulation, _ index: Int) -> [Event] {
        SimulationTests.lines(simulation, index).flatMap { line -> [Event] in
            guard let request = try? JSON.parse(line), let stream = request["stream"]?.text, let actor = request["actor"]?.text else {
                return []
            }
            return (request["events"]?.elements ?? [request]).compactMap { event in
                guard let type = event["type"]?.text, let at = event["occurred_at"]?.text.flatMap({ Timestamp(rfc3339: $0) }) else {
                    return nil
                }
                return Event(stream: stream, actor: actor, type: type, at: at, data: event["data"] ?? .null)
            }
        }
    }

    private static func number(_ json: JSON?) -> Double? {
        guard case .number(let number)? = json, let value = number.thousandths else { return nil }
        return Double(value) / 1000
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

    private func vitals(_ key: String, phase: String, minutes: ClosedRange<Double>? = nil) -> [Double] {
        var starts: [String: Timestamp] = [:]
        for event in Self.events where event.type == "InfusionStarted" { starts[event.stream] = event.at }
        return Self.events.compactMap { event in
            guard event.type == "VitalsRecorded", event.data["phase"]?.text == phase, let start = starts[event.stream] else { return nil }
            if let minutes, !minutes.contains(event.at.minutes(since: start)) { return nil }
            return Self.number(event.data[key])
        }
    }

    @Test func pressureAndPulseRiseWithTheInfusionAndFallAfterIt() {
        for key in ["systolic_mmhg", "heart_rate"] {
            let (before, during) = (mean(vitals(key, phase: "baseline")), mean(vitals(key, phase: "infusion", minutes: 25...60)))
            let after = mean(vitals(key, phase: "discharge"))
            #expect(during > before * 1.05 && during < before * 1.3, "\(key): \(before) to \(during)")
            #expect(after < (before + during) / 2, "\(key): back to \(after)")
        }
        #expect(mean(vitals("spo2_percent", phase: "infusion", minutes: 25...60)) < mean(vitals("spo2_percent", phase: "baseline")))
    }

    @Test func painFallsOverTheSession() {
        #expect(mean(vitals("pain_nrs", phase: "discharge")) < mean(vitals("pain_nrs", phase: "baseline")) * 0.8)
    }

    @Test func sideEffectsComeMoreOftenAtHigherDoses() {
        var rates: [String: Double] = [:]
        var weights: [String: Double] = [:]
        var readings: [Bool: Int] = [:]
        var effects: [Bool: Int] = [:]
        for event in Self.events.sorted(by: { $0.at < $1.at }) {
            switch event.type {
            case "PatientArrived": weights[event.stream] = Self.number(event.data["weight_kg"])
            case "InfusionStarted": rates[event.stream] = Self.number(event.data["rate_mg_per_h"])
            case "DoseAdjusted": rates[event.stream] = Self.number(event.data["to_rate_mg_per_h"])
            case "InfusionStopped": rates[event.stream] = nil
            case "VitalsRecorded", "SideEffectObserved":
                guard let rate = rates[event.stream], let weight = weights[event.stream] else { continue }
                let isHigh = rate / weight > 0.29
                if event.type == "VitalsRecorded" { readings[isHigh, default: 0] += 1 } else { effects[isHigh, default: 0] += 1 }
            default: continue
            }
        }
        let (low, high) = (
            Double(effects[false] ?? 0) / Double(readings[false] ?? 1), Double(effects[true] ?? 0) / Double(readings[true] ?? 1)
        )
        #expect(high > low * 1.2, "\(low) and \(high) a reading")
    }

    /// What a day's people chart, they chart on that day: nobody charts at a session before having been enrolled or after having left.
    @Test func onlyWhoWorksThereCharts() {
        var enrolled: Set<String> = []
        for event in Self.events.sorted(by: { $0.at < $1.at }) {
            if event.type == "StaffEnrolled", let handle = event.data["staff"]?.text { enrolled.insert(handle) }
            #expect(enrolled.contains(event.actor), "\(event.actor) at \(event.at)")
            if event.type == "StaffRevoked", let handle = event.data["staff"]?.text { enrolled.remove(handle) }
        }
        #expect(Self.events.contains { $0.type == "StaffRevoked" })
    }

    /// Two patients are never on one chair at a time.
    @Test func aChairHoldsOnePatient() {
        var chairs: [String: String] = [:]
        var stays: [String: [(from: Timestamp, to: Timestamp)]] = [:]
        var arrivals: [String: Timestamp] = [:]
        for event in Self.events.sorted(by: { $0.at < $1.at }) {
            switch event.type {
            case "SessionBooked": chairs[event.stream] = event.data["chair"]?.text
            case "PatientArrived": arrivals[event.stream] = event.at
            case "Discharged":
                guard let from = arrivals[event.stream], let chair = chairs[event.stream] else { continue }
                if let last = stays[chair]?.last { #expect(last.to <= from, "chair \(chair) at \(from)") }
                stays[chair, default: []].append((from, event.at))
            default: continue
            }
        }
        #expect(stays.count >= 2 && stays.values.allSatisfy { $0.count > 20 })
    }

    /// Large vials serve several chairs. What is drawn from one was in it, and nothing is drawn after its rest was wasted and it was counted empty.
    @Test func aVialHoldsWhatIsDrawnFromIt() throws {
        let simulation = Simulation(clinics: 2, patients: 200, months: 12, seed: 7, start: SimulationTests.start)
        var drawn: [String: Double] = [:]
        var emptied: [String: Timestamp] = [:]
        var dispensings: [(stream: String, at: Timestamp)] = []
        for event in Self.events(of: simulation, 1) {
            switch event.type {
            case "DrugDispensed":
                drawn[event.stream, default: 0] += try #require(Self.number(event.data["drawn_mg"]))
                dispensings.append((event.stream, event.at))
            case "DrugWasted" where event.data["session"] == nil:
                drawn[event.stream, default: 0] += try #require(Self.number(event.data["amount_mg"]))
                emptied[event.stream] = event.at
            default: continue
            }
        }
        #expect(drawn.values.allSatisfy { $0 <= 500 } && emptied.count > 50)
        #expect(emptied.allSatisfy { drawn[$0.key] == 500 })
        #expect(dispensings.allSatisfy { $0.at < emptied[$0.stream] ?? Timestamp(microseconds: .max) })
    }

    /// A clinic larger than there are names.
    @Test func aLargeClinicFindsStaff() throws {
        let simulation = Simulation(clinics: 1, patients: 2_000, months: 6, seed: 7, start: SimulationTests.start)
        let handles = Self.events(of: simulation, 0).filter { $0.type == "StaffEnrolled" && $0.at.date == SimulationTests.start }
            .compactMap { $0.data["staff"]?.text }
        #expect(handles.count > 40 && Set(handles).count == handles.count)
    }

    @Test func respondersGetBetter() {
        var first: [String: Double] = [:]
        var last: [String: Double] = [:]
        for event in Self.events {
            guard let days = Self.number(event.data["migraine_days_per_month"]) else { continue }
            if event.type == "ConsultationRecorded" { first[event.stream] = first[event.stream] ?? days }
            if event.type == "FollowUpRecorded" { last[event.stream] = days }
        }
        let changes = last.compactMap { stream, days in first[stream].map { days / $0 } }
        #expect(changes.count > 10)
        #expect(changes.contains { $0 < 0.6 } && changes.contains { $0 > 0.85 })
    }
}
