import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct CandidacyBeforeInfusionTests {
    /// A day with an infusion; `prepare` comes after the arrival.
    private func session(iv: Override? = nil, start: Override? = nil, _ prepare: (inout Scenario) -> Void = { _ in }) -> Scenario {
        var scenario = Scenario()
        prepare(&scenario)
        scenario.insert(override: iv, by: iv == nil ? "nia" : "petra")
        scenario.start(override: start)
        scenario.stop()
        scenario.discharge()
        return scenario
    }

    @Test func passesForACandidateWithAScreen() {
        let finding = session().judge("P1")
        #expect(finding.verdict == .pass)
        #expect(finding.sentence == "Found to be a candidate on 2026-02-02 09:00 by petra, before the start at 09:30")
        #expect(finding.deciding.map(\.type) == [.consultationRecorded, .infusionStarted])
        #expect(finding.deciding.map(\.stream) == [.patient(Scenario.patient), .session(Scenario.session)])
    }

    @Test(arguments: ["not_candidate", "deferred"])
    func theLastConsultationBeforeTheStartDecides(_ candidacy: String) {
        #expect(session { $0.consult("09:10", candidacy) }.judge("P1").verdict == .fail)
        #expect(session { $0.consult("09:30", candidacy) }.judge("P1").verdict == .fail, "at the start itself")
        #expect(session { $0.consult("09:31", candidacy) }.judge("P1").verdict == .pass, "after the start")
    }

    @Test func anEmptyScreenFails() {
        let finding = session { $0.consult("09:10", screen: []) }.judge("P1")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "The consultation of 2026-03-10 09:10 has an empty contraindication screen")
    }

    @Test func anOverrideAtStartOrIVIsShownAsOne() {
        for (iv, start) in [(nil, Override.gate(.candidacy)), (Override.gate(.candidacy), nil)] as [(Override?, Override?)] {
            let finding = session(iv: iv, start: start) { $0.consult("09:10", "deferred") }.judge("P1")
            #expect(finding.verdict == .overridden)
            #expect(finding.sentence.contains("; gate candidacy overridden by petra at 09:"))
        }
        #expect(session(start: .gate(.dose)) { $0.consult("09:10", "deferred") }.judge("P1").verdict == .fail, "another gate")
        #expect(session(start: .gate(.candidacy)).judge("P1").verdict == .pass, "an override that was not needed")
    }

    @Test func correctionsOfTheConsultationCount() {
        var consultation = uuid(0)
        var scenario = session { consultation = $0.consult("09:10", "not_candidate") }
        #expect(scenario.judge("P1").verdict == .fail)
        scenario.void(consultation, on: .patient(Scenario.patient), by: "petra")
        #expect(scenario.judge("P1").verdict == .pass)
    }

    @Test func noConsultationAtAllFails() {
        var scenario = Scenario()
        let consultation = scenario.events[.patient(Scenario.patient)]?.first { $0.body.type == .consultationRecorded }
        scenario.void(consultation?.id ?? uuid(0), on: .patient(Scenario.patient), by: "petra")
        scenario.start()
        #expect(scenario.judge("P1").verdict == .fail, "certain while the session is still open")
        #expect(scenario.judge("P1").sentence == "No consultation before the start at 2026-03-10 09:30")
    }
}

@Suite struct ConsentBeforeIVTests {
    private func session(override: Override? = nil, _ prepare: (inout Scenario) -> Void = { _ in }) -> Scenario {
        var scenario = Scenario()
        prepare(&scenario)
        scenario.insert(override: override, by: override == nil ? "nia" : "petra")
        scenario.discharge("09:50")
        return scenario
    }

    @Test func passesWithASignedConsent() {
        let finding = session().judge("C1")
        #expect(finding.verdict == .pass)
        #expect(finding.sentence == "Consent ketamine 1 signed 2026-02-02 11:00, before the IV at 09:20")
        #expect(finding.deciding.map(\.type) == [.consentSigned, .ivInserted])
    }

    @Test func aWithdrawnConsentFails() {
        let finding = session { $0.withdraw("09:15") }.judge("C1")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "Consent was withdrawn at 09:15, before the IV at 09:20")
        #expect(session { $0.withdraw("09:21") }.judge("C1").verdict == .pass, "after the IV")
        #expect(
            session { scenario in
                scenario.withdraw("09:10")
                scenario.consent("09:15")
            }.judge("C1").verdict == .pass, "signed anew")
    }

    @Test func theFirstLineDecides() {
        var scenario = Scenario()
        scenario.insert("09:20")
        scenario.withdraw("09:25")
        scenario.insert("09:30", override: .gate(.dose), by: "petra")
        scenario.discharge("09:50")
        #expect(scenario.judge("C1").verdict == .pass)
    }

    @Test func anOldVersionFails() {
        let finding = session {
            $0.record(
                .consentFormPublished, on: .clinic, "2026-03-01", by: "ada",
                ["form": "ketamine", "version": "2", "text": "You agree more."])
        }.judge("C1")
        #expect(finding.verdict == .fail)
        #expect(finding.sentence == "Consent was signed on ketamine 1, but version 2 was out when the IV went in at 09:20")
    }

    @Test func anOverrideIsShownAsOne() {
        let finding = session(override: .gate(.consent)) { $0.withdraw("09:15") }.judge("C1")
        #expect(finding.verdict == .overridden)
        #expect(finding.sentence.hasSuffix("; gate consent overridden by petra at 09:20"))
    }

    @Test func noneSignedFails() {
        var scenario = Scenario()
        let consent = scenario.events[.patient(Scenario.patient)]?.first { $0.body.type == .consentSigned }
        scenario.void(consent?.id ?? uuid(0), on: .patient(Scenario.patient))
        scenario.insert()
        #expect(scenario.judge("C1").verdict == .fail)
        #expect(scenario.judge("C1").sentence == "No consent had been signed when the IV went in at 2026-03-10 09:20")
    }

    @Test func withoutAnIVItDoesNotApply() {
        var scenario = Scenario()
        #expect(scenario.judge("C1").verdict == .indeterminate, "still open")
        scenario.discharge()
        #expect(scenario.judge("C1").verdict == .notApplicable)
    }
}
