import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct ComplianceViewTests {
    private var judgements: [Judgement] {
        let scenario = Scenario.eventful()
        return [StreamID.session(Scenario.session), .patient(Scenario.patient), .clinic].flatMap { Judgement.all(of: scenario.dossier($0)) }
    }

    @Test func readsLikeThis() {
        let expected = """
            Compliance of elm                                        1 session, rule set 2026-11.2, times in UTC
            ────────────────────────────────────────────────────────────────────────────────────────────────────

              #  date        session   M1 M2 M3 M4  P1 P2 P3  C1 C2  D1  X1 X2 X3 X4 X5 X6  A2 A3
            patient 00000000-0000-4000-8000-000000000001
              1  2026-03-10  00000000   ✗  ✗  ✓  ✓   ✓  ✓  ✓   ✓  ✓   ✓   ✓  ✓  !  ✓  ✓  ✓   ✓  ✓

              1 patient: nothing but passed or not applicable (A2, A3, A8)

              clinic  D5  A2 A3
              elm      ·   ·  ✓

            ✓ pass   ✗ fail   ! overridden   · not applicable   ? indeterminate

            rule  what it asks                ✓  ✗  !  ·  ?  source
            M1    Vitals during the infusion  –  1  –  –  –  ASA Standards for Basic Anesthetic Monitoring, by
                                                             policy
            M2    SpO2 and EtCO2              –  1  –  –  –  ASA Standards for Basic Anesthetic Monitoring, by
                                                             policy
            M3    Vitals before and after     1  –  –  –  –  42 CFR 416.52(a)(b), by analogy
            M4    Clinician present           1  –  –  –  –  ASA Standards for Basic Anesthetic Monitoring,
                                                             Standard I
            P1    Candidate, screened         1  –  –  –  –  ASRA/AAPM/ASA consensus guidelines 2018
            P2    Fasting                     1  –  –  –  –  ASA practice guidelines for preoperative fasting
                                                             2017, 2023
            P3    No contraindication         1  –  –  –  –  ASRA/AAPM/ASA consensus guidelines 2018
            C1    Consent before the IV       1  –  –  –  –  42 CFR 482.51(b)(2), 482.24(c), 416.47(b)
            C2    Consent signature           1  –  –  –  –  21 CFR 11.50, 11.70
            D1    Dose within the plan        1  –  –  –  –  clinic policy
            D5    Inventory within two years  –  –  –  1  –  21 CFR 1304.11
            X1    Recovery score              1  –  –  –  –  Aldrete 1995; Chung 1995
            X2    Discharge ordered           1  –  –  –  –  42 CFR 416.52(c)(2)
            X3    Adult driver at release     –  –  1  –  –  42 CFR 416.52(c)(3); ketamine labelling
            X4    Written instructions        1  –  –  –  –  42 CFR 416.52(c)(1)
            X5    Time in recovery            1  –  –  –  –  clinic policy
            X6    Fit for discharge           1  –  –  –  –  clinic policy
            A2    Corrections attributed      1  –  –  2  –  CMS Publication 100-08, §3.3.2.5
            A3    Entered in time             3  –  –  –  –  CMS Publication 100-08, §3.3.2.5
            A8    Kept until retention ends   –  –  –  1  –  45 CFR 164.316(b)(2)(i); state law

            ────────────────────────────────────────────────────────────────────────────────────────────────────
            ✗ fail: 2 verdicts

            patient 00000000, session 1 of 2026-03-10               session/00000000-0000-4000-8000-000000000002
            M1  No heart rate and blood pressure for 11 min (09:45–09:56); policy 2026-1 allows 5
                #25  2026-03-10 09:45  VitalsRecorded  nia
                #27  2026-03-10 09:56  VitalsRecorded  nia
            M2  No SpO2 for 16 min (09:40–09:56); policy 2026-1 allows 5
                #21  2026-03-10 09:40  VitalsRecorded  nia
                #27  2026-03-10 09:56  VitalsRecorded  nia

            ────────────────────────────────────────────────────────────────────────────────────────────────────
            ! overridden: 1 verdict

            patient 00000000, session 1 of 2026-03-10               session/00000000-0000-4000-8000-000000000002
            X3  No driver confirmed at release before discharge at 10:34; gate driver overridden by petra at
                10:34
                #35  2026-03-10 10:34  Discharged  petra

            """
        #expect(ComplianceView(judgements).text() == expected)
        #expect(ComplianceView(judgements.shuffled()).text() == expected, "the order in which verdicts come doesn't matter")
    }

    @Test func namesAreShownWhereTheyAreGiven() {
        let text = ComplianceView(judgements, names: [Scenario.patient: "Moor, Ana Lu"]).text()
        #expect(text.contains("\nMoor, Ana Lu\n"))
        #expect(text.contains("\nMoor, Ana Lu, session 1 of 2026-03-10"))
        #expect(!ComplianceView(judgements).text().contains("Moor"))
    }

    @Test func anOpenSessionIsToldOnce() {
        var scenario = Scenario()
        scenario.insert()
        let text = ComplianceView(Judgement.all(of: scenario.dossier())).text()
        #expect(text.contains("? indeterminate: 18 verdicts"))
        #expect(text.split(separator: "still open; so far:").count == 2)
        #expect(!text.contains("The session is open."))
        #expect(text.contains("\nC1  Consent ketamine 1 signed 2026-02-02 11:00, before the IV at 09:20\n"))
    }

    @Test func someVerdictsAreEnough() {
        let text = ComplianceView(judgements.filter { $0.verdict == .fail }).text()
        #expect(text.contains("#  date        session   M1 M2\n"))
        #expect(!text.contains("overridden: "))
        #expect(ComplianceView([]).text().contains("No verdicts."))
    }

    @Test func namesSortAsPeopleLookThemUp() {
        let (first, second, third) = (uuid(71), uuid(72), uuid(73))
        let names = [first: "Zeder", second: "Çınar", third: "dahl"]
        let judgements = [first, second, third].map { patient in
            Judgement(
                clinic: "elm", stream: .patient(patient), patient: patient, session: nil, sessionAt: nil, rule: "A2",
                finding: Finding(verdict: .pass, sentence: "", deciding: [], policyVersion: "default", decidedAt: nil))
        }
        #expect(ComplianceView(judgements, names: names).groups.map { names[$0.patient ?? first] } == ["Çınar", "dahl", "Zeder"])
    }
}
