import Canonical
import Clinic
import Foundation
import Ledger
import TestSupport
import Testing

@testable import Service

/// `/openapi.json` against the code: routes, problem types, and what is really answered.
@Suite(.service) struct DescriptionTests {
    private let clinic = TestClinic()
    private let root = "/v1/clinics/hickory"
    /// Of the seeds: compliance, which reads all there is.
    private static let officer = "v.heather"

    @Test func everyRouteIsDescribedAndNothingElse() async throws {
        try await withDatabase { database in
            let routes = Set(HTTPService.routes(over: database).filter { !$0.hasPrefix("HEAD ") })
            let described = Set(API.operations.map(\.route))
            #expect(routes.subtracting(described).sorted() == [], "these routes are not in API.operations")
            #expect(described.subtracting(routes).sorted() == [], "these operations have no route")
            #expect(Set(API.operations.map(\.id)).count == API.operations.count)
        }
    }

    /// Every code that stands in the sources beside a problem is in the catalogue.
    @Test func everyProblemTypeIsListed() throws {
        var found: Set<String> = []
        for file in try Self.sources() {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            for match in text.matches(of: /(?:ProblemResponse\(\s*|self\.init\()\.[a-zA-Z]+,\s*"([a-z0-9-]+)"/) {
                found.insert(String(match.1))
            }
            guard file.hasSuffix("RecordingError.swift") else { continue }
            for match in text.matches(of: /case \.[a-zA-Z(.)]+: "([a-z-]+)"/) { found.insert(String(match.1)) }
        }
        #expect(found.count > 20)
        #expect(found.subtracting(ProblemTypes.all).sorted() == [], "these codes are not in ProblemTypes")
    }

    private static func sources() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Service").path
        let files = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".swift") }
        return files.map { root + "/" + $0 }
    }

    /// The seeds, through every path: what comes back is what the schemas say. And each type's data, as frozen files and seeds have it.
    @Test func answersAreWhatTheSchemasSay() async throws {
        try await withService(seals: true) { [root] client, database in
            try await Self.importSeeds(into: database)
            let head = try await database.ledger.head(of: TestClinic().log).size
            let document = try await client.get("/openapi.json")
            #expect(document.status == 200 && document.contentType == "application/json")
            #expect(try await database.ledger.waitForCheckpoint(of: TestClinic().log, covering: head, limit: .seconds(60)))
            try await client.waitUntilReady()
            var samples: [(name: String, pointer: String, value: JSON)] = []
            var seen: Set<String> = []
            for (id, path, headers) in try await Self.requests(client, root, head) {
                let operation = try #require(API.operations.first(where: { $0.id == id }))
                let answer = try await client.get(path, headers: headers, by: Self.officer)
                let media = String((answer.contentType ?? "").prefix { $0 != ";" })
                let status = try #require(operation.answers.first(where: { $0.status == answer.status }), "\(id) \(path): \(answer.status)")
                #expect(status.content.isEmpty || status.content[media] != nil, "\(id) answers \(media)")
                seen.insert(id)
                guard media.hasSuffix("json"), media != "application/x-ndjson" else { continue }
                let place = Self.pointer(operation, answer.status, media)
                samples.append((path, place, try answer.json))
            }
            // `live` never ends; `append`, `latestAudit` and accounts have tests of their own.
            let mine = API.operations.filter { $0.group != .accounts }.map(\.id)
            #expect(Set(mine).subtracting(seen) == ["append", "live", "latestAudit"])
            samples += try await Self.problems(client, root)
            for log in [LogName.Kind.record, .access] {
                for event in try await database.ledger.events(of: TestClinic().log.with(log), EventQuery(limit: EventQuery.maximumLimit)) {
                    let data = try JSON.parse(event.payload ?? "{}")
                    samples.append(("data of \(event.type) at \(event.position)", "/components/schemas/\(event.type)Data", data))
                }
            }
            let problems = try DescriptionChecker().problems(in: document.body, samples)
            #expect(problems.isEmpty, "\(problems.prefix(30).joined(separator: "\n"))")
        }
    }

    private static func pointer(_ operation: APIOperation, _ status: Int, _ media: String) -> String {
        let path = operation.path.replacing("~", with: "~0").replacing("/", with: "~1").replacing("{", with: "%7B").replacing(
            "}", with: "%7D")
        let type = media.replacing("/", with: "~1")
        let method = "\(operation.method)".lowercased()
        return "/paths/\(path)/\(method)/responses/\(status)/content/\(type)/schema"
    }

    private static func importSeeds(into database: Database) async throws {
        let seeds = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "seeds").path
        let files = try FileManager.default.contentsOfDirectory(atPath: seeds).filter { $0.hasSuffix(".jsonl") }.sorted()
        let report = try await Importer(database.recorder).run(files.map { seeds + "/" + $0 })
        #expect(report.refused.isEmpty)
    }

    /// One request or more for each operation.
    private static func requests(_ client: HTTPClient, _ root: String, _ head: Int64) async throws -> [(String, String, [String: String])] {
        let wait = "min_position=\(head)"
        func first(_ path: String, _ list: String, _ member: String) async throws -> String {
            let json = try await client.get("\(root)/\(path)\(path.contains("?") ? "&" : "?")\(wait)", by: officer).json
            return try #require(json[list]?.asArray.first?[member]?.asString)
        }
        let patient = try await first("patients?query=HK-01146", "patients", "patient")
        let session = try await first("sessions?state=discharged&patient=\(patient)", "sessions", "session")
        let vial = try await first("drugs", "drugs", "vial")
        var requests: [(String, String, [String: String])] = [
            ("healthz", "/healthz", [:]), ("readyz", "/readyz", [:]), ("readyPart", "/readyz/database", [:]), ("metrics", "/metrics", [:]),
            ("description", "/openapi.json", [:]), ("event", "\(root)/events/1", [:]),
            ("chartDiff", "\(root)/patients/\(patient)/chart/diff?from=10&to=\(head)", [:]), ("rules", "\(root)/rules", [:]),
            ("reports", "\(root)/reports", [:]), ("audits", "\(root)/audits", [:]), ("audit", "\(root)/audits/300", ["Prefer": "wait=25"]),
            ("checkpoint", "\(root)/log/record/checkpoint", [:]), ("proof", "\(root)/log/record/proof?position=7", [:]),
            ("consistency", "\(root)/log/record/consistency?from=3&to=\(head)", [:]), ("tile", "\(root)/log/record/tile/0/000", [:]),
            ("events", "\(root)/events?log=access", [:]), ("events", "\(root)/events", ["Accept": "application/x-ndjson"]),
            ("patientOutcomes", "\(root)/patients/\(patient)/outcomes", [:]),
        ]
        for (id, path) in [
            ("events", "events?limit=1000"), ("events", "events?after=1000&limit=1000"), ("patients", "patients?limit=200"),
            ("patients", "patients?limit=3&position=\(head)"), ("chart", "patients/\(patient)/chart"),
            ("chart", "patients/\(patient)/chart?position=\(head)"), ("sessions", "sessions?limit=200"),
            ("sessions", "sessions?limit=2&position=\(head)"), ("session", "sessions/\(session)"),
            ("compliance", "compliance?limit=1000"), ("compliance", "compliance?limit=50&position=\(head)"),
            ("compliance", "compliance?rule=A1"),
            ("drugs", "drugs"), ("drug", "drugs/\(vial)"), ("outcomes", "outcomes"), ("schedule", "schedule"), ("access", "access"),
            ("patientAccess", "patients/\(patient)/access"), ("breakGlass", "break-glass"), ("report", "reports/patients"),
            ("report", "reports/side_effects?format=csv"),
        ] { requests.append((id, "\(root)/\(path)", [:])) }
        return requests
    }

    private static func problems(_ client: HTTPClient, _ root: String) async throws -> [(name: String, pointer: String, value: JSON)] {
        let problem = "/components/schemas/Problem"
        var samples: [(name: String, pointer: String, value: JSON)] = []
        for path in ["/events?limit=0", "/patients/x/chart", "/reports/none", "/nothing", "/log/record/proof?position=99999999"] {
            let answer = try await client.get(root + path, by: officer)
            #expect(answer.status >= 400 && answer.contentType == "application/problem+json", "\(path)")
            samples.append((path, problem, try answer.json))
        }
        let refused = try await client.post("\(root)/events", ["command": 1, "nonsense": true], by: officer)
        samples.append(("refused", problem, try refused.json))
        return samples
    }
}
