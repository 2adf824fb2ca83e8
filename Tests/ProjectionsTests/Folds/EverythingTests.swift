import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

/// Every type of event that a patient's or a session's stream can hold stands in the document, in the text and in the tables.
@Suite struct EverythingTests {
    @Test func theScenarioHasEveryType() {
        var scenario = Scenario.everything()
        _ = scenario.bookAndCancel()
        let types = Set(scenario.events.filter { $0.key.kind == .patient || $0.key.kind == .session }.values.joined().map(\.body.type))
        // After an erasure there is nothing else.
        let wanted = EventType.allCases.filter { !$0.streams.isDisjoint(with: [.patient, .session]) && $0 != .payloadErased }
        #expect(types == Set(wanted))
    }

    @Test func documentsHoldEveryFactAndReadBack() throws {
        var scenario = Scenario.everything()
        let cancelled = scenario.bookAndCancel()
        let chart = scenario.chart
        #expect(try Chart.Patient(json: JSON.parse(chart.patient.json.canonical)) == chart.patient)
        for session in [scenario.sheet, cancelled] {
            #expect(try Chart.Session(json: JSON.parse(session.json.canonical)) == session)
        }
        let json = scenario.sheet.json
        for (group, count) in [("assessments", 1), ("iv", 3), ("infusion", 4), ("medications", 1), ("waivers", 1), ("drivers", 2)] {
            #expect(json[group]?.elements?.count == count, "\(group)")
        }
        #expect(cancelled.json["cancellations"]?.elements?.count == 1 && cancelled.json["state"] == "cancelled")
        #expect(chart.patient.json["registrations"]?.elements?.count == 2 && chart.patient.json["follow_ups"]?.elements?.count == 2)
        #expect(chart.patient.json["details"]?["family"] == "Ash", "the name of now; that of before is among the registrations")
        #expect(chart.patient.json["registrations"]?.elements?.first?["data"]?["family"] == "Moor")
        #expect(json["runs"]?.elements?.first?["boluses"]?.elements?.map(\.["dose_mg"]) == [2, 3])
    }

    @Test func theTextTellsEach() {
        var scenario = Scenario.everything()
        let cancelled = scenario.bookAndCancel()
        let text = Chart(patient: scenario.chart.patient, sessions: [scenario.sheet, cancelled]).text(width: 120)
        for line in [
            "formerly Moor, Ana Lu", "Address       4 Elm Row, Ames, IA 50010, US", "2026-03-12  day 2      3    55 %",
            "Withdrawn     2026-04-11 09:00, taken by nia: No more.", "2  2026-04-14  09:00     cancelled",
            "Assessed *    09:08 by nia: pain 6/10, oriented, pregnancy test negative; Slept badly.",
            "IV            failed 09:15, 22 G right hand: vein blew; 20 G left forearm, 09:20–10:28",
            "Bolus *       2 mg at the start, 09:30, by petra; 3 mg over 2 min, 09:40 (pain), by petra",
            "Medication    ondansetron 4 mg IV, 09:45 for nausea, by petra",
            "Waiver        rule M1, 09:40–09:55, by petra: Asleep, let her sleep.",
            "Driver        not needed, by petra, 10:31: Lives next door, walks with her sister.",
            "pre-infusion assessed  amended by nia 10:50, after discharge: pain_nrs 7 → 6. Digits swapped",
            "amendment voided by petra 10:52, after discharge: dose_mg 30 → 3. Charted by mistake",
        ] { #expect(text.contains(line), "\(line)") }
        #expect(cancelled.text().contains("Cancelled     2026-04-12 09:00 by dora: Consent withdrawn."))
    }

    @Test func bolusesAndMedicationsAreRows() throws {
        var sink = RowSink(SessionFlowsheet.tables)
        let dossier = Scenario.everything().dossier()
        sink.open(dossier)
        try SessionFlowsheet.rows(of: dossier, into: &sink)
        func column(_ table: Int, _ name: String) -> [String] {
            let index = (["clinic", "stream"] + SessionFlowsheet.tables[table].columns).firstIndex(of: name) ?? 0
            return sink.rows[table].map { row in row[index].map { "\($0)" } ?? "NULL" }
        }
        #expect(column(2, "dose_ug") == ["2000", "3000"] && column(2, "over_s") == ["NULL", "120"])
        #expect(column(2, "reason") == ["NULL", "pain"])
        #expect(column(4, "drug") == ["ondansetron"] && column(4, "dose") == ["4.0"] && column(4, "route") == ["iv"])
    }

    @Test func boundsAreSaidInTheHeading() {
        let chart = Scenario.eventful().chart
        let bounds = History.Bounds(at: .of("09:40"), knownAt: .of("10:50:30"), position: 30)
        let said = "Shown: what had occurred by 2026-03-10 09:40:00 and been recorded by 2026-03-10 10:50:30, up to position 30."
        #expect(chart.text(width: 160, within: bounds).contains(said))
        #expect(!chart.text().contains("Shown:"))
    }
}
