import Canonical
import Foundation
import Ledger
import Projections
import Service
import TestSupport
import Testing

/// Answers that are written while they are read, and those that are compressed.
@Suite(.service) struct StreamedRouteTests {
    private let clinic = TestClinic()
    private let root = "/v1/clinics/hickory"

    private func fill(_ database: Database, vitals: Int) async throws -> UUID {
        let session = UUID()
        try await clinic.begin(session, in: database)
        for _ in 0..<(vitals / 250) {
            let events = (0..<250).map { _ in
                [
                    "type": "VitalsRecorded", "occurred_at": .string(clinic.at(30)),
                    "data": ["phase": "infusion", "heart_rate": 80, "source": "device"],
                ] as JSON
            }
            let request: JSON = [
                "command": .string(UUID().lowercase), "stream": .string("session/\(session.lowercase)"), "events": .array(events),
            ]
            try await clinic.record(request, by: TestClinic.nurse, in: database)
        }
        return session
    }

    @Test func eventsComeAsLines() async throws {
        try await withService { [clinic, root] client, database in
            let session = try await fill(database, vitals: 1000)
            let size = try await database.ledger.head(of: clinic.log).size
            func lines(_ query: String) async throws -> [JSON] {
                let answer = try await client.get("\(root)/events\(query)", headers: ["Accept": "application/x-ndjson"])
                #expect(answer.status == 200 && answer.contentType == "application/x-ndjson")
                return try String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map { try JSON.parse(String($0)) }
            }
            let all = try await lines("")
            #expect(all.map { $0["position"]?.asInt } == (1...size).map { $0 })
            let stored = try await clinic.events(of: database).map(\.json)
            #expect(all == stored)
            #expect(try await lines("?after=10&limit=450").map { $0["position"]?.asInt } == (11...460).map { $0 })
            #expect(try await lines("?position=7").count == 7)
            let stream = "session/\(session.lowercase)"
            #expect(try await lines("?stream=\(stream)&type=VitalsRecorded").count == 1000)
            #expect(try await lines("?after=\(size)").isEmpty)
            let page = try await client.get("\(root)/events", headers: ["Accept": "application/x-ndjson;q=0.1, application/json"])
            #expect(page.contentType == "application/json")
        }
    }

    @Test func reportsComeWhole() async throws {
        try await withService { [clinic, root] client, database in
            _ = try await fill(database, vitals: 500)
            let size = try await database.ledger.head(of: clinic.log).size
            try await database.waitForReadModels(of: clinic.log)
            let csv = try await client.get("\(root)/reports/vitals?format=csv&min_position=\(size)")
            #expect(csv.status == 200 && csv.contentType?.hasPrefix("text/csv") == true)
            #expect(csv.headers["content-disposition"] == "attachment; filename=\"hickory-vitals.csv\"")
            let lines = String(decoding: csv.body, as: UTF8.self).components(separatedBy: "\r\n")
            #expect(lines.count == 502 && lines[0].hasPrefix("clinic,") && lines.last == "")
            let ndjson = try await client.get("\(root)/reports/vitals", headers: ["Accept": "application/x-ndjson"])
            let rows = try String(decoding: ndjson.body, as: UTF8.self).split(separator: "\n").map { try JSON.parse(String($0)) }
            let page = try await client.get("\(root)/reports/vitals?limit=1000")
            #expect(rows.count == 500)
            #expect(try Set(page.json["rows"]?.asArray ?? []) == Set(rows))
            #expect(try await client.get("\(root)/reports/vitals?to=2001-01-01").json["rows"] == [])
            for (path, status, slug) in [
                ("reports/nothing", 404, "unknown-report"), ("reports/nothing?format=csv", 404, "unknown-report"),
                ("reports/drug_vials?format=xml", 400, "invalid-parameter"),
                ("reports/vitals?from=x", 400, "invalid-parameter"),
                ("reports/vitals?from=2026-02-01&to=2026-01-01", 400, "invalid-parameter"),
                ("reports/vitals?format=csv&limit=3", 400, "invalid-parameter"),
            ] {
                let answer = try await client.get("\(root)/\(path)")
                #expect(answer.status == status, "\(path)")
                #expect(try answer.problem == slug, "\(path)")
            }
            let list = try await client.get("\(root)/reports").json["reports"]?.asArray ?? []
            #expect(list.contains { $0["name"] == "drug_vials" } && list.allSatisfy { $0["columns"]?.asArray.isEmpty == false })
        }
    }

    /// Read from a bare socket: an HTTP library would unpack it on the way.
    @Test func largeAnswersAreCompressedForWhoTakesIt() async throws {
        try await withService { [root] client, database in
            _ = try await fill(database, vitals: 250)
            let token = try await client.tokens.token(of: TestClinic.administrator, at: client.clinic)
            func raw(_ path: String, _ header: String) async throws -> (head: String, body: Data) {
                let socket = try PlainSocket(port: client.port)
                try socket.send(
                    "GET \(root)\(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\(header)Connection: close\r\n\r\n"
                )
                let answer = try await socket.read()
                let gap = try #require(answer.range(of: Data("\r\n\r\n".utf8)))
                return (String(decoding: answer[..<gap.lowerBound], as: UTF8.self).lowercased(), answer[gap.upperBound...])
            }
            let plain = try await raw("/events?limit=1000", "")
            #expect(!plain.head.contains("content-encoding") && plain.head.contains("vary: accept-encoding"))
            for accept in ["gzip", "br;q=1, gzip;q=0.5", "*"] {
                let packed = try await raw("/events?limit=1000", "Accept-Encoding: \(accept)\r\n")
                #expect(packed.head.contains("content-encoding: gzip") && packed.head.contains("transfer-encoding: chunked"))
                #expect(packed.body.count < plain.body.count / 3)
            }
            for accept in ["br", "gzip;q=0", "identity"] {
                #expect(try await !raw("/events?limit=1000", "Accept-Encoding: \(accept)\r\n").head.contains("content-encoding"))
            }
            // Small, or not to be read by whoever wrote a part of it.
            #expect(try await !raw("/events?limit=1", "Accept-Encoding: gzip\r\n").head.contains("content-encoding"))
            // An HTTP library asks for gzip and unpacks it.
            let whole = try await client.get("\(root)/events?limit=1000").json
            #expect(try whole == JSON.parse(plain.body))
        }
    }

    @Test func anAuditIsMadeOnceAndTellsTheSame() async throws {
        try await withService(seals: true) { [clinic, root] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let size = try await database.ledger.head(of: clinic.log).size
            #expect(try await database.ledger.waitForCheckpoint(of: clinic.log, covering: size, limit: .seconds(60)))
            let audits = try await client.get("\(root)/audits").json["audits"]?.asArray ?? []
            let first = try #require(audits.first)
            #expect(first["position"]?.asInt == size && first["root"]?.asString?.count == 44)
            let address = try #require(first["url"]?.asString)
            func report(_ path: String, _ headers: [String: String] = [:]) async throws -> HTTPClient.Answer {
                while true {
                    let answer = try await client.get(path, headers: headers.merging(["Prefer": "wait=25"]) { $1 })
                    if answer.status != 202 { return answer }
                }
            }
            let json = try await report(address)
            #expect(json.status == 200 && json.contentType == "application/json")
            #expect(try json.json["scope"]?["position"]?.asInt == size)
            let latest = try await report("\(root)/audits/latest").json
            #expect(latest["scope"]?["position"]?.asInt == size)
            let markdown = try await report(address, ["Accept": "text/markdown"])
            let named = try await report("\(address)?format=markdown")
            #expect(markdown.contentType == "text/markdown; charset=utf-8" && markdown.body == named.body)
            let bounds = LogBounds(record: size, access: 0)
            let own = try await database.ledger.withSnapshot(of: "hickory") {
                try await Audit.run($0, scope: AuditScope(clinic: "hickory", bounds: bounds))
            }
            var (text, document) = ("", "")
            own.writeMarkdown(to: &text)
            own.writeJSON(to: &document)
            #expect(String(decoding: markdown.body, as: UTF8.self) == text && String(decoding: json.body, as: UTF8.self) == document)
            let tag = try #require(json.headers["etag"])
            #expect(try await report(address, ["If-None-Match": tag]).status == 304)
            for (path, status, slug) in [
                ("audits/\(size + 1)", 404, "unknown-position"), ("audits/x", 404, "not-found"), ("audits/0", 404, "not-found"),
                ("audits/1?from=2026-02-01&to=2026-01-01", 400, "invalid-parameter"), ("audits/1?format=pdf", 400, "invalid-parameter"),
                ("audits/1?access_position=99", 400, "invalid-parameter"),
            ] {
                let answer = try await client.get("\(root)/\(path)")
                #expect(answer.status == status, "\(path)")
                #expect(try answer.problem == slug, "\(path)")
            }
        }
    }
}
