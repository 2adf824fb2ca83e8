import Canonical
import Clinic
import Foundation
import Ledger

/// What is kept of a FHIR R4 `Patient` (https://hl7.org/fhir/R4/patient.html): names, identifiers, addresses, contacts, birth date, sex, death.
///
/// Left out, knowingly: extensions (the geolocation of an address among them), the narrative, photo, marital status, language, contact persons,
/// practitioners and the validity periods, which only order names and addresses.
struct FHIRPatient {
    /// The resource's id where that is a UUID, else version 5 of it in the clinic's namespace.
    let id: UUID
    let registration: PatientRegistered
    /// `meta.lastUpdated`: when the source last changed it.
    let lastUpdated: Timestamp?

    /// - Throws: `RecordingError.invalid` with every problem, its pointers into the resource; `.refused` for a resource that is no patient to import.
    init(_ json: JSON, clinic: String) throws(RecordingError) {
        guard case .object = json else { throw .invalid(ValidationError([Problem(pointer: "", message: "a resource must be an object")])) }
        try Self.checkKind(json)
        var draft = FHIRPatientDraft(FHIRElement(json: json, pointer: ""))
        let data = draft.data()
        let resource = draft.resourceID()
        let updated = draft.lastUpdated()
        var registration: PatientRegistered?
        do {
            if case .patientRegistered(let read) = try EventBody(type: .patientRegistered, data: data) { registration = read }
        } catch {
            draft.add(error)
        }
        guard draft.problems.isEmpty, let registration, let resource else { throw .invalid(ValidationError(draft.problems)) }
        id = UUID(canonical: resource) ?? UUID.v5(namespace: Self.namespace(of: clinic), name: resource)
        self.registration = registration
        lastUpdated = updated
    }

    /// Version 5 of the URL of the resource's definition, then of the clinic's name.
    static func namespace(of clinic: String) -> UUID { UUID.v5(namespace: definition, name: clinic) }

    /// UUID version 5 of `http://hl7.org/fhir/StructureDefinition/Patient` in the namespace of URLs (RFC 9562 §6.6).
    private static let definition = UUID.v5(
        namespace: UUID(uuid: (0x6B, 0xA7, 0xB8, 0x11, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8)),
        name: "http://hl7.org/fhir/StructureDefinition/Patient")

    /// What is no patient, or one that the source itself tells not to use.
    private static func checkKind(_ json: JSON) throws(RecordingError) {
        func refuse(_ code: String, _ pointer: String, _ message: String) -> RecordingError {
            .refused(Refusal(kind: .invalid, code: code, message: message, problems: [Problem(pointer: pointer, message: message)]))
        }
        guard json["resourceType"] == "Patient" else {
            let isBundle = json["resourceType"] == "Bundle"
            throw refuse(
                "not-a-patient", "/resourceType",
                "resourceType must be Patient" + (isBundle ? "; this is a Bundle: give one Patient a line, as in a bulk export" : ""))
        }
        for name in ["modifierExtension", "implicitRules"] where json[name] != nil {
            throw refuse(
                "unknown-modifier", "/\(name)", "\(name) changes what the resource means in a way that this program does not know")
        }
        if json["active"] == false {
            throw refuse("inactive-patient", "/active", "active is false: the source says that this record is not to be used")
        }
        let links = json["link"]?.elements ?? []
        if let index = links.firstIndex(where: { $0["type"] == "replaced-by" }) {
            throw refuse(
                "replaced-patient", "/link/\(index)", "the source says that another record has replaced this one: import that one")
        }
    }
}
