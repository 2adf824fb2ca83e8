import Canonical
import Clinic
import Foundation
import Testing

@Suite struct StreamTests {
    private static let id = "0198f7a2-0000-7000-8000-00000000000a"

    @Test(arguments: ["patient/\(id)", "session/\(id)", "vial/\(id)", "clinic"])
    func namesReadAndWriteBack(_ name: String) throws {
        let stream = try #require(StreamID(name))
        #expect(stream.description == name)
        #expect(stream.id == (name == "clinic" ? nil : UUID(canonical: Self.id)))
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
        let patient: Set<EventType> = [.patientRegistered, .consultationRecorded, .treatmentPlanned, .consentSigned, .consentWithdrawn]
        let clinic: Set<EventType> = [.policyAdopted, .consentFormPublished, .staffEnrolled]
        let any: Set<EventType> = [.eventAmended, .eventVoided]
        for type in EventType.allCases {
            let expected: Set<StreamKind> =
                patient.contains(type)
                ? [.patient]
                : clinic.contains(type)
                    ? [.clinic]
                    : any.contains(type) ? Set(StreamKind.allCases) : type == .noteRecorded ? [.patient, .session, .clinic] : [.session]
            #expect(type.streams == expected, "\(type)")
            #expect(type.dataType.eventType == type)
        }
    }

    @Test func bookingAndArrivalConcernThePatient() throws {
        let patient = try StreamID.patient(#require(UUID(canonical: "0198f7a2-0000-7000-8000-000000000001")))
        for example in try EventExample.all() {
            let subject = try EventBody(type: example.type, data: example.full).subject
            #expect(subject == (example.type == .sessionBooked || example.type == .patientArrived ? patient : nil))
        }
    }

    @Test func errorsNestUnderAPointer() {
        let error = ValidationError([Problem(pointer: "/heart_rate", message: "m"), Problem(pointer: "", message: "n")])
        #expect(error.under("/data").problems.map(\.pointer) == ["/data/heart_rate", "/data"])
    }
}
