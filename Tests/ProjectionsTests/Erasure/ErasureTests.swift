import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Projections

/// After an erasure nothing of the patient is left in any table, everything else is as it was, and every proof holds.
@Suite(.projections, .timeLimit(.minutes(10))) struct ErasureTests {
    static func request(_ patient: UUID, legalOrder: Bool = true) -> ErasureRequest {
        ErasureRequest(patient: patient, authority: "Order 7 of the court", isLegalOrder: legalOrder, approvers: ["ada", "dr.lin"])
    }

    static func eraser(_ bench: Workbench) -> Eraser {
        Eraser(TestDatabase.current.settings, ledger: bench.ledger, projector: bench.projector, logger: .silent)
    }

    /// Long after every session, so that none is still under way, and all were discharged or given up by then.
    static func closeAll(_ clinic: RandomClinic, _ bench: Workbench) async throws {
        for session in clinic.sessions {
            let state = SessionState(clinic.history(.session(session)))
            guard state.discharge == nil, state.arrival != nil || !state.runs.isEmpty || !state.lines.isEmpty else { continue }
            let data: JSON = ["instructions_version": "1", "condition": "Well."]
            try await bench.append([
                AppendCommand(
                    id: UUID(), actor: "nia",
                    events: [
                        NewEvent(
                            stream: StreamID.session(session).description, type: "Discharged", occurredAt: clinic.clock,
                            payload: data.canonical)
                    ])
            ])
        }
    }

    @Test(arguments: UInt64(201)...208) func theRestStandsAndEveryProofHolds(seed: UInt64) async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: seed)
            try await bench.append(clinic.work(events: 250))
            try await bench.append(AuditTests.accesses(of: clinic.patients, at: clinic.clock), to: Workbench.hickory.with(.access))
            try await Self.closeAll(clinic, bench)
            let patient = clinic.patients[0]
            let plan = try await bench.superuser.transaction { try ErasurePlan(patient, clinic: "hickory", on: $0) }
            let shared = Set(clinic.patients.dropFirst()).filter { other in
                plan.sessions.values.contains { $0.events.contains { $0.body.subject == .patient(other) } }
            }
            var before: [UUID: String] = [:]
            try await bench.projector.catchUp()
            for other in clinic.patients.dropFirst() where !shared.contains(other) {
                before[other] = try await bench.ledger.chart(of: other, clinic: "hickory")?.json.canonical
            }
            let leaves = try await Self.leaves(bench)

            let erasure = try await Self.eraser(bench).erase(Self.request(patient), clinic: "hickory", now: clinic.clock)

            #expect(erasure.events[.record]?.erased == Int64(plan.positions[.record]?.count ?? 0))
            #expect(erasure.events[.access]?.erased == Int64(plan.positions[.access]?.count ?? 0))
            #expect(leaves.isSubset(of: try await Self.leaves(bench)), "no entry was touched")
            for log in [Workbench.hickory, Workbench.hickory.with(.access)] {
                let verification = try await bench.ledger.verify(log)
                #expect(verification.isIntact, "\(verification.findings)")
                #expect(verification.erased == erasure.events[log.kind]?.erased)
            }
            for (other, chart) in before {
                #expect(try await bench.ledger.chart(of: other, clinic: "hickory")?.json.canonical == chart, "another patient's chart")
            }
            let chart = try #require(try await bench.ledger.chart(of: patient, clinic: "hickory"))
            #expect(chart.patient.isErased && chart.sessions.isEmpty && chart.patient.name == "Erased")
            #expect(chart.patient.state.erasure?.body.authority == "Order 7 of the court")
            #expect(chart.text().contains("Order 7 of the court") && chart.text().contains("ada and dr.lin"))
            for session in plan.sessions.keys.compactMap(\.id) {
                await #expect(throws: ProjectionError.self) { try await bench.ledger.session(session, clinic: "hickory") }
            }
            // As of a position before it there is nothing more to see.
            let early = try await bench.ledger.chart(
                of: patient, clinic: "hickory", bounds: History.Bounds(position: (erasure.events[.record]?.position ?? 1) - 1))
            #expect(early?.patient.isErased == true && early?.patient.entries.isEmpty == true)
            #expect(early?.text().contains("erased after this point") == true)

            let audit = try await AuditTests.audit(bench)
            #expect(audit.isIntact && audit.notJudged.isEmpty && audit.erasures.count == erasure.events.count)
            #expect(audit.verdicts["A8"]?[.overridden] == 1)

            let live = try await bench.tables()
            #expect(try await bench.cleanRun() == live, "live = rebuild")
        }
    }

    private static func leaves(_ bench: Workbench) async throws -> Set<String> {
        let rows = try await bench.superuser.query(
            "SELECT concat_ws(' ', log_id, position, encode(leaf, 'hex'), entry) FROM dripline.events")
        return Set(try rows.map { try $0.value(0, as: String.self) })
    }

    @Test func itIsRefusedAsAWhole() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 211)
            try await bench.append(clinic.work(events: 120))
            try await Self.closeAll(clinic, bench)
            let patient = clinic.patients[0]
            let before = try await bench.ledger.head(of: Workbench.hickory).size
            let refusal = await #expect(throws: Refusal.self) {
                try await Self.eraser(bench).erase(Self.request(patient, legalOrder: false), clinic: "hickory", now: clinic.clock)
            }
            #expect(refusal?.code == "retention")
            // A rebuild that was stopped half way has the patient's rows in its tables.
            try await bench.superuser.script("CREATE SCHEMA outcomes_next")
            await #expect(throws: ErasureError.unfinishedRebuild("outcomes")) {
                try await Self.eraser(bench).erase(Self.request(patient), clinic: "hickory", now: clinic.clock)
            }
            #expect(try await bench.ledger.head(of: Workbench.hickory).size == before)
            #expect(try await bench.superuser.query("SELECT FROM dripline.events WHERE payload IS NULL").isEmpty)
            try await bench.superuser.script("DROP SCHEMA outcomes_next")
            _ = try await Self.eraser(bench).erase(Self.request(patient), clinic: "hickory", now: clinic.clock)
            let again = await #expect(throws: Refusal.self) {
                try await Self.eraser(bench).erase(Self.request(patient), clinic: "hickory", now: clinic.clock)
            }
            #expect(again?.code == "erased")
        }
    }

    /// Who charts while it is being planned makes it plan anew; nobody's entry is lost, and none of the patient's stays.
    @Test func itHoldsAgainstWhoChartsMeanwhile() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 212)
            try await bench.append(clinic.work(events: 120))
            try await Self.closeAll(clinic, bench)
            let patient = clinic.patients[0]
            let clock = clinic.clock
            let note = NewEvent(
                stream: StreamID.patient(patient).description, type: "NoteRecorded", occurredAt: clock, payload: #"{"text":"marker"}"#)
            async let erasure = Self.eraser(bench).erase(Self.request(patient), clinic: "hickory", now: clock)
            for _ in 0..<20 { try await bench.append([AppendCommand(id: UUID(), actor: "nia", events: [note])]) }
            let position = try #require(try await erasure.events[.record]?.position)
            let left = try await bench.superuser.query(
                "SELECT position FROM dripline.events WHERE stream = $1 AND payload IS NOT NULL AND type <> 'PayloadErased'",
                [StreamID.patient(patient).description]
            ).map { try $0.value(0, as: Int64.self) }
            #expect(left.allSatisfy { $0 > position }, "only what came after it, by the log's own door")
            #expect(try await bench.ledger.verify(Workbench.hickory).isIntact)
        }
    }
}
