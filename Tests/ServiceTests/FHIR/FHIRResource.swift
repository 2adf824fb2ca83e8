import Canonical
import Foundation

/// A resource of these tests, as a hospital's export would have it.
enum FHIRResource {
    static let table = "http://terminology.hl7.org/CodeSystem/v2-0203"

    static func patient(_ id: String = UUID().lowercase, mrn: String = "H-1001") -> JSON {
        [
            "resourceType": "Patient", "id": .string(id), "meta": ["lastUpdated": "2026-10-01T09:30:00.125-04:00", "versionId": "3"],
            "text": ["status": "generated", "div": "<div>Ottilie</div>"],
            "extension": [["url": "http://example.org/ext", "valueString": "kept back"]],
            "identifier": [
                [
                    "system": "urn:oid:2.16.840.1.113883.4.1", "value": "999-00-1234",
                    "type": ["coding": [["system": .string(table), "code": "SS"]]],
                ],
                [
                    "use": "usual", "system": "http://hospital.example", "value": .string(mrn),
                    "type": ["coding": [["system": .string(table), "code": "MR"]]],
                ],
                ["value": "loose number"],
            ],
            "name": [
                ["use": "maiden", "family": "Brandt", "given": ["Ottilie"]],
                ["use": "official", "family": "Reed", "given": ["Ottilie", "Maud"], "prefix": ["Dr."], "suffix": ["MD", "PhD"]],
                ["use": "nickname", "text": "Tilly"],
            ],
            "telecom": [
                ["system": "phone", "value": "555-0100", "use": "work"],
                ["system": "phone", "value": "555-0101", "use": "mobile", "rank": 1],
                ["system": "email", "value": "ottilie@example.org"],
            ],
            "gender": "female", "birthDate": "1980-02-29",
            "address": [
                ["use": "work", "city": "Durham"],
                [
                    "use": "home", "line": ["1 Elm St"], "city": "Durham", "state": "NC", "postalCode": "27701", "country": "US",
                    "extension": [["url": "http://hl7.org/fhir/StructureDefinition/geolocation"]],
                ],
            ],
            "maritalStatus": ["text": "Married"],
        ]
    }
}

extension JSON {
    /// This object with members replaced, or taken away where nil.
    func with(_ changes: [String: JSON?]) -> JSON {
        guard case .object(var members) = self else { return self }
        for (key, value) in changes { members[key] = value }
        return .object(members)
    }
}
