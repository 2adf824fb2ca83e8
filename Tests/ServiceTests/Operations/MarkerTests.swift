import Canonical
import Clinic
import Foundation
import Ledger
import Logging
import Postgres
import Service
import Synchronization
import TestSupport
import Testing

/// A marker stands in every field of every type of event, and must come out nowhere but in charts: not in logs, metrics, entries, tiles, or errors.
@Suite(.service) struct MarkerTests {
    private let clinic = TestClinic()
    private static let marker = "Qx7f3aMarkerZz"
    private static let author = "e.all"

    /// One example of each type at least, with each of its fields.
    private static func examples() throws -> [(type: EventType, data: JSON)] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ClinicTests/Frozen/events-v1.jsonl").path
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
            let json = try JSON.parse(String(line))
            guard let type = json["type"]?.text.flatMap(EventType.init(rawValue:)), let data = json["data"] else { return nil }
            return (type, data)
        }
    }

    /// The value with the marker in the place of each leaf, one at a time, and as the name of a member of each object.
    private static func planted(_ json: JSON) -> [JSON] {
        switch json {
        case .object(let members):
            let inside = members.flatMap { name, value in
                planted(value).map { JSON.object(members.merging([name: $0]) { $1 }) }
            }
            return inside + [.object(members.merging([marker: .string(marker)]) { $1 })]
        case .array(let elements):
            return elements.indices.flatMap { index in
                planted(elements[index]).map { value in
                    var changed = elements
                    changed[index] = value
                    return JSON.array(changed)
                }
            } + [.array(elements + [.string(marker)])]
        default: return [.string(marker)]
        }
    }

    private func request(_ type: EventType, _ data: JSON) -> JSON {
        let kind = type.streams.contains(.access) && type.streams.count == 1 ? "access" : nil
        let stream: String
        if let kind {
            stream = kind
        } else if type.streams.contains(.clinic) {
            stream = "clinic"
        } else if type.streams.contains(.patient) {
            stream = clinic.patientStream
        } else if type.streams.contains(.vial) {
            stream = "vial/\(UUID().lowercase)"
        } else {
            stream = "session/\(UUID().lowercase)"
        }
        return clinic.request(stream, type.rawValue, at: 30, data)
    }

    @Test func noFieldOfAnyEventComesOutAnywhere() async throws {
        let lines = LogLines()
        let logger = Logger(label: "test") { _ in lines.handler }
        let examples = try Self.examples()
        #expect(Set(examples.map(\.type)).count >= 50)
        var options = HTTPOptions.unhurried
        options.limits.requestTime = .seconds(20)
        try await withService(logger: logger, options: options, seals: true) { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            let path = "/v1/clinics/hickory/events"
            #expect(try await client.post(path, clinic.registration(family: Self.marker), by: TestClinic.desk).status == 201)
            // Somebody who may record everything, so that no role stops a field on its way.
            let roles = StaffRole.allCases.map { JSON.string($0.rawValue) }
            let enrolment = clinic.request(
                "clinic", "StaffEnrolled", at: 5, ["staff": .string(Self.author), "name": "Everybody", "roles": .array(roles)])
            try await clinic.record(enrolment, by: TestClinic.administrator, in: database)
            var taken = 0
            for (type, data) in examples {
                for planted in Self.planted(data) {
                    let answer = try await client.post(path, request(type, planted), by: Self.author)
                    #expect(answer.status < 500)
                    if answer.status >= 400 { try Self.searchProblem(answer) }
                    taken += answer.status == 201 ? 1 : 0
                }
            }
            #expect(taken > 10)
            try await client.waitUntilReady()
            let chart = try await client.get("/v1/clinics/hickory/patients/\(clinic.patient.lowercase)/chart")
            #expect(String(decoding: chart.body, as: UTF8.self).contains(Self.marker))
            try await Self.searchDatabase()
            try await besideTheEvents(client)
            try await failing(client, examples)
            let metrics = try await client.get("/metrics")
            #expect(!String(decoding: metrics.body, as: UTF8.self).contains(Self.marker))
        }
        let logged = lines.all
        #expect(logged.count > examples.count)
        #expect(logged.filter { $0.contains(Self.marker) } == [])
        // Nor who it is about: ids of patients stand in paths.
        #expect(logged.filter { $0.contains(clinic.patient.lowercase) } == [])
    }

    /// Entries are what the tiles publish, and what everybody may check.
    private static func searchDatabase() async throws {
        try await withSuperuser { connection in
            let like = "%\(marker)%"
            let payloads = try await connection.query("SELECT count(*) FROM dripline.events WHERE payload::text LIKE $1", [like])
            #expect(try payloads.first?.value(0, as: Int64.self) ?? 0 > 10)
            let entries = try await connection.query("SELECT count(*) FROM dripline.events WHERE entry LIKE $1", [like])
            #expect(try entries.first?.value(0, as: Int64.self) == 0)
            let stored = try await connection.query("SELECT count(*) FROM dripline.tiles")
            #expect(try stored.first?.value(0, as: Int64.self) ?? 0 > 0)
            let tiles = try await connection.query(
                "SELECT count(*) FROM dripline.tiles WHERE position($1::bytea IN hashes) > 0", [Array(marker.utf8)])
            #expect(try tiles.first?.value(0, as: Int64.self) == 0)
        }
    }

    /// What is wrong is said by its place, never by repeating it; only the name of a field that is none comes back to whoever made it up.
    private static func searchProblem(_ answer: HTTPClient.Answer) throws {
        let json = try answer.json
        let texts = [json["title"], json["detail"], json["instance"]] + (json["errors"]?.elements ?? []).map { $0["message"] }
        for text in texts.compactMap({ $0?.text }) where !text.hasSuffix("is not a known field") {
            #expect(!text.contains(marker), "\(answer.status): \(text)")
        }
    }

    /// Signatures, overrides, passwords, headers, paths and queries.
    private func besideTheEvents(_ client: HTTPClient) async throws {
        let marker = JSON.string(Self.marker)
        let signed = clinic.request(
            clinic.patientStream, "NoteRecorded", at: 31, ["text": marker],
            more: [
                "signatures": [["staff": marker, "password": marker, "meaning": "approval"]],
                "override": ["gate": "consent", "reason": marker],
            ])
        let events = "/v1/clinics/hickory/events"
        var answers = [try await client.post(events, signed, by: Self.author)]
        answers.append(try await client.post("/v1/signin", ["clinic": "hickory", "staff": marker, "password": marker], by: nil))
        answers.append(try await client.get("/v1/clinics/hickory/events", headers: ["Authorization": "Bearer \(Self.marker)"], by: nil))
        for path in ["\(events)?\(Self.marker)=\(Self.marker)", "\(events)?type=\(Self.marker)", "/v1/clinics/\(Self.marker)/events"] {
            answers.append(try await client.get(path, headers: ["X-Request-ID": Self.marker, "Dripline-Purpose": Self.marker]))
        }
        for answer in answers {
            #expect((400..<500).contains(answer.status))
            try Self.searchProblem(answer)
            #expect(!answer.headers.values.contains { $0.contains(Self.marker) })
        }
    }

    /// The same while the database refuses, and while it is away.
    private func failing(_ client: HTTPClient, _ examples: [(type: EventType, data: JSON)]) async throws {
        let path = "/v1/clinics/hickory/events"
        var statuses: Set<Int> = []
        func provoke(_ count: Int) async throws {
            for (type, data) in examples.prefix(count) {
                guard let planted = Self.planted(data).first else { continue }
                let answer = try await client.post(path, request(type, planted), by: Self.author)
                statuses.insert(answer.status)
                if answer.status >= 500 { #expect(!String(decoding: answer.body, as: UTF8.self).contains(Self.marker)) }
            }
            let read = try await client.get("/v1/clinics/hickory/patients?query=\(Self.marker)")
            statuses.insert(read.status)
            if read.status >= 500 { #expect(!String(decoding: read.body, as: UTF8.self).contains(Self.marker)) }
        }
        try await withSuperuser { try await $0.execute("REVOKE SELECT ON ALL TABLES IN SCHEMA patient_chart FROM dripline_service") }
        try await provoke(8)
        let name = TestDatabase.current.name
        let administrator = try await Connection.connect(TestDatabase.current.server.settings(database: "postgres"), logger: .silent)
        try await administrator.execute("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
        try await administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name])
        await administrator.close()
        try await provoke(1)
        #expect(statuses.contains { $0 >= 500 })
    }
}

/// What a logger was given at its finest level, as it would be written.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var handler: JSONLogHandler {
        var handler = JSONLogHandler { [self] line in lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
        handler.logLevel = .trace
        return handler
    }
}
