import Canonical
import Foundation
import Ledger
import Postgres
import Service
import TestSupport
import Testing

/// What has no room is refused at once and in words; what was begun is brought to its end.
@Suite(.service) struct BackPressureTests {
    private let clinic = TestClinic()
    private static let events = "/v1/clinics/hickory/events"

    /// An append that waits for the log.
    private func append(_ client: HTTPClient) async throws -> RawConnection {
        let body = clinic.registration(UUID()).canonical
        let token = try await client.tokens.token(of: TestClinic.desk, at: clinic.name)
        let connection = try await RawConnection.open(port: client.port)
        await connection.send(
            "POST \(Self.events) HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return connection
    }

    @Test func whatHasNoRoomIsRefusedAtOnce() async throws {
        var options = HTTPOptions()
        options.limits.requests = 2
        try await withService(options: options) { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            let held = try await HeldLog(clinic.log)
            let waiting = [try await append(client), try await append(client)]
            try await held.waitForWaiting()
            var refusal = try await client.get("/healthz")
            while refusal.status == 200 { refusal = try await client.get("/healthz") }
            #expect(refusal.status == 503)
            #expect(try refusal.problem == "overloaded")
            #expect(refusal.headers["retry-after"] == "1")
            try await held.release()
            for connection in waiting { #expect(try await connection.answer().httpStatus == 201) }
            #expect(try await client.get("/healthz").status == 200)
        }
    }

    @Test func bodiesTogetherAreBounded() async throws {
        var options = HTTPOptions()
        options.limits.bodyBytesInFlight = 5000
        try await withService(options: options) { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            let long = Data(String(repeating: " ", count: 6000).utf8)
            let refusal = try await client.post(Self.events, long, by: TestClinic.desk)
            #expect(refusal.status == 503)
            #expect(try refusal.problem == "overloaded")
            #expect(try await client.post(Self.events, clinic.registration(UUID()), by: TestClinic.desk).status == 201)
        }
    }

    @Test func aRequestThatTakesTooLongIsGivenUpAndItsCommandMayBeSentAgain() async throws {
        var options = HTTPOptions()
        options.limits.requestTime = .seconds(1)
        try await withService(options: options) { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            let held = try await HeldLog(clinic.log)
            let request = clinic.registration(UUID())
            let answer = try await client.post(Self.events, request, by: TestClinic.desk)
            #expect(answer.status == 503)
            #expect(try answer.problem == "timed-out")
            #expect(answer.headers["retry-after"] == "1")
            try await held.release()
            // It was written all the same, or is now: once.
            var again = try await client.post(Self.events, request, by: TestClinic.desk)
            while again.status == 503 { again = try await client.post(Self.events, request, by: TestClinic.desk) }
            #expect([200, 201].contains(again.status))
            #expect(try await database.ledger.head(of: clinic.log).size == Int64(clinic.founding.count) + 1)
        }
    }

    /// What is under way gets its answer, and the connection is closed with it; nobody new is let in.
    @Test func aStopFinishesWhatIsUnderWayAndLetsNobodyIn() async throws {
        try await withStoppableService { [clinic] client, database, stop in
            try await clinic.record(clinic.founding, in: database)
            let held = try await HeldLog(clinic.log)
            let idle = try await RawConnection.open(port: client.port)
            await idle.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await idle.answer().httpStatus == 200)
            let waiting = try await append(client)
            try await held.waitForWaiting()
            await stop()
            // The idle connection is closed, and the port lets nobody in.
            #expect(try await idle.rest().httpAnswers == 1)
            var isOpen = true
            while isOpen {
                let new = try? await RawConnection.open(port: client.port)
                isOpen = new != nil
                await new?.close()
            }
            try await held.release()
            let answer = try await waiting.rest()
            #expect(answer.httpStatus == 201)
            #expect(answer.lowercased().contains("connection: close"))
        }
    }
}
