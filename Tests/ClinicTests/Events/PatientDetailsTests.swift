import Canonical
import Clinic
import Testing

/// What a change of details makes of a patient.
@Suite struct PatientDetailsTests {
    private static func example() throws -> PatientRegistered {
        let data = try #require(try EventExample.all().first { $0.type == .patientRegistered }).full
        return try registered(data)
    }

    private static func registered(_ data: JSON) throws -> PatientRegistered {
        guard case .patientRegistered(let body) = try EventBody(type: .patientRegistered, data: data) else { throw CancellationError() }
        return body
    }

    private static func change(_ data: JSON) throws -> PatientDetailsChanged {
        guard
            case .patientDetailsChanged(let body) = try EventBody(type: .patientDetailsChanged, data: data.setting("/reason", to: "Told."))
        else { throw CancellationError() }
        return body
    }

    @Test(arguments: PatientDetailsChanged.Removable.allCases)
    func aDetailIsReplacedOrRemovedAlone(_ detail: PatientDetailsChanged.Removable) throws {
        let before = try Self.example()
        let data = FieldWriter.write(before)
        let pointer = "/" + detail.rawValue
        let removed = before.replaced(by: try Self.change(["removed": [.string(detail.rawValue)]]))
        #expect(FieldWriter.write(removed) == data.setting(pointer, to: nil))
        let again = removed.replaced(by: try Self.change(JSON.object([:]).setting(pointer, to: data[detail.rawValue])))
        #expect(again == before)
        // One detail is not given and removed at once.
        let both = JSON.object(["removed": [.string(detail.rawValue)], "reason": "Told."]).setting(pointer, to: data[detail.rawValue])
        #expect(throws: ValidationError([Problem(pointer: "/removed", message: "removed must not name a detail that is given too")])) {
            try EventBody(type: .patientDetailsChanged, data: both)
        }
    }

    @Test func whatAPatientMustHaveIsNotRemoved() {
        for key in ["mrn", "family", "given", "birth_date", "sex", "reason"] {
            #expect(throws: ValidationError.self) {
                try EventBody(type: .patientDetailsChanged, data: ["removed": [.string(key)], "reason": "Told."])
            }
        }
        #expect(throws: ValidationError.self) { try EventBody(type: .patientDetailsChanged, data: ["removed": [], "reason": "Told."]) }
    }

    @Test func theSummarySaysWhatIsGone() throws {
        #expect(
            try Self.change(["family": "Lind", "removed": ["email", "deceased_on"]]).summary
                == "Details changed: family name, no e-mail, no date of death (Told.)")
    }
}
