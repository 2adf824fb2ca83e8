import Canonical
import Clinic
import Foundation
import Testing

/// Whether a patient's data may be erased, and what may be charted afterwards.
@Suite struct ErasureDecisionTests {
    private static let day: Double = 24 * 60

    private func decide(
        _ scenario: Scenario, years: Int, legalOrder: Bool = false, authority: String = "Retention ended",
        by approvers: [String] = ["cora", "ada"]
    ) -> Result<RetentionPeriod, Refusal> {
        let today = Story.start.date
        let now = Story.start.adding(minutes: 120).adding(days: today.adding(years: years).dayNumber - today.dayNumber)
        let request = ErasureRequest(patient: Story.patientID, authority: authority, isLegalOrder: legalOrder, approvers: approvers)
        let sessions = scenario.known.filter { $0.key.kind == .session }
        return Result { () throws(Refusal) in
            try decideErasure(
                request, patient: scenario.history(Story.patient), sessions: sessions, clinic: scenario.history(.clinic), now: now)
        }
    }

    private func code(_ result: Result<RetentionPeriod, Refusal>) -> String? {
        if case .failure(let refusal) = result { refusal.code } else { nil }
    }

    @Test func theChartIsKeptSevenYearsAfterTheLastSession() throws {
        let scenario = try given(.discharged)
        #expect(code(decide(scenario, years: 6)) == "retention")
        #expect(code(decide(scenario, years: 7)) == "retention", "the last day belongs to it")
        let retention = try decide(scenario, years: 8).get()
        #expect(retention.lastCareOn.description == "2026-06-01" && retention.endsOn.description == "2033-06-01")
        // A booking is care to come.
        let later = Step.booked.on(.session(Story.id(40))).with("scheduled_at", .time(400 * Self.day)).with("number", 2)
        let awaited = try decide(try given(.discharged + [later]), years: 20).get()
        #expect(awaited.lastCareOn.year == 2027)
        let cancelled = try decide(try given(.discharged + [later, Step.cancelled.on(.session(Story.id(40)))]), years: 8).get()
        #expect(cancelled.lastCareOn == retention.lastCareOn)
    }

    @Test func thePolicyInForceCounts() throws {
        let policy = Step.policyAdopted().with("retention_years", 10)
        #expect(code(decide(try given(.discharged, clinic: .clinic + [policy]), years: 8)) == "retention")
        #expect(try decide(try given(.discharged, clinic: .clinic + [policy]), years: 11).get().endsOn.year == 2036)
    }

    @Test func aMinorsChartIsKeptUntilTheyAre21() throws {
        let born = Step.registered.with("birth_date", "2020-02-29")
        let scenario = try given(.discharged, patient: [born])
        #expect(code(decide(scenario, years: 14)) == "retention")
        #expect(try decide(scenario, years: 15).get().endsOn.description == "2041-03-01")
    }

    @Test func aLegalOrderDoesNotWait() throws {
        #expect(try decide(try given(.discharged), years: 0, legalOrder: true).get().endsOn.year == 2033)
        // But nobody is erased from under the drip.
        for session in [[Step].arrived, .infusing, .stopped] {
            #expect(code(decide(try given(session), years: 0, legalOrder: true)) == "session-open")
        }
    }

    @Test(arguments: [
        (["cora"], "two-approvers"), (["cora", "cora"], "two-approvers"), (["cora", "ada", "dr.lin"], "two-approvers"),
        ([], "two-approvers"),
        (["cora", "nobody"], "unknown-staff"), (["cora", "nia"], "role-not-allowed"), (["fay", "cora"], "role-not-allowed"),
    ])
    func twoWhoMayApprove(_ approvers: [String], _ expected: String) throws {
        #expect(code(decide(try given(.discharged), years: 8, by: approvers)) == expected)
    }

    @Test func whoHasLeftApprovesNothing() throws {
        let scenario = try given(.discharged, clinic: .clinic + [.revoked("cora")])
        #expect(code(decide(scenario, years: 8)) == "unknown-staff")
    }

    @Test func theAuthorityIsStated() throws {
        for text in ["", "  \n", String(repeating: "x", count: 2001)] {
            #expect(code(decide(try given(.discharged), years: 8, authority: text)) == "no-authority")
        }
    }

    @Test func anUnknownPatientHasNothingToErase() throws {
        #expect(code(decide(try given(patient: []), years: 8)) == "unknown-patient")
    }

    // MARK: Afterwards

    @Test func nothingIsChartedOnTopOfIt() throws {
        var scenario = try given()
        var own = History()
        own.append(History.Erased(position: 1, version: 1, occurredAt: Story.start, recordedAt: Story.start))
        scenario.replace(Story.patient, own)
        scenario.replace(Story.session, own)
        for step in [Step.vitals, .sideEffect, .note, .infusionStopped, .medicated] {
            try scenario.when(step).then(.refused("erased", .conflict))
        }
        for step in [Step.registered, .detailsChanged, .consulted(), .followUp()] {
            try scenario.when(step).then(.refused("erased", .conflict))
        }
        // The vial goes on.
        #expect(try scenario.when(.counted).acceptance != nil)
    }

    @Test func nobodyWritesAnErasureByHand() throws {
        let data: JSON = [
            "patient": .id(Story.patientID), "authority": "I say so", "legal_order": true, "approved_by": ["cora", "ada"],
            "last_care_on": "2016-01-01", "retained_through": 2023, "positions": [["from": 1, "to": 2]],
        ]
        for stream in [Story.patient, Story.access] {
            try given().when(Step(.payloadErased, at: 0, by: "ada", on: stream, data)).then(.refused("erasure-only", .invalid, at: "/type"))
        }
    }

    @Test func stretchesCoverPositionsExactly() {
        let stretches = PayloadErased.Stretch.covering([1, 2, 3, 5, 7, 8])
        #expect(stretches.map { [$0.from, $0.to] } == [[1, 3], [5, 5], [7, 8]])
        #expect(PayloadErased.Stretch.covering([]).isEmpty)
    }
}
