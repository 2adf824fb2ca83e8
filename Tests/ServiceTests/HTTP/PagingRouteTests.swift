import Canonical
import Foundation
import Ledger
import Service
import TestSupport
import Testing

/// Lists page by page: all of it, each once, whatever is recorded meanwhile.
@Suite(.service) struct PagingRouteTests {
    private let clinic = TestClinic()
    private let root = "/v1/clinics/hickory"

    /// Every page of a list; `between` runs after each.
    private static func pages(
        _ client: HTTPClient, _ path: String, _ name: String, limit: Int, between: () async throws -> Void = {}
    ) async throws -> [[JSON]] {
        var (pages, next) = ([[JSON]](), String?.none)
        repeat {
            let cursor = next.map { "&cursor=\($0)" } ?? ""
            let answer = try await client.get("\(path)\(path.contains("?") ? "&" : "?")limit=\(limit)\(cursor)")
            try #require(answer.status == 200, "\(path): \(String(decoding: answer.body, as: UTF8.self))")
            let json = try answer.json
            pages.append(json[name]?.asArray ?? [])
            next = json["next"]?.asString
            try await between()
        } while next != nil
        return pages
    }

    private func people(_ families: [String], _ database: Database) async throws {
        for family in families {
            try await clinic.record(clinic.registration(UUID(), family: family), by: TestClinic.desk, in: database)
        }
    }

    @Test func patientsComeInPages() async throws {
        try await withService { [clinic, root] client, database in
            try await clinic.record(clinic.founding, in: database)
            try await people(["Elm", "Ash", "Birch", "Ash", "Fir", "Äsp", "Cedar"], database)
            let size = try await database.ledger.head(of: clinic.log).size
            try await database.waitForReadModels(of: clinic.log)
            let path = "\(root)/patients?min_position=\(size)"
            let whole = try await client.get(path).json["patients"]?.asArray ?? []
            #expect(whole.count == 7)
            for limit in [1, 2, 3, 7] {
                let pages = try await Self.pages(client, path, "patients", limit: limit)
                #expect(pages.flatMap(\.self) == whole && pages.count == (7 + limit - 1) / limit)
                let then = try await Self.pages(client, path + "&position=\(size)", "patients", limit: limit).flatMap(\.self)
                #expect(Set(then) == Set(whole) && then.count == 7)
            }
            // Somebody comes before the place that was reached, somebody after.
            let during = try await Self.pages(client, path, "patients", limit: 3) { try await people(["Aaa", "Zzz"], database) }
            let seen = during.flatMap(\.self)
            #expect(Set(seen).count == seen.count && Set(seen).isSuperset(of: whole))
        }
    }

    @Test func sessionsAndVerdictsComeInPages() async throws {
        try await withService { [clinic, root] client, database in
            try await clinic.begin(UUID(), UUID(), in: database)
            for hour in Int64(1)...4 {
                let booking = clinic.request(
                    "session/\(UUID().lowercase)", "SessionBooked", at: 30,
                    [
                        "patient": .string(clinic.patient.lowercase), "number": 2, "scheduled_at": .string(clinic.at(90_000 + hour / 2)),
                        "duration_min": 90,
                    ])
                try await clinic.record(booking, by: TestClinic.desk, in: database)
            }
            let size = try await database.ledger.head(of: clinic.log).size
            try await database.waitForReadModels(of: clinic.log)
            // Reading verdicts is an access, which is judged in its turn: so it is left out here.
            for (list, name) in [
                ("sessions?min_position=\(size)", "sessions"), ("sessions?position=\(size)", "sessions"),
                ("compliance?min_position=\(size)&rule=A3", "verdicts"), ("compliance?position=\(size)&access_position=0", "verdicts"),
            ] {
                let path = "\(root)/\(list)"
                let whole = try await Self.pages(client, path, name, limit: 200).flatMap(\.self)
                #expect(whole.count >= 6)
                for limit in [1, 4] {
                    let pages = try await Self.pages(client, path, name, limit: limit)
                    #expect(pages.flatMap(\.self) == whole && pages.dropLast().allSatisfy { $0.count == limit })
                }
            }
        }
    }

    @Test func reportsAndEventsComeInPages() async throws {
        try await withService { [clinic, root] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            for minute in Int64(23)...29 {
                try await clinic.record(clinic.vitals(session, at: minute / 2 + 20), by: TestClinic.nurse, in: database)
            }
            let size = try await database.ledger.head(of: clinic.log).size
            try await database.waitForReadModels(of: clinic.log)
            for (path, name) in [("events", "events"), ("reports/vitals?min_position=\(size)", "rows"), ("reports/verdicts", "rows")] {
                let whole = try await Self.pages(client, "\(root)/\(path)", name, limit: 1000).flatMap(\.self)
                #expect(whole.count >= 7)
                for limit in [1, 3] {
                    #expect(try await Self.pages(client, "\(root)/\(path)", name, limit: limit).flatMap(\.self) == whole)
                }
            }
        }
    }

    @Test func aCursorOfAnotherListIsRefused() async throws {
        try await withService { [clinic, root] client, database in
            try await clinic.record(clinic.founding, in: database)
            try await people(["Ash", "Birch"], database)
            let size = try await database.ledger.head(of: clinic.log).size
            try await database.waitForReadModels(of: clinic.log)
            let next = try await client.get("\(root)/patients?limit=1&min_position=\(size)").json["next"]?.asString ?? ""
            func encoded(_ text: String) -> String {
                Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            }
            let bad = [
                ("sessions", next), ("patients", "x"), ("patients", String(next.dropLast(3))), ("events", next), ("compliance", next),
                ("reports/vitals", next), ("patients", encoded(#"["patients",["\u0000",[],"\#(UUID().lowercase)"]]"#)),
                ("patients", encoded(#"["patients",[1,[],"\#(UUID().lowercase)"]]"#)), ("sessions", encoded(#"["sessions",["x","y"]]"#)),
                ("reports/verdicts", encoded(#"["rows",[1,2]]"#)),
                ("reports/drug_months", encoded(#"["rows",["\u0000",1,1,1,1,1,1,1,1,1,1,1,1,1,1]]"#)),
                ("compliance", encoded(#"["verdicts",[null,"clinic","Z9"]]"#)), ("events", encoded(#"["events",1.5]"#)),
            ]
            for (path, cursor) in bad {
                let answer = try await client.get("\(root)/\(path)?cursor=\(cursor)")
                #expect(answer.status == 400, "\(path) \(cursor)")
                #expect(try answer.problem == "invalid-parameter" && answer.pointers == ["?cursor"], "\(path) \(cursor)")
            }
        }
    }

    @Test func anUnknownParameterIsRefused() async throws {
        try await withService { [clinic, root] client, database in
            try await clinic.record(clinic.founding, in: database)
            for path in ["/patients?known-at=2026-11-22T15:30:00Z", "/events?Limit=1", "/rules?x=1", "/events?limit=1&limit=2"] {
                let answer = try await client.get(root + path)
                #expect(answer.status == 400, "\(path)")
                #expect(try answer.problem == "invalid-parameter", "\(path)")
            }
            let wrong = try await client.send("DELETE", "\(root)/events")
            #expect(wrong.status == 405 && wrong.headers["allow"] == "GET, POST")
            #expect(try wrong.problem == "method-not-allowed")
        }
    }
}
