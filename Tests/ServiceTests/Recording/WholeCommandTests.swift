import Canonical
import Clinic
import Foundation
import Ledger
import Service
import TestSupport
import Testing

/// Whatever is sent: all events of a command are in the log or none, an error says why, and the service goes on.
@Suite(.service) struct WholeCommandTests {
    private let clinic = TestClinic()

    /// Several events of every sort that a nurse may chart, of which any may be spoilt.
    private func request(_ session: UUID, _ random: inout SeededGenerator) -> JSON {
        let data: [(String, JSON)] = [
            ("VitalsRecorded", ["phase": "infusion", "heart_rate": 80, "systolic_mmhg": 120, "diastolic_mmhg": 80, "source": "device"]),
            ("NoteRecorded", ["text": "Resting."]),
            ("SideEffectObserved", ["effect": "nausea", "grade": 1, "relatedness": "probable", "action": "none"]),
            ("DoseAdjusted", ["from_rate_mg_per_h": 35, "to_rate_mg_per_h": 35, "reason": "titration", "ordered_by": "d.doctor"]),
            (
                "MedicationGiven",
                [
                    "drug": "ondansetron", "dose": 4, "unit": "mg", "route": "iv", "indication": "nausea", "ordered_by": "d.doctor",
                ]
            ),
        ]
        let events = (0..<Int.random(in: 1...6, using: &random)).map { _ -> JSON in
            let (type, data) = data.randomElement(using: &random) ?? data[0]
            return ["type": .string(type), "occurred_at": .string(clinic.at(Int64.random(in: 24...40, using: &random))), "data": data]
        }
        return [
            "command": .string(UUID().lowercase), "stream": .string("session/\(session.lowercase)"), "events": .array(events),
        ]
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func isInTheLogWholeOrNotAtAll(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        try await withDatabase { database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            var (taken, refused) = (0, 0)
            for _ in 0..<80 {
                let sent = Mutation.mutated(request(session, &random), &random)
                let before = try await database.ledger.head(of: clinic.log).size
                let answer = await record(sent, in: database)
                let after = try await clinic.events(of: database).filter { $0.position > before }
                switch answer {
                case .success(let recorded):
                    taken += 1
                    #expect(after.map(\.position) == recorded.receipts.map(\.position))
                    #expect(after.map(\.event) == recorded.receipts.map(\.event))
                    #expect(Set(after.map(\.command)).count == 1)
                    let events = try JSON.parse(sent)["events"]?.elements?.count
                    #expect(after.count == events ?? 1, "\(sent.prefix(300))")
                case .failure:
                    refused += 1
                    #expect(after.isEmpty)
                }
                // The next one who charts is served.
                try await clinic.record(clinic.vitals(session, at: 25), by: TestClinic.nurse, in: database)
            }
            #expect(taken > 0 && refused > 20, "\(taken) taken, \(refused) refused: the mutations are too tame or too wild")
            #expect(try await database.ledger.verify(clinic.log).isIntact)
        }
    }

    /// The same over HTTP, where the bytes come in: each is answered, by a client error or a receipt, never by silence.
    @Test func theServiceAnswersAndGoesOn() async throws {
        try await withService { [clinic] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            var random = SeededGenerator(seed: 11)
            for _ in 0..<60 {
                let before = try await database.ledger.head(of: clinic.log).size
                let sent = Mutation.mutated(self.request(session, &random), &random)
                let answer = try await client.post("/v1/clinics/hickory/events", Data(sent.utf8), by: TestClinic.nurse)
                let grown = try await database.ledger.head(of: clinic.log).size - before
                if answer.status == 201 {
                    #expect(try answer.json["events"]?.elements?.count == Int(grown))
                } else {
                    #expect((400..<500).contains(answer.status) && grown == 0, "\(answer.status)")
                    #expect(try answer.problem != nil)
                }
            }
            let good = clinic.vitals(session, at: 30)
            #expect(try await client.post("/v1/clinics/hickory/events", good, by: TestClinic.nurse).status == 201)
        }
    }

    private func record(_ text: String, in database: Database) async -> Result<Recorder.Recorded, any Error> {
        do {
            let request = try AppendRequest(try JSON.parse(text), form: .single)
            return .success(try await database.recorder.record(request, in: clinic.log, actor: TestClinic.nurse))
        } catch {
            if case RecordingError.ledger(let error)? = error as? RecordingError { Issue.record("the log was to blame: \(error)") }
            #expect(error is JSONError || error is ValidationError || error is RecordingError)
            return .failure(error)
        }
    }
}
