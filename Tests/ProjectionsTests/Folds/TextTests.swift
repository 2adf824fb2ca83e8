import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct ChartTextTests {
    @Test func aChartReadsLikeThis() {
        let expected = """
            Moor, Ana Lu                                                                                MRN E-17
            born 1984-03-11, 41 years, female
            patient 00000000-0000-4000-8000-000000000001                         as of position 38, times in UTC
            ────────────────────────────────────────────────────────────────────────────────────────────────────
            Consultation                                                                 2026-02-02 09:00, petra
            Diagnosis     Chronic migraine (ICHD-3 1.3)
            Burden        20 headache and 12 migraine days a month
            Symptoms      nausea
            Tried         triptan (partial)
            Allergies     none
            Screen        1 of 1 absent
            ASA class     2
            Decision      candidate: Failed two preventives.

            Plan                                                                         2026-02-20 09:00, petra
            Series        4 sessions, every 14 days, 60 min each
            Dose          target 0.4 mg/kg, at most 0.5 mg/kg and 0.5 mg/kg/h, bolus up to 0.1 mg/kg
            Before        2026-02-02 10:00 by petra: 4 sessions, every 14 days, 60 min each; target 0.4 mg/kg,
                          at most 0.5 mg/kg and 0.5 mg/kg/h, no bolus

            Consent
            Signed        ketamine 1, 2026-02-02 11:00, Ana Lu Moor (patient), ink

            Notes
            2026-03-09    日本語を話す。Prefers the window chair, and a very dim light. (petra)

            Sessions
            #  date        time        state         kg  min  top mg/h  given mg  mg/kg  side effects
            1  2026-03-10  09:02  *!+  discharged  61.5   30      24.6    10.911  0.177  dissociation 2, other 1
            * corrected · ! gate overridden · + entered an hour or more later (see `dripline session`)

            ────────────────────────────────────────────────────────────────────────────────────────────────────
            Session 1, 2026-03-10                                                                     discharged
            Booked        2026-03-10 09:00, 60 min, chair 2
            Arrived       09:02, 61.5 kg
            Fasting       clear liquids 06:30 (3 h), light meal 2026-03-09 19:30 (14 h) before the start
            IV            20 G left forearm, 09:24–10:28
            Infusion      ketamine 1 mg/mL, 09:30–10:00, 30 min; 10.911 mg given (0.177 mg/kg), up to 24.6 mg/h;
                          by petra
            Bolus         5 mg at the start, 09:30, by petra
            Side effects  dissociation grade 2 (09:43–09:52); metallic taste grade 1 (09:59, open)
            Recovery      Aldrete 9/10 at 10:20
            Discharged !  10:34 by petra, awake, walking, released to Rui Moor

            time      phase      mg/h  HR      BP  SpO2  RR  pain  events
            09:02                                                  arrived, 61.5 kg
            09:10                                                  driver expected
            09:21     baseline         71  118/74    98  14     7  36.6 °C
            09:24                                                  IV in, 20 G left forearm
            09:30               18.45                              start, bolus 5 mg
            09:35     infusion   24.6  72  120/76    98            18.45 → 24.6 (titration)
            09:40  *  infusion   24.6  76  131/82    97         5
            09:43                   0                              dissociation, grade 2 → paused; pause (side
                                                                   effect)
            09:45     infusion      0  80  134/84                  no SpO2: probe off
            09:52                   0                              dissociation resolved
            09:56     infusion      0  72  120/76    98
            09:57               18.45                              resume
            09:59               18.45                              metallic taste, grade 1
            10:00                                                  stop (complete), 11.304 mg
            10:05     recovery         72  120/76    98
            10:20                                                  Aldrete 9/10
            10:28                                                  IV out
            10:30                                                  discharge ordered by petra
            10:31  +                                               note
            10:34  !                                               discharged

            * corrected · ! gate overridden · + entered an hour or more later
            *  09:40  vitals recorded  amended by nia 10:50, after discharge: heart_rate 167 → 76. Digits
                                       swapped
            *  09:40  vitals recorded  voided by petra 10:51, after discharge, was “Vitals (infusion): HR 72, BP
                                       120/76, SpO2 98 %”. Charted by mistake
            +  10:31  note recorded    entered 3 h 14 min later by nia
            !  10:34  discharged       gate driver overridden by petra: Seen and decided

            Note 10:31    Brother waits downstairs; phoned him. (nia)

            """
        #expect(Scenario.eventful().chart.text() == expected)
    }

    @Test func aSessionReadsLikeThis() {
        let scenario = Scenario.eventful()
        let chart = scenario.chart.text()
        let session = scenario.sheet.text(of: scenario.chart.patient)
        #expect(
            session.hasPrefix(
                "Moor, Ana Lu" + String(repeating: " ", count: 80) + "MRN E-17\nsession 00000000-0000-4000-8000-000000000002 "))
        let body = session.split(separator: "─\n", maxSplits: 1).last.map(String.init) ?? ""
        #expect(body.hasPrefix("Session 1, 2026-03-10"))
        #expect(chart.hasSuffix(body), "the newest session stands in the chart as it stands alone")
        #expect(!scenario.sheet.text().contains("Moor, Ana"), "no name where no patient is given")
    }

    @Test func theAgeIsThatOnTheDayAsked() {
        let chart = Scenario.eventful().chart
        #expect(chart.text().contains("born 1984-03-11, 41 years"), "the day before the birthday: that of the last fact")
        #expect(chart.text(asOf: .of("2026-03-11")).contains("born 1984-03-11, 42 years"))
    }

    @Test func colourOnlyAdds() {
        let chart = Scenario.eventful().chart
        let coloured = chart.text(style: .ansi)
        #expect(coloured.contains("\u{1B}["))
        let lines = coloured.replacing(#/\u{1B}\[[0-9]+m/#, with: "").split(separator: "\n").map { String($0).trimmingTrailingSpaces }
        #expect(lines == chart.text().split(separator: "\n").map(String.init))
    }

    @Test func namesCannotSteerTheTerminal() {
        var scenario = Scenario()
        scenario.record(.noteRecorded, "09:05", ["text": "left \u{202E}thgir\nnext line"])
        let text = scenario.chart.sessions[0].text()
        #expect(text.contains("left \u{FFFD}thgir"))
        #expect(!text.contains("\u{202E}"))
    }

    @Test func anEmptyChartIsStillAChart() {
        let chart = Chart(patient: Chart.Patient(Scenario.patient, History()), sessions: [])
        #expect(chart.text().hasPrefix(Scenario.patient.lowercase))
    }

    @Test func aCorrectionOfACorrectionIsTold() throws {
        var scenario = Scenario.uneventful()
        let set = scenario.vitals("09:41")
        let wrong = scenario.amend(set, at: "10:41", ["phase": "infusion", "source": "manual", "heart_rate": 99])
        scenario.void(wrong, "10:42", by: "petra")
        let entry = try #require(scenario.sheet.entries.first { $0.id == set })
        #expect(
            Correction.words(entry) == [
                "amended by nia 10:41: diastolic_mmhg 76 → —, heart_rate 72 → 99, spo2_percent 98 → —, systolic_mmhg 120 → —. Digits swapped",
                "amendment voided by petra 10:42: diastolic_mmhg — → 76, heart_rate 99 → 72, spo2_percent — → 98, systolic_mmhg — → 120. "
                    + "Charted by mistake",
            ])
    }
}
