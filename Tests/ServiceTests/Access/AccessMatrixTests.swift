import Canonical
import Clinic
import Foundation
import Ledger
import Projections
import TestSupport
import Testing

@testable import Service

/// Every cell of the table over HTTP: each route with each of its operations, each role, own clinic and another, each standing towards the patient.
/// Each is a real request with a real token.
@Suite(.service) struct AccessMatrixTests {
    @Test func everyCellIsAnsweredByTheTable() async throws {
        try await withService(options: .unhurried) { client, database async throws in
            let house = try await AccessHouse.open(database)
            let routes = HTTPService.routes(over: database)
            var asked = 0
            for role in StaffRole.allCases {
                for standing in Standing.allCases {
                    for probe in Probe.all(routes, house, standing) {
                        asked += try await ask(probe, role, standing, house, client)
                    }
                }
            }
            // Every operation that a route has was asked for by every role.
            #expect(asked >= 2000)
            print("role matrix over HTTP: \(asked) requests")
        }
    }

    private func ask(_ probe: Probe, _ role: StaffRole, _ standing: Standing, _ house: AccessHouse, _ client: HTTPClient) async throws
        -> Int
    {
        let staff = AccessHouse.staff(role)
        let decision = AccessDecision.on(
            probe.operation, principal: (house.clinic.name, [role]), clinic: probe.isOfClinic ? house.clinic.name : nil, standing: standing)
        let what = "\(role) \(probe.operation.name), \(standing): \(probe.method) \(probe.path)"
        let own = try await client.ask(probe, by: staff)
        switch decision {
        case .allowed(let basis):
            #expect(own.status != 401 && own.status != 403 && own.status != 503, "\(what) \(own.status)")
            if basis == .breakGlass { #expect(own.headers["dripline-break-glass"] != nil || own.status >= 400, "\(what)") }
        case .refused(let refusal):
            let problem = try own.problem
            switch refusal {
            case .role:
                #expect(own.status == 403 && ["role-not-allowed", "stated-by-the-service"].contains(problem), "\(what) \(own.status)")
            case .notInCare: #expect(own.status == 403 && problem == "not-in-care", "\(what) \(own.status)")
            case .notInEmergency: #expect(own.status == 403 && problem == "emergency-only", "\(what) \(own.status)")
            case .notSignedIn, .otherClinic: Issue.record("\(what)")
            }
        }
        guard probe.isOfClinic else { return 1 }
        // Another clinic's answers are those of a clinic that isn't there, to the letter, whoever asks.
        let other = try await client.ask(probe.at("juniper"), by: staff)
        let nowhere = try await client.ask(probe.at("nowhere"), by: staff)
        let told = String(decoding: other.body, as: UTF8.self).replacing("juniper", with: "nowhere")
        #expect(try other.status == 404 && other.problem == "unknown-clinic", "\(what) \(other.status)")
        #expect(nowhere.status == 404 && told == String(decoding: nowhere.body, as: UTF8.self), "\(what)")
        return 3
    }

    @Test func whoIsNotSignedInIsAskedToBeEverywhere() async throws {
        try await withService(options: .unhurried) { client, database async throws in
            let house = try await AccessHouse.open(database)
            for probe in Probe.all(HTTPService.routes(over: database), house, .inCare) {
                let isOpen = AccessTable.rule(for: probe.operation) == .open
                let answer = try await client.ask(probe, by: nil)
                #expect((answer.status == 401) != isOpen, "\(probe.method) \(probe.path) \(answer.status)")
            }
        }
    }

    /// Who may not know whether a patient or a session is there, can't tell it from the answer.
    @Test(arguments: [StaffRole.nurse, .prescriber, .frontDesk, .reporting, .administrator])
    func unknownPatientsLookLikeThoseOneMayNotSee(_ role: StaffRole) async throws {
        try await withService(options: .unhurried) { client, database async throws in
            let house = try await AccessHouse.open(database)
            let elsewhere = try await AccessHouse.patient(
                TestClinic("juniper", start: house.clinic.start), registered: -400, in: database)
            for route in [
                "patients/P/chart", "patients/P/chart/diff?from=1&to=2", "sessions/S", "events?stream=patient/P", "events?stream=session/S",
            ] {
                var bodies: Set<String> = []
                for (patient, session) in [house.stranger, elsewhere, (UUID(), UUID())] {
                    let path = route.replacing("P", with: patient.lowercase).replacing("S", with: session.lowercase)
                    let answer = try await client.get("/v1/clinics/hickory/\(path)", by: AccessHouse.staff(role))
                    #expect(answer.status == 403, "\(path)")
                    bodies.insert(String(decoding: answer.body, as: UTF8.self))
                }
                #expect(bodies.count == 1, "\(route): \(bodies)")
            }
        }
    }
}
