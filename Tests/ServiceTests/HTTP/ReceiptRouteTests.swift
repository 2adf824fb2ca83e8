import Canonical
import Foundation
import Ledger
import Service
import TestSupport
import Testing
import Tlog

/// Proofs in the answer of an append.
@Suite(.service) struct ReceiptRouteTests {
    private let clinic = TestClinic()
    private let path = "/v1/clinics/hickory/events"

    private func verify(_ receipt: JSON, _ database: Database) async throws {
        let proof = try ProofFile(receipt["proof"]?.asString ?? "")
        let position = try #require(receipt["position"]?.asInt)
        #expect(proof.index == UInt64(position - 1))
        let leaf = try #require(TreeHash(Hex.decode(receipt["leaf"]?.asString ?? "") ?? []))
        let known = try database.signingKeys()
        let keys = try #require(known)
        try proof.checkpoint.verified(by: keys.verifiers(for: clinic.log))
        let state = try Checkpoint(text: proof.checkpoint.text)
        #expect(state.origin == keys.origin(of: clinic.log))
        #expect(Proof.includes(leaf, at: proof.index, size: state.size, root: state.root, proof: proof.path))
    }

    @Test func anAppendWaitsForTheProofOfEachEvent() async throws {
        try await withService(seals: true) { [clinic, path] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let request: JSON = [
                "command": .string(UUID().lowercase), "stream": .string("session/\(session.lowercase)"),
                "events": .array(
                    (Int64(30)...32).map { minute in
                        let flat = clinic.vitals(session, at: minute)
                        return ["type": "VitalsRecorded", "occurred_at": flat["occurred_at"] ?? .null, "data": flat["data"] ?? .null]
                    }),
            ]
            let answer = try await client.send(
                "POST", path + "?proof=wait", headers: ["Prefer": "respond-async, wait=10"], body: Data(request.canonical.utf8),
                by: TestClinic.nurse)
            #expect(answer.status == 201 && answer.headers["preference-applied"] == "wait=10")
            let json = try answer.json
            #expect(json["covered"] == true)
            let receipts = json["events"]?.asArray ?? []
            #expect(receipts.count == 3)
            for receipt in receipts {
                try await verify(receipt, database)
                let later = try await client.get(receipt["proof_url"]?.asString ?? "/")
                #expect(later.status == 200 && later.body.starts(with: Data(ProofFile.header.utf8)))
            }
            let again = try await client.post(path + "?proof=wait", request, by: TestClinic.nurse)
            #expect(again.status == 200 && again.headers["preference-applied"] == nil)
            let repeated = try again.json
            #expect(repeated["covered"] == true && repeated["repeated"] == true)
            for receipt in repeated["events"]?.asArray ?? [] { try await verify(receipt, database) }
        }
    }

    /// Nobody seals here.
    @Test func withoutACheckpointItIsRecordedAllTheSame() async throws {
        try await withService { [clinic, path] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let answer = try await client.send(
                "POST", path + "?proof=wait", headers: ["Prefer": "wait=0"],
                body: Data(clinic.vitals(session, at: 30).canonical.utf8), by: TestClinic.nurse)
            #expect(answer.status == 201)
            let json = try answer.json
            let receipt = try #require(json["events"]?.asArray.first)
            #expect(json["covered"] == false && receipt["proof"] == nil)
            let position = try #require(receipt["position"]?.asInt)
            #expect(receipt["proof_url"]?.asString == "/v1/clinics/hickory/log/record/proof?position=\(position)")
            #expect(try await clinic.events(of: database).last?.position == position)
            let plain = try await client.post(path, clinic.vitals(session, at: 31), by: TestClinic.nurse)
            #expect(try plain.json["covered"] == nil)
            let bad = try await client.post(path + "?proof=now", clinic.vitals(session, at: 32), by: TestClinic.nurse)
            #expect(bad.status == 400)
            #expect(try bad.pointers == ["?proof"])
        }
    }
}
