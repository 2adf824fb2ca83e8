import Canonical
import Clinic
import Foundation
import Testing

@Suite struct StreamTests {
    private static let id = "0198f7a2-0000-7000-8000-00000000000a"

    @Test(arguments: ["patient/\(id)", "session/\(id)", "vial/\(id)", "clinic", "access", "access/\(id)"])
    func namesReadAndWriteBack(_ name: String) throws {
        let stream = try #require(StreamID(name))
        #expect(stream.description == name)
        #expect(stream.id == (name == "clinic" || name == "access" ? nil : UUID(canonical: Self.id)))
    }

    @Test func aStreamHasOneNameOnly() throws {
        let shouted = try #require(StreamID("patient/" + Self.id.uppercased()))
        #expect(shouted == StreamID("patient/" + Self.id) && shouted.description == "patient/" + Self.id)
    }

    @Test(arguments: [
        "", "/", "patient", "patient/", "clinic/", "clinic/\(id)", "Patient/\(id)", "staff/\(id)", "patient/\(id)/", "patient//\(id)",
        " clinic",
        "patient/{\(id)}", "patient/1",
    ])
    func otherNamesAreRefused(_ name: String) {
        #expect(StreamID(name) == nil)
    }

    @Test func eachTypeStandsOnItsStreams() {
        let kinds: [StreamKind: Set<EventType>] = [
            .patient: [
                .patientRegistered, .patientDetailsChanged, .consultationRecorded, .treatmentPlanned, .consentSigned, .consentWithdrawn,
                .followUpRecorded,
            ],
            .clinic: [.policyAdopted, .consentFormPublished, .inventoryTaken, .staffEnrolled, .staffRevoked],
            .vial: [.drugReceived, .drugDispensed, .drugWasted, .drugReturned, .vialCounted, .drugLossReported],
            .access: [
                .chartRead, .exportMade, .signedIn, .signedOut, .signInFailed, .accessDenied, .breakGlassInvoked, .breakGlassReviewed,
                .disclosureMade,
            ],
        ]
        for type in EventType.allCases {
            let expected: Set<StreamKind> =
                switch type {
                case .eventAmended, .eventVoided: Set(StreamKind.allCases)
                case .noteRecorded: [.patient, .session, .clinic]
                case .payloadErased: [.patient, .access]
                default: [kinds.first { $0.value.contains(type) }?.key ?? .session]
                }
            #expect(type.streams == expected, "\(type)")
            #expect(type.dataType.eventType == type)
        }
    }

    /// What finds an event from the other end: a patient's sessions, a vial's sessions, a session's vials, who read a patient's chart.
    @Test func subjects() throws {
        let id = try #require(UUID(canonical: "0198f7a2-0000-7000-8000-000000000001"))
        for example in try EventExample.all() {
            let expected: StreamID? =
                switch example.type {
                case .sessionBooked, .patientArrived, .chartRead, .exportMade, .accessDenied, .breakGlassInvoked, .disclosureMade,
                    .payloadErased:
                    .patient(id)
                case .infusionStarted: .vial(id)
                case .drugDispensed, .drugWasted: .session(id)
                default: nil
                }
            #expect(try EventBody(type: example.type, data: example.full).subject == expected, "\(example.type)")
        }
    }

    @Test func errorsNestUnderAPointer() {
        let error = ValidationError([Problem(pointer: "/heart_rate", message: "m"), Problem(pointer: "", message: "n")])
        #expect(error.under("/data").problems.map(\.pointer) == ["/data/heart_rate", "/data"])
    }
}
