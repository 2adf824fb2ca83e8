import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import Projections
import TestSupport
import Testing

/// Charts, sessions and verdicts as they are read from the tables.
@Suite(.projections, .timeLimit(.minutes(5))) struct ReadModelTests {
    private func worked(_ bench: Workbench, seed: UInt64 = 61) async throws -> RandomClinic {
        var clinic = RandomClinic(seed: seed)
        try await bench.append(clinic.work(events: 300))
        try await bench.projector.catchUp()
        return clinic
    }

    @Test func theCurrentChartIsTheOneAsOfTheHead() async throws {
        try await Workbench.open { bench in
            let clinic = try await worked(bench)
            for patient in clinic.patients {
                let current = try #require(try await bench.ledger.chart(of: patient, clinic: "hickory"))
                let folded = try await bench.ledger.chart(of: patient, clinic: "hickory", bounds: History.Bounds())
                let bounded = try await bench.ledger.chart(
                    of: patient, clinic: "hickory", bounds: History.Bounds(position: clinic.position))
                #expect(current == folded)
                #expect(current == bounded)
                // The text is put together from stored documents, from stored payloads, or from the data as read: all the same.
                let document = try await bench.ledger.chartDocument(of: patient, clinic: "hickory")
                #expect(document == folded?.document && document == current.document && document == current.json.canonical)
                #expect(current.lastPosition <= clinic.position)
                for session in current.sessions {
                    #expect(try await bench.ledger.session(session.id, clinic: "hickory") == session)
                }
            }
            let sessions = try await bench.superuser.query("SELECT count(*) FROM patient_chart.sessions").first?.value(0, as: Int64.self)
            #expect(sessions == Int64(clinic.sessions.filter { !clinic.history(.session($0)).events.isEmpty }.count))
        }
    }

    @Test func whatIsNotThereIsNil() async throws {
        try await Workbench.open { bench in
            let clinic = try await worked(bench)
            let (nobody, somebody) = (UUID(), try #require(clinic.patients.first))
            #expect(try await bench.ledger.chart(of: nobody, clinic: "hickory") == nil)
            #expect(try await bench.ledger.chartDocument(of: nobody, clinic: "hickory") == nil)
            #expect(try await bench.ledger.chart(of: nobody, clinic: "hickory", bounds: History.Bounds()) == nil)
            #expect(try await bench.ledger.chart(of: somebody, clinic: "hickory", bounds: History.Bounds(position: 0)) == nil)
            #expect(try await bench.ledger.chart(of: somebody, clinic: "alder") == nil)
            #expect(try await bench.ledger.chart(of: somebody, clinic: "alder", bounds: History.Bounds()) == nil)
            #expect(try await bench.ledger.chart(of: somebody, clinic: "no such clinic", bounds: History.Bounds()) == nil)
            #expect(try await bench.ledger.session(nobody, clinic: "hickory") == nil)
            #expect(try await bench.ledger.judgements(of: "alder").isEmpty)
            #expect(try await bench.ledger.judgements(of: "alder", ComplianceQuery(), position: 10).isEmpty)
            #expect(try await bench.ledger.judgements(of: "hickory", ComplianceQuery(), position: 0).isEmpty)
            #expect(try await bench.ledger.patientWithMostInfusions(clinic: "alder") == nil)
        }
    }

    @Test func verdictsAreFilteredTheSameWayNowAndAsOf() async throws {
        try await Workbench.open { bench in
            let clinic = try await worked(bench)
            let all = try await bench.ledger.judgements(of: "hickory")
            #expect(all == all.sorted(by: inOrder))
            let session = try #require(all.first { $0.verdict == .fail && $0.stream.kind == .session }?.stream.id)
            var queries = [
                ComplianceQuery(), ComplianceQuery(session: session), ComplianceQuery(session: session, rule: "A3", verdict: .fail),
            ]
            queries += Verdict.allCases.map { ComplianceQuery(verdict: $0) }
            queries += RuleSet.rules.map { ComplianceQuery(rule: $0.id) }
            queries += [ComplianceQuery(rule: "none' OR true --"), ComplianceQuery(session: UUID())]
            for query in queries {
                let wanted = all.filter { judgement in
                    (query.session == nil || judgement.stream.id == query.session && judgement.stream.kind == .session)
                        && (query.rule == nil || judgement.rule == query.rule)
                        && (query.verdict == nil || judgement.verdict == query.verdict)
                }
                #expect(try await bench.ledger.judgements(of: "hickory", query) == wanted)
                #expect(try await bench.ledger.judgements(of: "hickory", query, position: clinic.position) == wanted)
                #expect(try await bench.ledger.judgements(of: "hickory", query, position: .max) == wanted)
            }
        }
    }

    private func inOrder(_ left: Judgement, _ right: Judgement) -> Bool {
        let far = Timestamp(microseconds: .max)
        return (left.sessionAt ?? far, left.stream.description, left.rule) < (
            right.sessionAt ?? far, right.stream.description, right.rule
        )
    }

    /// The same patients and sessions in two clinics are different people's: nothing of one shows in the other.
    @Test func clinicsAreApart() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 62)
            let first = clinic.work(events: 150)
            try await bench.append(first, to: Workbench.hickory)
            try await bench.projector.catchUp()
            let (before, patients) = (try await bench.tables(), clinic.patients)
            // The same streams with other content behind them.
            try await bench.append(first + clinic.work(events: 150), to: Workbench.alder)
            try await bench.projector.catchUp()
            let after = try await bench.tables()
            let hickory = after.rows.mapValues { $0.filter { $0.contains(#""clinic":"hickory""#) } }
            TableSnapshot(rows: hickory).expectEqual(before, "hickory with alder beside it")
            for patient in patients {
                let here = try await bench.ledger.chart(of: patient, clinic: "hickory")
                let there = try await bench.ledger.chart(of: patient, clinic: "alder")
                #expect(here == (try await bench.ledger.chart(of: patient, clinic: "hickory", bounds: History.Bounds())))
                #expect(there == (try await bench.ledger.chart(of: patient, clinic: "alder", bounds: History.Bounds())))
                #expect(here != there)
            }
            try await bench.projector.rebuild()
            try await bench.tables().expectEqual(after)
        }
    }

    @Test func waitingForAProjection() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 63)
            try await bench.append(clinic.work(events: 20))
            let position = clinic.position
            // Before any projector has made its tables.
            await #expect(throws: ProjectionError.self) {
                try await bench.ledger.waitForProjection(
                    PatientChart.self, of: Workbench.hickory, position: position, limit: .milliseconds(30))
            }
            async let waited: Void = bench.ledger.waitForProjection(
                PatientChart.self, of: Workbench.hickory, position: position, limit: .seconds(60))
            try await bench.projector.catchUp()
            try await waited
            let error = await #expect(throws: ProjectionError.self) {
                try await bench.ledger.waitForProjection(Compliance.self, of: Workbench.hickory, position: position + 1, limit: .zero)
            }
            #expect(
                "\(try #require(error))"
                    == "The projection compliance stands at position \(position) and did not reach \(position + 1) in time; see `dripline projections`."
            )
            await #expect(throws: CancellationError.self) {
                let task = Task {
                    try await bench.ledger.waitForProjection(
                        Compliance.self, of: Workbench.hickory, position: .max, limit: .seconds(600))
                }
                task.cancel()
                try await task.value
            }
        }
    }

    @Test func theStatusTellsPositionAndLag() async throws {
        try await Workbench.open { bench in
            #expect(try await bench.ledger.projectionStatus().isEmpty)
            var clinic = try await worked(bench)
            let position = clinic.position
            try await bench.append(clinic.work(events: 7))
            let status = try await bench.ledger.projectionStatus()
            #expect(status.map(\.name) == allProjections.filter { $0.logs.contains(.record) }.map { $0.name }.sorted())
            #expect(status.allSatisfy { $0.position == position && $0.lag == clinic.position - position && !$0.isOutdated })
        }
    }
}
