import Canonical
import Clinic
import Foundation
import FoundationNetworking
import Ledger
import Service
import TestSupport
import Testing

@Suite(.service) struct LiveRouteTests {
    private let clinic = TestClinic()
    private let path = "/v1/clinics/hickory/events/live"

    @Test func newEventsComeAsTheyAreRecorded() async throws {
        try await withService { [clinic, path] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let size = try await database.ledger.head(of: clinic.log).size
            let (stream, task) = EventStream.open(try await client.request(path, headers: [:]))
            try await stream.wait("the beginning") { $0.text.contains("after \(size)") }
            #expect(stream.response?.status == 200 && stream.response?.contentType == "text/event-stream")
            for minute in Int64(30)...32 { try await clinic.record(clinic.vitals(session, at: minute), by: TestClinic.nurse, in: database) }
            // Another process writes too.
            try await withDatabase { other in try await clinic.record(clinic.stop(session, at: 33), by: TestClinic.nurse, in: other) }
            try await stream.wait("four events") { $0.data.count == 4 }
            #expect(stream.ids == Array(size + 1...size + 4))
            #expect(stream.types == ["VitalsRecorded", "VitalsRecorded", "VitalsRecorded", "InfusionStopped"])
            let stored = try await clinic.events(of: database).suffix(4).map(\.json.canonical)
            #expect(stream.data == Array(stored))
            task.cancel()
        }
    }

    @Test func aClientGoesOnWhereItWasCutOff() async throws {
        try await withService { [clinic, path] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let size = try await database.ledger.head(of: clinic.log).size
            let (stream, task) = EventStream.open(try await client.request(path + "?after=1", headers: ["Last-Event-ID": "4"]))
            try await stream.wait("all after the fourth") { $0.ids.last == size }
            #expect(stream.ids == Array(5...size))
            task.cancel()
            let (filtered, other) = EventStream.open(try await client.request(path + "?after=0&type=StaffEnrolled", headers: [:]))
            try await clinic.record(clinic.vitals(session, at: 30), by: TestClinic.nurse, in: database)
            let staff = clinic.request(
                "clinic", "StaffEnrolled", at: 40, ["staff": "new.nurse", "name": "New", "roles": ["nurse"]])
            try await clinic.record(staff, by: TestClinic.administrator, in: database)
            try await filtered.wait("the new member of staff") { $0.ids.last == size + 2 }
            #expect(filtered.ids == [1, 2, 3, 4, size + 2])
            other.cancel()
            let bad = try await client.get(path, headers: ["Last-Event-ID": "x"])
            #expect(bad.status == 400)
            #expect(try bad.problem == "invalid-parameter")
        }
    }

    /// Whatever ends what it was opened by: the token, the account, the role. Idle or not.
    @Test(arguments: ["token", "account", "role"], [true, false])
    func aStreamEndsWithWhatOpenedIt(_ ending: String, _ isIdle: Bool) async throws {
        var options = HTTPOptions.unhurried
        options.heartbeat = .milliseconds(isIdle ? 50 : 600_000)
        try await withService(options: options) { [clinic, path] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let staff = TestClinic.administrator
            let token = try await database.accounts.newToken(
                clinic: clinic.name, staff: staff, roles: [.compliance], name: "wall", lifetime: .seconds(3600))
            let (stream, task) = EventStream.open(
                try await client.request(path, headers: ["Authorization": "Bearer \(token.text)"], by: nil))
            defer { task.cancel() }
            try await stream.wait("the beginning") { $0.text.contains("following") }
            try await clinic.record(clinic.vitals(session, at: 40), by: TestClinic.nurse, in: database)
            try await stream.wait("an event") { $0.ids.count == 1 }
            switch ending {
            case "token": #expect(try await database.accounts.revokeToken(token.token.id))
            case "account": try await database.accounts.setDisabled(true, clinic: clinic.name, staff: staff)
            default:
                let fewer = clinic.request(
                    "clinic", "StaffEnrolled", at: 41, ["staff": .string(staff), "name": "Administrator", "roles": ["administrator"]])
                try await clinic.record(fewer, by: staff, in: database)
            }
            if !isIdle { try await clinic.record(clinic.vitals(session, at: 42), by: TestClinic.nurse, in: database) }
            try await stream.waitForEnd()
            #expect(stream.ids.count == 1)
        }
    }

    @Test func anOpenStreamDoesNotKeepTheServiceFromStopping() async throws {
        let opened = Opened()
        try await withService { [clinic, path] client, database in
            try await clinic.record(clinic.founding, in: database)
            let (stream, _) = EventStream.open(try await client.request(path, headers: [:]))
            try await stream.wait("the beginning") { $0.text.contains("following") }
            opened.keep(stream)
        }
        try await opened.stream?.waitForEnd()
    }

    @Test func nothingNewIsSaidNowAndThen() async throws {
        var options = HTTPOptions()
        options.heartbeat = .milliseconds(50)
        try await withService(options: options) { [clinic, path] client, database in
            try await clinic.record(clinic.founding, in: database)
            let (stream, task) = EventStream.open(try await client.request(path, headers: [:]))
            try await stream.wait("three signs of life") { $0.text.components(separatedBy: ": still here").count > 3 }
            #expect(stream.text.hasPrefix("retry: ") && stream.ids.isEmpty)
            task.cancel()
        }
    }

    /// Megabytes of notes for a client that reads nothing: it is cut off, and what it has not got it gets when it comes back.
    @Test func aClientThatDoesNotReadIsCutOffAndGoesOn() async throws {
        var options = HTTPOptions()
        options.limits.writeTime = .milliseconds(500)
        try await withService(options: options) { [clinic, path] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let text = JSON.string(String(repeating: "note ", count: 799))
            for _ in 0..<3 {
                let notes = (0..<500).map { _ in
                    ["type": "NoteRecorded", "occurred_at": .string(clinic.at(30)), "data": ["text": text]] as JSON
                }
                let request: JSON = [
                    "command": .string(UUID().lowercase), "stream": .string("session/\(session.lowercase)"), "events": .array(notes),
                ]
                try await clinic.record(request, by: TestClinic.nurse, in: database)
            }
            let size = try await database.ledger.head(of: clinic.log).size
            let socket = try PlainSocket(port: client.port, receiveBuffer: 4096)
            let token = try await client.tokens.token(of: TestClinic.administrator, at: client.clinic)
            try socket.send("GET \(path)?after=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n")
            let got = String(decoding: try await socket.read { $0.count > 2048 }, as: UTF8.self)
            // From here on nothing is read, until the service has given up.
            while true {
                let metrics = String(decoding: try await client.get("/metrics").body, as: UTF8.self)
                if metrics.contains("connections_cut_total{reason=\"write\"} 1") { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            let ids = got.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("id: ") }.compactMap {
                Int64($0.dropFirst(4).filter(\.isNumber))
            }
            let last = try #require(ids.dropLast().last)
            #expect(last < size && ids.dropLast() == Array(1...last)[...])
            let (stream, task) = EventStream.open(try await client.request(path, headers: ["Last-Event-ID": "\(last)"]))
            try await stream.wait("what comes next") { $0.ids.count > 2 }
            task.cancel()
            #expect(stream.ids.prefix(3) == [last + 1, last + 2, last + 3])
        }
    }
}
