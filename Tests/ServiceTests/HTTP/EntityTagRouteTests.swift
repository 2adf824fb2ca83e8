import Canonical
import Foundation
import Ledger
import Service
import TestSupport
import Testing

/// `ETag` and `If-None-Match`.
@Suite(.service) struct EntityTagRouteTests {
    private let clinic = TestClinic()
    private let root = "/v1/clinics/hickory"

    @Test func whatTheClientHasIsNotSentAgain() async throws {
        try await withService { [clinic, root] client, database in
            let session = UUID()
            try await clinic.begin(session, in: database)
            let size = try await database.ledger.head(of: clinic.log).size
            try await database.waitForReadModels(of: clinic.log)
            let chart = "\(root)/patients/\(clinic.patient.lowercase)/chart"
            let paths = [
                chart, "\(chart)?position=\(size)", "\(root)/sessions/\(session.lowercase)", "\(root)/sessions", "\(root)/patients",
                "\(root)/drugs", "\(root)/outcomes", "\(root)/schedule",
            ]
            var tags: [String: String] = [:]
            for path in paths {
                let joint = path + (path.contains("?") ? "&" : "?") + "min_position=\(size)"
                let first = try await client.get(joint)
                #expect(first.status == 200, "\(path)")
                let tag = try #require(first.headers["etag"], "\(path)")
                #expect(tag.hasPrefix("W/\""))
                tags[path] = tag
                for known in [tag, "\"other\", \(tag)", String(tag.dropFirst(2)), "*"] {
                    let again = try await client.get(path, headers: ["If-None-Match": known])
                    #expect(again.status == 304 && again.body.isEmpty && again.headers["etag"] == tag, "\(path) \(known)")
                }
                #expect(try await client.get(path, headers: ["If-None-Match": "\"other\""]).status == 200)
            }
            // Something new in the session, and so in the chart; what stood at a position stays as it was.
            try await clinic.record(clinic.vitals(session, at: 30), by: TestClinic.nurse, in: database)
            for path in paths {
                let tag = try #require(tags[path])
                let waiting = path.contains("?") ? path : path + "?min_position=\(size + 1)"
                let status = try await client.get(waiting, headers: ["If-None-Match": tag]).status
                #expect(status == (path.contains("?position") ? 304 : 200), "\(path)")
            }
            // Another patient's fact changes no tag of this chart.
            let before = try await client.get(chart).headers["etag"] ?? ""
            let other = try await clinic.record(clinic.registration(UUID()), by: TestClinic.desk, in: database).receipts[0].position
            #expect(try await client.get("\(chart)?min_position=\(other)", headers: ["If-None-Match": before]).status == 304)
        }
    }
}
