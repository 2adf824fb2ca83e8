import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import Projections
import TestSupport
import Testing

/// One fold, three uses: whatever the history, live, rebuilt and as-of tables agree.
@Suite(.projections, .timeLimit(.minutes(10))) struct AgreementTests {
    /// What the read models said when they stood at a position.
    struct Sight {
        let position: Int64
        let charts: [UUID: JSON]
        let judgements: [Judgement]
        let tables: TableSnapshot
    }

    @Test(arguments: UInt64(1)...8) func liveRebuiltAndAsOfAgree(seed: UInt64) async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: seed)
            var sights: [Sight] = []
            for round in 0..<12 {
                let steps = Int.random(in: 1...40, using: &clinic.random)
                try await bench.append(clinic.work(events: steps))
                try await bench.projector.catchUp()
                sights.append(try await sight(of: clinic, bench))
                guard round == 5 || round == 9 else { continue }
                // In the middle of the history, while it goes on.
                let more = clinic.work(events: 30)
                async let rebuilt: Void = bench.projector.rebuild(jobs: round == 5 ? 1 : 2)
                try await bench.append(more.prefix(15))
                try await bench.projector.catchUp()
                try await bench.append(more.dropFirst(15))
                try await rebuilt
                try await bench.projector.catchUp()
                sights.append(try await sight(of: clinic, bench))
            }
            let live = try await bench.tables()
            try #require(live.count > 100, "seed \(seed) made too little")
            try await bench.projector.rebuild(jobs: 2)
            try await bench.tables().expectEqual(live, "seed \(seed): rebuilt against live")
            try await bench.cleanRun().expectEqual(live, "seed \(seed): from nothing against live")
            for sight in sights { try await expectAsOf(sight, clinic, bench, seed) }
        }
    }

    private func sight(of clinic: RandomClinic, _ bench: Workbench) async throws -> Sight {
        var charts: [UUID: JSON] = [:]
        for patient in clinic.patients {
            charts[patient] = try await bench.ledger.chart(of: patient, clinic: "hickory")?.json
        }
        return Sight(
            position: clinic.position, charts: charts, judgements: try await bench.ledger.judgements(of: "hickory"),
            tables: try await bench.tables())
    }

    private func expectAsOf(_ sight: Sight, _ clinic: RandomClinic, _ bench: Workbench, _ seed: UInt64) async throws {
        let position = sight.position
        for patient in clinic.patients {
            let chart = try await bench.ledger.chart(of: patient, clinic: "hickory", bounds: History.Bounds(position: position))
            #expect(chart?.json == sight.charts[patient], "seed \(seed), position \(position): chart of \(patient)")
        }
        let judgements = try await bench.ledger.judgements(of: "hickory", ComplianceQuery(), position: position)
        guard judgements != sight.judgements else { return }
        let (now, then) = (Set(judgements), Set(sight.judgements))
        Issue.record(
            """
            seed \(seed), position \(position): \(judgements.count) verdicts as of it, \(sight.judgements.count) then.
            only as of: \(now.subtracting(then).prefix(2).map(\.json.canonical))
            only then:  \(then.subtracting(now).prefix(2).map(\.json.canonical))
            """)
    }

    /// A database whose log ends where the bound is shows what the longer one shows as of there.
    @Test(arguments: UInt64(21)...22) func aLogThatWasCutShowsTheSame(seed: UInt64) async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: seed)
            let before = clinic.work(events: 150)
            let patients = clinic.patients
            let position = clinic.position
            try await bench.append(before + clinic.work(events: 100))
            try await bench.append(before, to: Workbench.alder)
            try await bench.projector.catchUp()
            for patient in patients {
                let long = try await bench.ledger.chart(of: patient, clinic: "hickory", bounds: History.Bounds(position: position))
                let cut = try await bench.ledger.chart(of: patient, clinic: "alder")
                // When the database took it differs.
                #expect(long?.json.withoutRecording == cut?.json.withoutRecording, "seed \(seed)")
            }
            let long = try await bench.ledger.judgements(of: "hickory", ComplianceQuery(), position: position)
            let cut = try await bench.ledger.judgements(of: "alder")
            #expect(long.map(\.stream) == cut.map(\.stream), "seed \(seed)")
            #expect(long.map(\.finding) == cut.map(\.finding), "seed \(seed)")
        }
    }
}

extension JSON {
    /// Without any member `recorded_at`.
    fileprivate var withoutRecording: JSON {
        switch self {
        case .object(let members): .object(members.filter { $0.key != "recorded_at" }.mapValues(\.withoutRecording))
        case .array(let elements): .array(elements.map(\.withoutRecording))
        default: self
        }
    }
}
