import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct OutcomesTests {
    private func rows(_ scenario: Scenario) throws -> [[[String: String]]] {
        let sessions = scenario.events.keys.filter { $0.kind == .session }.map { ($0, scenario.history($0)) }
        let dossier = Dossier(
            clinic: Scenario.clinic, stream: .patient(Scenario.patient), history: scenario.history(.patient(Scenario.patient)),
            sessions: Dictionary(uniqueKeysWithValues: sessions))
        var sink = RowSink(Outcomes.tables)
        sink.open(dossier)
        try Outcomes.rows(of: dossier, into: &sink)
        return zip(Outcomes.tables, sink.rows).map { table, rows in
            rows.map { row in
                let values = row.map { value in value.map { "\($0)" } ?? "NULL" }
                return Dictionary(zip(["clinic", "stream"] + table.columns, values)) { first, _ in first }
            }
        }
    }

    private func assess(_ scenario: inout Scenario, _ pain: JSON) {
        scenario.record(.preInfusionAssessed, "09:10", ["pain_nrs": pain, "oriented": true])
    }

    private func pain(_ scenario: inout Scenario, _ time: String, _ phase: String, _ pain: JSON) {
        scenario.vitals(time, phase, data: ["pain_nrs": pain, "heart_rate": 70])
    }

    private func followUp(_ scenario: inout Scenario, _ time: String, session: UUID? = nil, _ values: [String: JSON]) {
        var data = values
        data["days_after"] = 7
        data["session"] = session.map { .id($0) }
        scenario.record(.followUpRecorded, time, .object(data))
    }

    /// 20 mg/h for half an hour, 60 kg.
    private func treat(_ scenario: inout Scenario) {
        scenario.insert()
        scenario.start()
        scenario.stop()
    }

    @Test func painBeforeAndAfter() throws {
        var scenario = Scenario()
        assess(&scenario, 8)
        pain(&scenario, "09:15", "baseline", 7)
        treat(&scenario)
        pain(&scenario, "10:10", "recovery", 6)
        pain(&scenario, "10:20", "recovery", 5)
        scenario.discharge()
        let row = try #require(try rows(scenario)[0].first)
        #expect(row["pain_before"] == "8" && row["pain_before_source"] == "assessment")
        #expect(row["pain_after"] == "5" && row["pain_after_source"] == "vitals")
        #expect(row["relief_percent"] == "37.5" && row["responder"] == "true" && row["done"] == "true")
        #expect(row["given_ug"] == "10000" && row["given_ug_per_kg"] == "167")
    }

    @Test func otherSources() throws {
        var scenario = Scenario()
        pain(&scenario, "09:15", "baseline", 3)
        treat(&scenario)
        #expect(try rows(scenario)[0].first?["relief_percent"] == "NULL", "vitals before the stop are not the pain after")
        followUp(&scenario, "2026-03-17", session: Scenario.session, ["pain_nrs": 4])
        let row = try #require(try rows(scenario)[0].first)
        #expect(row["pain_before_source"] == "vitals" && row["pain_after_source"] == "follow_up")
        #expect(row["relief_percent"] == "-33.333" && row["responder"] == "false")
    }

    @Test func painThatWasNotThereCannotBeRelieved() throws {
        var scenario = Scenario()
        assess(&scenario, 0)
        treat(&scenario)
        pain(&scenario, "10:10", "recovery", 0)
        let row = try #require(try rows(scenario)[0].first)
        #expect(row["relief_percent"] == "NULL" && row["responder"] == "NULL")
    }

    @Test(arguments: [(10, "true"), (11, "NULL")]) func respondersByHeadacheDays(days: Int, responder: String) throws {
        var scenario = Scenario()
        treat(&scenario)
        followUp(
            &scenario, "2026-04-01",
            ["headache_days_per_month": .number(JSONNumber(days)), "migraine_days_per_month": 4, "midas": 11, "hit6": 59])
        let tables = try rows(scenario)
        let row = try #require(tables[2].first)
        #expect(row["headache_days_before"] == "20" && row["headache_days_after"] == "\(days)" && row["responder"] == responder)
        #expect(row["midas_after_grade"] == "III" && row["hit6_after_band"] == "substantial" && row["midas_before"] == "NULL")
        #expect(row["sessions_planned"] == "4" && row["sessions_done"] == "1")
        #expect(tables[1].map(\.["source"]) == ["consultation", "follow_up"])
    }

    @Test func theTrendGoesOverTheSeries() throws {
        var scenario = Scenario()
        assess(&scenario, 9)
        treat(&scenario)
        for (number, day, pain) in [(2, "2026-03-24", 8), (3, "2026-04-07", 4)] as [(Int64, String, Int)] {
            let stream = StreamID.session(uuid(20 + number))
            scenario.record(
                .patientArrived, on: stream, day + "T09:00", by: "dora", ["patient": .id(Scenario.patient), "weight_kg": 60])
            scenario.record(
                .preInfusionAssessed, on: stream, day + "T09:10", ["pain_nrs": .number(JSONNumber(pain)), "oriented": true])
        }
        let row = try #require(try rows(scenario)[2].first)
        #expect(row["pain_trend"] == "-2.5" && row["relief_trend"] == "NULL" && row["sessions_done"] == "1")
    }

    @Test func aSessionOfSomebodyElseDoesNotCount() throws {
        var scenario = Scenario()
        treat(&scenario)
        let arrival = try #require(scenario.events[.session(Scenario.session)]?.first { $0.body.type == .patientArrived })
        scenario.amend(arrival.id, ["patient": .id(uuid(71)), "weight_kg": 60])
        #expect(try rows(scenario)[0].isEmpty)
    }

    @Test func scalesChangeAtTheirLimits() {
        #expect([0, 5, 6, 10, 11, 20, 21, 270].map { MIDASGrade(score: $0).rawValue } == ["I", "I", "II", "II", "III", "III", "IV", "IV"])
        #expect(
            [36, 49, 50, 55, 56, 59, 60, 78].map { HIT6Band(score: $0) } == [
                .little, .little, .some, .some, .substantial, .substantial, .severe, .severe,
            ])
    }

    @Test func slopesAreExact() {
        #expect(Trend.slope([(1, 1000)]) == nil && Trend.slope([]) == nil)
        #expect(Trend.slope([(1, 9000), (2, 6000)]) == -3000)
        #expect(Trend.slope([(1, 1000), (2, 2000), (4, 3000)]) == 643, "9/14")
        #expect(Trend.mean([]) == nil && Trend.mean([1, 2]) == 2 && Trend.mean([-1, -2]) == -2)
    }
}
