import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct RuleSetTests {
    @Test func eachRuleIsThereOnce() {
        #expect(Set(RuleSet.rules.map(\.id)).count == RuleSet.rules.count)
        #expect(RuleSet.version == "2026-11.2")
        for rule in RuleSet.rules {
            #expect(!rule.title.isEmpty && !rule.citation.isEmpty && !rule.needs.isEmpty && !rule.verdicts.isEmpty, "\(rule.id)")
        }
    }

    @Test func aRuleNamesValuesThatAPolicyHas() throws {
        var data: [String: JSON] = ["version": "9", "effective_at": "2026-01-01T00:00:00Z"]
        for value in Set(RuleSet.rules.flatMap(\.policyValues)) {
            let isFlag = value.hasSuffix("_required")
            data[value] = isFlag ? true : 7
        }
        #expect(data.count > 10)
        // Unknown keys are refused.
        _ = try EventBody(type: .policyAdopted, data: .object(data))
    }

    @Test func eachStreamIsJudgedByItsRules() {
        let scenario = Scenario.uneventful()
        func ids(_ stream: StreamID) -> [String] { Judgement.all(of: scenario.dossier(stream)).map(\.rule) }
        #expect(
            ids(.session(Scenario.session)) == [
                "M1", "M2", "M3", "M4", "P1", "P2", "P3", "C1", "C2", "D1", "X1", "X2", "X3", "X4", "X5", "X6", "A2", "A3",
            ])
        #expect(ids(.patient(Scenario.patient)) == ["A2", "A3", "A8"])
        #expect(ids(.access(Scenario.patient)) == ["A2", "A4", "A5", "A6"])
        #expect(ids(.clinic) == ["D5", "A2", "A3"])
        #expect(ids(.vial(Scenario.vial)) == ["D2", "D3", "D4", "D7", "A2", "A3"])
    }

    @Test func anUneventfulDayPassesThroughout() {
        let verdicts = Judgement.all(of: Scenario.uneventful().dossier())
        #expect(verdicts.filter { $0.rule != "A2" }.allSatisfy { $0.verdict == .pass })
        #expect(verdicts.allSatisfy { $0.patient == Scenario.patient && $0.session == 1 && $0.sessionAt == .of("09:00") })
    }

    @Test func aBookingAloneIsNotApplicable() {
        for judgement in Judgement.all(of: Scenario(arrived: false).dossier()) where judgement.rule != "A3" {
            #expect(judgement.verdict == .notApplicable, "\(judgement.rule)")
        }
    }

    @Test func aVoidedArrivalHidesNothing() {
        var scenario = Scenario(arrived: false)
        let arrival = scenario.arrive()
        scenario.start()
        scenario.void(arrival, by: "dora")
        for judgement in Judgement.all(of: scenario.dossier()) { #expect(judgement.verdict != .notApplicable, "\(judgement.rule)") }
    }

    @Test func nothingAboutAnOpenSessionIsAPass() {
        var scenario = Scenario()
        for judgement in Judgement.all(of: scenario.dossier()) { #expect(judgement.verdict == .indeterminate, "\(judgement.rule)") }
        scenario.vitals("09:25", "baseline")
        scenario.insert()
        scenario.start(override: .gate(.candidacy))
        for judgement in Judgement.all(of: scenario.dossier()) { #expect(judgement.verdict == .indeterminate, "\(judgement.rule)") }
    }

    @Test func whatDecidesIsNamed() {
        for judgement in Judgement.all(of: Scenario.uneventful().dossier()) where judgement.verdict == .pass {
            #expect(!judgement.finding.deciding.isEmpty, "\(judgement.rule)")
            #expect(judgement.finding.decidedAt != nil)
            #expect(judgement.finding.policyVersion == "2026-1")
        }
    }

    @Test func noSentenceNamesThePatientOrTheDriver() {
        for judgement in Judgement.all(of: Scenario.uneventful().dossier()) {
            #expect(!judgement.finding.sentence.contains("Moor") && !judgement.finding.sentence.contains("Ana"), "\(judgement.rule)")
        }
    }

    @Test func beforeAnyPolicyTheDefaultsHold() {
        var scenario = Scenario.uneventful()
        for event in scenario.events[.clinic] ?? [] where event.body.type == .policyAdopted {
            scenario.void(event.id, on: .clinic, by: "ada")
        }
        #expect(scenario.judge("X5").policyVersion == "default")
    }

    @Test func aJudgementIsAnObjectForPrograms() throws {
        let json = try #require(Judgement.all(of: Scenario.uneventful().dossier()).first { $0.rule == "X5" }).json
        #expect(
            json.canonical == """
                {"citation":"clinic policy","clinic":"elm","decided_at":"2026-03-10T10:35:00.000000Z","deciding":[{"actor":"nia",\
                "event":"00000000-0000-4000-8000-000000001021","occurred_at":"2026-03-10T10:00:00.000000Z","position":21,\
                "stream":"session/00000000-0000-4000-8000-000000000002","type":"InfusionStopped"},{"actor":"nia",\
                "event":"00000000-0000-4000-8000-000000001027","occurred_at":"2026-03-10T10:35:00.000000Z","position":27,\
                "stream":"session/00000000-0000-4000-8000-000000000002","type":"Discharged"}],\
                "patient":"00000000-0000-4000-8000-000000000001","policy_version":"2026-1","rule":"X5","rule_set":"2026-11.2",\
                "sentence":"Discharged 35 min after the stop (10:00–10:35); policy 2026-1 asks for 30","session":1,\
                "session_at":"2026-03-10T09:00:00.000000Z","stream":"session/00000000-0000-4000-8000-000000000002",\
                "title":"Time in recovery","verdict":"pass"}
                """)
    }

    @Test func decidingEventsAreReadBack() throws {
        for judgement in Judgement.all(of: Scenario.uneventful().dossier()) {
            #expect(try DecidingEvent.list(judgement.finding.decidingJSON.canonical) == judgement.finding.deciding)
        }
        #expect(throws: DocumentError(field: "position")) { try DecidingEvent.list(#"[{"event":"00000000-0000-4000-8000-000000001021"}]"#) }
        #expect(throws: DocumentError(field: "deciding")) { try DecidingEvent.list("no list") }
    }
}
