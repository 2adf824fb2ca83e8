import Canonical
import Foundation
import Ledger
import Logging
import Postgres
import Service
import Synchronization
import TestSupport
import Testing

/// Everything that is logged, at the finest level.
private struct CapturingHandler: LogHandler {
    static let lines = Mutex<[String]>([])
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        Self.lines.withLock { $0.append("\(event.level) \(event.message) \(all)") }
    }
}

@Suite(.service) struct NoHealthInformationInLogsTests {
    private let clinic = TestClinic()

    @Test func noFieldOfARequestIsLogged() async throws {
        let logger = Logger(label: "test") { _ in CapturingHandler() }
        let marker = "MARKERx7f3a"
        try await withService(logger: logger) { [clinic] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let path = "/v1/clinics/hickory/events"
            let stream: JSON = .string("session/\(session.lowercase)")
            let note = clinic.request("session/\(session.lowercase)", "NoteRecorded", at: 30, ["text": .string(marker)])
            #expect(try await client.post(path, note, by: TestClinic.nurse).status == 201)
            let registration = clinic.registration(UUID(), family: marker)
            #expect(try await client.post(path, registration, by: TestClinic.desk).status == 201)
            // The same in every place where it is refused.
            let bodies: [JSON] = [
                [
                    "command": .string(marker), "stream": .string(marker), "type": .string(marker), "occurred_at": .string(marker),
                    "data": .string(marker),
                ],
                .object([marker: .string(marker)]), .string(marker),
                clinic.request("session/\(session.lowercase)", "NoteRecorded", at: 30, .object([marker: .string(marker)])),
                clinic.request(
                    "session/\(session.lowercase)", "DoseAdjusted", at: 30,
                    [
                        "from_rate_mg_per_h": 1, "to_rate_mg_per_h": 2, "reason": "other", "ordered_by": .string(marker),
                        "note": .string(marker),
                    ]),
                [
                    "command": .string(UUID().lowercase), "stream": stream, "events": [.string(marker)],
                    "override": ["gate": .string(marker), "reason": .string(marker)],
                ],
            ]
            for body in bodies {
                let answer = try await client.post(path, body, by: TestClinic.nurse)
                #expect(answer.status == 422 || answer.status == 409 || answer.status == 403)
            }
            _ = try await client.post(path, Data("\(marker){".utf8), by: TestClinic.nurse)
            _ = try await client.get("/v1/clinics/hickory/patients?query=\(marker)")
            _ = try await client.get("/v1/clinics/hickory/patients/\(marker)/chart?at=\(marker)")
            _ = try await client.get("/v1/clinics/hickory/compliance?rule=\(marker)")
            let lines = CapturingHandler.lines.withLock { $0 }
            #expect(lines.filter { $0.contains(marker) } == [])
        }
    }
}
