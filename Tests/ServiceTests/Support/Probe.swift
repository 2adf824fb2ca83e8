import Canonical
import Clinic
import Foundation
import FoundationNetworking

@testable import Service

/// A request that is one operation, by one of its routes.
struct Probe: Sendable {
    let operation: Service.Operation
    let method: String
    /// With the own clinic in it.
    var path: String
    var body: JSON?
    var isOfClinic: Bool { path.hasPrefix("/v1/clinics/") }

    func at(_ clinic: String) -> Probe {
        var probe = self
        probe.path = path.replacing("/v1/clinics/hickory/", with: "/v1/clinics/\(clinic)/")
        return probe
    }

    /// All requests that the routes give, about the patient of a standing.
    static func all(_ routes: [String], _ house: AccessHouse, _ standing: Standing) -> [Probe] {
        let (patient, session) = house.charted(standing)
        return routes.flatMap { route -> [Probe] in
            guard let rule = RouteOperation.all[route] else { return [] }
            let words = route.split(separator: " ")
            let (method, template) = (String(words[0]), String(words[1]))
            func path(_ id: UUID, _ query: String = "") -> String {
                template.replacing("{clinic}", with: "hickory").replacing("{id}", with: id.lowercase).replacing("{log}", with: "record")
                    .replacing("{part}", with: "database").replacing("{name}", with: "chart_reads").replacing("{position}", with: "1")
                    + query
            }
            func one(_ operation: Service.Operation, _ path: String, _ body: JSON? = nil) -> Probe {
                Probe(operation: operation, method: method, path: path, body: body)
            }
            switch rule {
            case .plain(let operation):
                // What changes one's own account would end the tokens of the test; what signs in needs none.
                // A token does not act on its holder's account beyond saying whose it is.
                guard method == "GET", template != "/v1/me/sessions" else { return [] }
                return [one(operation, path(patient, query(template)))]
            case .ofPatient(let operation): return [one(operation, path(patient, query(template)))]
            case .ofSession(let operation): return [one(operation, path(session))]
            case .ofQuery(let parameter, let operation, let otherwise):
                let named = parameter == .session ? session : patient
                return [one(operation, path(patient, "?\(parameter.rawValue)=\(named.lowercase)")), one(otherwise, path(patient))]
            case .events(let isLive):
                return [
                    one(isLive ? .followPatientEvents : .readPatientEvents, path(patient, "?stream=patient/\(patient.lowercase)")),
                    one(isLive ? .followPatientEvents : .readPatientEvents, path(patient, "?stream=session/\(session.lowercase)")),
                    one(isLive ? .followVialEvents : .readVialEvents, path(patient, "?stream=vial/\(house.clinic.vial.lowercase)")),
                    one(isLive ? .followClinicEvents : .readClinicEvents, path(patient, "?stream=clinic")),
                    one(isLive ? .followAccessLog : .readAccessLog, path(patient, "?log=access")),
                    one(isLive ? .followRecord : .readRecord, path(patient)),
                ]
            case .anyEvent:
                return [one(.readRecord, path(patient)), one(.readAccessLog, path(patient, "?log=access"))]
            case .recording:
                // The data is no good, which is looked at last: a role that is refused hears of that alone.
                return EventType.allCases.map { type in
                    let body: JSON = [
                        "command": .string(UUID().lowercase), "stream": .string("session/\(session.lowercase)"),
                        "type": .string(type.rawValue),
                        "occurred_at": .string(Timestamp.now().description), "data": ["nonsense": true],
                    ]
                    return one(.append(type), path(patient), body)
                }
            case .tiles:
                let tile = path(patient).replacing("**", with: "0/000.p/1")
                return [one(.readProofs, tile), one(.readEntries, tile.replacing("tile/0", with: "tile/entries"))]
            }
        }
    }

    private static func query(_ template: String) -> String {
        if template.hasSuffix("/diff") { return "?from=1&to=2" }
        if template.hasSuffix("/proof") { return "?position=1" }
        return template.hasSuffix("/consistency") ? "?from=1&to=2" : ""
    }
}

extension HTTPClient {
    /// A stream that is let through is answered by its head; all else is read to its end.
    func ask(_ probe: Probe, by staff: String?) async throws -> Answer {
        guard probe.path.contains("/events/live") else {
            return try await send(probe.method, probe.path, body: probe.body.map { Data($0.canonical.utf8) }, by: staff)
        }
        let (stream, task) = EventStream.open(try await request(probe.path, headers: [:], by: staff))
        defer { task.cancel() }
        try await stream.wait("an answer") { $0.response != nil }
        guard let response = stream.response else { throw URLError(.badServerResponse) }
        if response.status != 200 { return try await send(probe.method, probe.path, by: staff) }
        var headers = ["content-type": response.contentType ?? ""]
        headers["dripline-break-glass"] = stream.breakGlass
        return Answer(status: response.status, headers: headers, body: Data())
    }
}
