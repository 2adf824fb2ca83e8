import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct CorrectionsAttributedTests {
    private func corrected(by actor: String, _ target: (inout Scenario) -> UUID = { $0.vitals("09:35") }) -> Finding {
        var scenario = Scenario.uneventful()
        scenario.void(target(&scenario), by: actor)
        return scenario.judge("A2")
    }

    @Test func withoutCorrectionsItDoesNotApply() {
        #expect(Scenario.uneventful().judge("A2").verdict == .notApplicable)
        #expect(Scenario().judge("A2").verdict == .indeterminate, "the session is open")
        #expect(Scenario(arrived: false).judge("A2").verdict == .notApplicable, "booked only")
    }

    @Test func passesForSomebodyWhoMay() {
        let finding = corrected(by: "nia")
        #expect(finding.verdict == .pass)
        #expect(finding.sentence == "1 correction with author, time and reason, by nia")
        #expect(finding.deciding.map(\.type) == [.eventVoided])
    }

    @Test func failsForSomebodyNotEnrolled() {
        let finding = corrected(by: "ghost")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "The correction of 2026-03-10 11:00 by ghost is by somebody not enrolled then")
    }

    @Test func theRoleForWhatIsCorrectedCounts() {
        #expect(corrected(by: "dora").verdict == .pass, "anyone may chart vitals")
        let finding = corrected(by: "dora") { $0.score("10:22") }
        #expect(finding.verdict == .fail)
        #expect(finding.sentence.hasSuffix("is by a role that may not record RecoveryScored"))
        #expect(corrected(by: "petra") { $0.driver() }.verdict == .pass)
        #expect(corrected(by: "ada") { $0.driver() }.verdict == .fail, "an administrator")
    }

    @Test func aCorrectionOfACorrectionIsJudgedByTheFirstEvent() {
        var scenario = Scenario.uneventful()
        let score = scenario.score("10:22")
        let data: JSON = [
            "scale": "aldrete", "total": 10, "items": ["activity": 2, "respiration": 2, "circulation": 2, "consciousness": 2, "oxygen": 2],
        ]
        let amendment = scenario.amend(score, data)
        #expect(scenario.judge("A2").verdict == .pass)
        scenario.void(amendment, by: "dora")
        #expect(scenario.judge("A2").sentence.hasSuffix("may not record RecoveryScored"))
    }

    @Test func enrolmentIsJudgedAtTheTime() {
        var scenario = Scenario.uneventful()
        scenario.void(scenario.vitals("09:36"), "11:00", by: "newt")
        scenario.enrol("newt", "nurse", at: "12:00")
        #expect(scenario.judge("A2").verdict == .fail)
        var earlier = Scenario.uneventful()
        earlier.void(earlier.vitals("09:36"), "11:00", by: "newt")
        earlier.enrol("newt", "nurse", at: "10:59")
        #expect(earlier.judge("A2").verdict == .pass)
    }

    @Test func judgesPatientsAndTheClinicToo() {
        var scenario = Scenario()
        let registration = scenario.events[.patient(Scenario.patient)]?.first
        scenario.amend(
            registration?.id ?? uuid(0), on: .patient(Scenario.patient), by: "dora",
            ["mrn": "E-18", "family": "Moor", "given": ["Ana"], "birth_date": "1984-03-11", "sex": "female"])
        #expect(scenario.judge("A2", .patient(Scenario.patient)).verdict == .pass)
        let policy = scenario.events[.clinic]?.last
        scenario.void(policy?.id ?? uuid(0), on: .clinic, by: "nia")
        #expect(scenario.judge("A2", .clinic).sentence.hasSuffix("may not record PolicyAdopted"))
        var prescriber = Scenario()
        prescriber.void(policy?.id ?? uuid(0), on: .clinic, by: "petra")
        #expect(prescriber.judge("A2", .clinic).verdict == .fail, "what the clinic has laid down is not for a prescriber to change")
    }
}

@Suite struct EnteredInTimeTests {
    @Test func passesAndNamesTheSlowest() {
        let finding = Scenario.uneventful().judge("A3")
        #expect(finding.verdict == .pass)
        #expect(finding.sentence == "17 entries made within 30 s; policy 2026-1 allows 24 h")
    }

    @Test(arguments: [("2026-03-11T09:40", Verdict.pass), ("2026-03-11T09:40:00.000001", .fail)])
    func theLimitIsExact(_ recorded: String, _ verdict: Verdict) {
        var scenario = Scenario.uneventful()
        scenario.vitals("09:40", recorded: recorded)
        #expect(scenario.judge("A3").verdict == verdict)
    }

    @Test func whatTheSourceSaysComesFirst() {
        var scenario = Scenario.uneventful()
        let note = scenario.record(.noteRecorded, "10:30", charted: "10:45", recorded: "2026-05-01", ["text": "Imported."])
        #expect(scenario.judge("A3").verdict == .pass)
        #expect(scenario.judge("A3").deciding.map(\.event) == [note])
        scenario.record(.noteRecorded, "10:30", charted: "2026-03-12T10:00", recorded: "2026-05-01", ["text": "Imported late."])
        #expect(scenario.judge("A3").verdict == .fail)
    }

    @Test func eachLateEntryIsNamed() {
        var scenario = Scenario.uneventful()
        let first = scenario.vitals("09:41", recorded: "2026-03-12T09:41")
        let second = scenario.vitals("09:42", recorded: "2026-03-11T10:12")
        let finding = scenario.judge("A3")
        #expect(
            finding.sentence
                == "VitalsRecorded of 2026-03-10 09:41 entered 2 d later and VitalsRecorded of 2026-03-10 09:42 entered 24 h 30 min later; "
                + "policy 2026-1 allows 24 h")
        #expect(finding.deciding.map(\.event) == [first, second])
    }

    @Test func correctionsAreNoLateEntriesAndVoidedOnesAreGone() {
        var scenario = Scenario.uneventful()
        let set = scenario.vitals("09:41", recorded: "2026-03-15")
        #expect(scenario.judge("A3").verdict == .fail)
        scenario.void(set, "2026-03-16")
        #expect(scenario.judge("A3").verdict == .pass)
    }

    @Test func judgesABookingAloneAndOpenSessions() {
        #expect(Scenario(arrived: false).judge("A3").verdict == .pass)
        var open = Scenario()
        #expect(open.judge("A3").verdict == .indeterminate)
        open.vitals("09:10", recorded: "2026-03-15")
        #expect(open.judge("A3").verdict == .fail)
    }

    @Test func judgesPatientsAndTheClinicToo() {
        #expect(Scenario().judge("A3", .patient(Scenario.patient)).verdict == .pass)
        #expect(Scenario().judge("A3", .clinic).verdict == .pass)
        var scenario = Scenario()
        scenario.record(.noteRecorded, on: .patient(Scenario.patient), "2026-02-05", recorded: "2026-02-07", ["text": "Called back."])
        #expect(scenario.judge("A3", .patient(Scenario.patient)).verdict == .fail)
    }
}
