import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct ChartTests {
    @Test func aDocumentReadsBackAsItWas() throws {
        let chart = Scenario.eventful().chart
        let patient = try Chart.Patient(json: JSON.parse(chart.patient.json.canonical))
        let session = try Chart.Session(json: JSON.parse(chart.sessions[0].json.canonical))
        #expect(patient == chart.patient)
        #expect(session == chart.sessions[0])
        #expect(session.json == chart.sessions[0].json)
    }

    @Test func anAmendedFactKeepsItsOriginalOneStepAway() throws {
        let sheet = Scenario.eventful().sheet
        let entry = try #require(sheet.entries.first { $0.isAmended })
        guard case .vitalsRecorded(let before) = entry.event.body, case .vitalsRecorded(let now) = entry.body else {
            Issue.record("no vitals were amended")
            return
        }
        #expect(before.heartRate == 167 && now.heartRate == 76)
        #expect(entry.corrections.map(\.actor) == ["nia"])
        let json = entry.json
        #expect(json["original"]?["heart_rate"] == 167 && json["data"]?["heart_rate"] == 76)
        #expect(json["corrections"]?.elements?.first?["data"]?["reason"] == "Digits swapped")
    }

    @Test func aVoidedFactStaysReadableAndCountsNowhere() throws {
        var scenario = Scenario.uneventful()
        let given = scenario.sheet.given
        let stop = try #require(scenario.sheet.state.runs.first?.stop?.id)
        scenario.void(stop)
        #expect(scenario.sheet.entries.first { $0.id == stop }?.isVoided == true)
        #expect(scenario.sheet.state.runs.first?.stop == nil)
        #expect(scenario.sheet.given != given, "it runs on to the last fact")
        #expect(scenario.sheet.json["stopped_at"] == nil)
    }

    @Test func everyEntryNamesItsEvent() throws {
        for entry in Scenario.eventful().sheet.entries {
            let json = entry.json
            #expect(json["event"] == .id(entry.id) && json["position"] == .number(JSONNumber(entry.event.position)))
            #expect(json["actor"]?.text == entry.event.actor && json["occurred_at"]?.time == entry.event.occurredAt)
        }
    }

    @Test func lateEntriesAndOverridesAreMarked() throws {
        let entries = Scenario.eventful().sheet.entries
        #expect(entries.filter { $0.delay != nil }.map(\.json["entered_after_min"]) == [194])
        #expect(entries.compactMap(\.event.override?.gate) == [.driver])
        #expect(entries.first { $0.event.override != nil }?.json["override"] == ["gate": "driver", "reason": "Seen and decided"])
    }

    @Test func dosesAreTheIntegralOfTheChartedRate() throws {
        // 5 mg, then 18.45 mg/h for 5 min 20 s, 24.6 for 8 min 10 s, a pause, and 18.45 for 3 min.
        let sheet = Scenario.eventful().sheet
        #expect(sheet.given == Milligrams(thousandths: 10_911))
        let run = try #require(sheet.json["runs"]?.elements?.first)
        #expect(run["segments"]?.elements?.map(\.["given_mg"]?.canonical) == ["1.64", "3.348", "0", "0.923"])
        #expect(sheet.rate(at: .of("09:29")) == nil && sheet.rate(at: .of("10:00")) == nil)
        #expect(sheet.rate(at: .of("09:30")) == MilligramsPerHour(thousandths: 18_450))
        #expect(sheet.rate(at: .of("09:50")) == .zero)
    }

    @Test func consentIsWhatWasLastDone() {
        var scenario = Scenario()
        #expect(scenario.chart.patient.consent == .signed)
        let withdrawal = scenario.withdraw("09:00")
        #expect(scenario.chart.patient.consent == .withdrawn)
        scenario.consent("09:30")
        #expect(scenario.chart.patient.consent == .signed)
        scenario.withdraw("10:00")
        scenario.void(withdrawal, on: .patient(Scenario.patient))
        #expect(scenario.chart.patient.consent == .withdrawn)
        #expect(Chart.Patient(Scenario.patient, History()).consent == .none)
    }

    @Test func sessionsStandInTheOrderInWhichTheyTookPlace() {
        let booked = Scenario(arrived: false)
        var (early, late) = (booked, booked)
        early.arrive("08:00")
        late.arrive("09:10")
        let chart = Chart(patient: booked.chart.patient, sessions: [late.sheet, booked.sheet, early.sheet])
        #expect(chart.sessions.map(\.at) == [.of("08:00"), .of("09:00"), .of("09:10")], "an arrival, a booking, an arrival")
    }

    @Test(arguments: [
        ("{}", "session"), (#"{"session":"00000000-0000-4000-8000-000000000002"}"#, "last_position"),
        (#"{"session":"00000000-0000-4000-8000-000000000002","last_position":1,"vitals":{}}"#, "vitals"),
        (#"{"session":"00000000-0000-4000-8000-000000000002","last_position":1,"vitals":[{"type":"VitalsRecorded"}]}"#, "position"),
        ("[]", "session"),
    ])
    func aDamagedDocumentIsRefusedByTheFieldsName(_ text: String, _ field: String) throws {
        let json = try JSON.parse(text)
        #expect(throws: DocumentError(field: field)) { try Chart.Session(json: json) }
    }

    @Test func dataThatIsNoLongerValidIsRefused() throws {
        let text = Scenario.uneventful().sheet.json.canonical.replacing(#""heart_rate":72"#, with: #""heart_rate":999"#)
        let json = try JSON.parse(text)
        #expect(throws: DocumentError(field: "data")) { try Chart.Session(json: json) }
    }
}
