import Canonical
import Foundation
import Ledger
import Projections
import TestSupport
import Testing

@testable import Service

@Suite(.service) struct ReadinessTests {
    private let clinic = TestClinic()

    @Test func itSaysWhichPartIsNotReady() async throws {
        try await withDatabase { database in
            try await clinic.record(clinic.founding, in: database)
            // No projector has run, and nobody seals.
            let before = await Readiness.judge(database, witnesses: nil, sealPatience: -1)
            #expect(before.firstNeeded?.part == .projections)
            #expect(before.json(.database) == ["status": "ready"])
            #expect(before.json(.sealer)?["status"] == "not ready")
            #expect(before.json(.witness) == nil)
            #expect(before.json["part"] == "projections")
            try await database.projector.catchUp()
            let after = await Readiness.judge(database, witnesses: nil, sealPatience: 3600)
            #expect(after.firstNeeded == nil)
            #expect(after.json["status"] == "ready" && after.json["projection_lag_events"] == 0)
            #expect(after.json(.sealer) == ["status": "ready"])
        }
    }

    /// A sealer or a witness that is away stops nobody from charting.
    @Test func onlyWhatServesIsNeeded() {
        let readiness = Readiness(
            faults: [.database: String?.none, .projections: String?.none, .sealer: "away", .witness: "away"], lag: 0)
        #expect(readiness.firstNeeded == nil)
        #expect(readiness.json["status"] == "ready")
        #expect(readiness.json["parts"]?["witness"]?["detail"] == "away")
    }

    @Test func aPartCanBeAskedFor() async throws {
        try await withService { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            try await client.waitUntilReady()
            #expect(try await client.get("/readyz/database").status == 200)
            #expect(try await client.get("/readyz/projections").status == 200)
            #expect(try await client.get("/readyz/witness").status == 404)
            #expect(try await client.get("/readyz/nothing").status == 404)
            #expect(try await client.get("/readyz").json["parts"]?["database"]?["status"] == "ready")
        }
    }

    @Test func aSilentWitnessIsCounted() async throws {
        try await withDatabase { database in
            try await clinic.record(clinic.founding, in: database)
            // Nothing listens there, and nothing is sealed, so that nothing is asked of it.
            let url = try #require(URL(string: "http://127.0.0.1:1"))
            let collector = WitnessCollector([url], ledger: database.ledger, keys: [], logger: .silent)
            let readiness = await Readiness.judge(database, witnesses: collector)
            #expect(readiness.json(.witness) == ["status": "ready"])
        }
    }
}
