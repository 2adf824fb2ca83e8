import Canonical
import Foundation
import Ledger
import Service
import Testing

@Suite(.service) struct MetricsRouteTests {
    private let clinic = TestClinic()

    private func metrics(_ client: HTTPClient) async throws -> [String: Double] {
        let answer = try await client.get("/metrics")
        #expect(answer.status == 200)
        #expect(answer.contentType == "text/plain; version=0.0.4; charset=utf-8")
        var found: [String: Double] = [:]
        for line in String(decoding: answer.body, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            let space = try #require(line.lastIndex(of: " "))
            found[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return found
    }

    @Test func whatHappensIsMeasured() async throws {
        try await withService { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            try await client.waitUntilReady()
            let path = "/v1/clinics/hickory/events"
            for _ in 0..<3 { #expect(try await client.post(path, clinic.registration(UUID()), by: TestClinic.desk).status == 201) }
            #expect(try await client.post(path, [:], by: TestClinic.nurse).status == 422)
            #expect(try await client.get("/nowhere").status == 404)
            // A busy database may not answer a reading in time; the gauges say so, and the next one tells. A connection is there already.
            _ = try await database.ledger.heads()
            var found = try await metrics(client)
            let deadline = ContinuousClock.now + .seconds(120)
            while found["dripline_database_up"] != 1, ContinuousClock.now < deadline {
                _ = try await database.ledger.heads()
                found = try await metrics(client)
            }
            #expect(found["dripline_append_seconds_count"] ?? 0 >= 3)
            #expect(found["dripline_batch_events_count"] ?? 0 >= 1)
            #expect(found["dripline_batch_commands_sum"] ?? 0 >= 3)
            #expect(found["dripline_append_queue_commands"] == 0)
            let route = "/v1/clinics/{clinic}/events"
            #expect(found["dripline_http_requests_total{route=\"\(route)\",method=\"POST\",status=\"201\"}"] == 3)
            #expect(found["dripline_http_requests_total{route=\"\(route)\",method=\"POST\",status=\"422\"}"] == 1)
            #expect(found["dripline_http_request_seconds_count{route=\"\(route)\"}"] == 4)
            #expect(found["dripline_refusals_total{reason=\"not-found\"}"] == 1)
            #expect(found.keys.contains { $0 == "dripline_refusals_total{reason=\"invalid-request\"}" })
            #expect(found["dripline_pool_connections"] ?? 0 >= 1)
            #expect(found["dripline_pool_connections_limit"] ?? 0 >= 1)
            #expect(found["dripline_pool_waiters"] == 0)
            #expect(found["dripline_database_up"] == 1)
            // Nobody seals here.
            #expect(found["dripline_seal_lag_events{log=\"record\"}"] == Double(clinic.founding.count) + 3)
            #expect(found["dripline_seal_lag_seconds{log=\"record\"}"] ?? 0 > 0)
            #expect(found["dripline_projection_lag_events{projection=\"compliance\",log=\"record\"}"] != nil)
            #expect(found["dripline_projection_lag_seconds{projection=\"compliance\",log=\"record\"}"] != nil)
            #expect(found["process_resident_memory_bytes"] ?? 0 > 1_000_000)
        }
    }

    @Test func strangersMayNotReadThem() async throws {
        var options = HTTPOptions()
        options.metricsReaders = ["192.0.2.0/24"].compactMap { AddressRange($0) }
        try await withService(options: options) { client, _ in
            let answer = try await client.get("/metrics")
            #expect(answer.status == 403)
            #expect(try answer.problem == "not-for-this-address")
        }
    }

    /// A process that only projects or seals tells how it is, and nothing else.
    @Test func withoutTheAPIThereIsHealthAlone() async throws {
        var options = HTTPOptions()
        options.servesAPI = false
        try await withService(options: options) { [clinic] client, database in
            try await clinic.record(clinic.founding, in: database)
            for path in ["/healthz", "/metrics"] { #expect(try await client.get(path).status == 200) }
            #expect(try await client.get("/v1/clinics/hickory/events").status == 404)
        }
    }
}
