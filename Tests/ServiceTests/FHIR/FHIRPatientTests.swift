import Canonical
import Clinic
import Foundation
import Ledger
import Testing

@testable import Service

/// What is kept of a resource, and what is said of one that cannot be taken.
@Suite struct FHIRPatientTests {
    private func content(_ json: JSON) throws -> JSON { FieldWriter.write(try FHIRPatient(json, clinic: "hickory").registration) }

    private func problems(_ json: JSON) -> [String: String] {
        do throws(RecordingError) {
            _ = try FHIRPatient(json, clinic: "hickory")
            return [:]
        } catch {
            return Dictionary(error.problems.map { ($0.pointer, $0.message) }) { first, _ in first }
        }
    }

    @Test func everythingThatIdentifiesIsKept() throws {
        let expected: JSON = [
            "mrn": "H-1001", "family": "Reed", "given": ["Ottilie", "Maud"], "birth_date": "1980-02-29", "sex": "female",
            "phone": "555-0101", "email": "ottilie@example.org", "name_use": "official", "prefix": ["Dr."], "suffix": ["MD", "PhD"],
            "address": ["line": ["1 Elm St"], "city": "Durham", "state": "NC", "postal_code": "27701", "country": "US"],
            "identifiers": [
                ["system": "urn:oid:2.16.840.1.113883.4.1", "value": "999-00-1234", "type": "SS"],
                ["system": "http://hospital.example", "value": "H-1001", "type": "MR"], ["value": "loose number"],
            ],
            "other_names": [["use": "maiden", "family": "Brandt", "given": ["Ottilie"]], ["use": "nickname", "text": "Tilly"]],
            "other_addresses": [["use": "work", "city": "Durham"]],
            "other_contacts": [["system": "phone", "value": "555-0100", "use": "work"]],
        ]
        #expect(try content(FHIRResource.patient()) == expected)
        let id = UUID()
        let patient = try FHIRPatient(FHIRResource.patient(id.uuidString), clinic: "hickory")
        #expect(patient.id == id && patient.lastUpdated?.description == "2026-10-01T13:30:00.125000Z")
    }

    @Test func anIdThatIsNoUUIDMakesOne() throws {
        let ids = try ["pat-1", "pat-1", "pat-2"].map { try FHIRPatient(FHIRResource.patient($0), clinic: "hickory").id }
        #expect(ids[0] == ids[1] && ids[0] != ids[2])
        #expect(ids[0] == UUID.v5(namespace: FHIRPatient.namespace(of: "hickory"), name: "pat-1"))
        #expect(try FHIRPatient(FHIRResource.patient("pat-1"), clinic: "willow").id != ids[0])
    }

    @Test func deathIsKept() throws {
        let patient = FHIRResource.patient()
        let known = try content(patient.with(["deceasedDateTime": "2026-05-09T23:35:22-04:00"]))
        #expect(known["deceased"] == true && known["deceased_on"] == "2026-05-09")
        for (name, value) in [("deceasedDateTime", "2026-05"), ("deceasedBoolean", true)] as [(String, JSON)] {
            let partial = try content(patient.with([name: value]))
            #expect(partial["deceased"] == true && partial["deceased_on"] == nil)
        }
        #expect(try content(patient.with(["deceasedBoolean": false]))["deceased"] == nil)
    }

    @Test func theBestOfSeveralIsTheMainOne() throws {
        let patient = FHIRResource.patient()
        let ended: JSON = ["use": "official", "family": "Old", "given": ["O"], "period": ["end": "2020-01-01"]]
        let names = try content(patient.with(["name": [ended, ["family": "New", "given": [.null, "N"]]]]))
        #expect(names["family"] == "New" && names["given"] == ["N"] && names["name_use"] == nil)
        #expect(names["other_names"] == [["use": "official", "family": "Old", "given": ["O"]]])
        let numbers = try content(
            patient.with([
                "identifier": [
                    ["use": "old", "value": "A", "type": ["coding": [["code": "MR"]]]],
                    ["value": "B", "type": ["coding": [["code": "MR"]]]],
                    ["type": ["coding": [["code": "SS"]]], "_value": ["extension": []]],
                ]
            ]))
        #expect(numbers["mrn"] == "B" && numbers["identifiers"]?.elements?.count == 2)
        // An address that lacks a part of the main one is not lost.
        let addresses = try content(patient.with(["address": [["text": "Somewhere\nin Durham"]], "gender": nil, "telecom": nil]))
        #expect(addresses["address"] == nil && addresses["other_addresses"] == [["text": "Somewhere\nin Durham"]])
        #expect(addresses["sex"] == "unknown" && addresses["phone"] == nil)
    }

    @Test func eachProblemNamesItsElement() {
        let patient = FHIRResource.patient()
        func expect(_ changes: [String: JSON?], _ pointers: String..., word: String = "", line: SourceLocation = #_sourceLocation) {
            let found = problems(patient.with(changes))
            #expect(Set(found.keys) == Set(pointers), sourceLocation: line)
            #expect(word.isEmpty || found.values.joined().contains(word), "\(found)", sourceLocation: line)
        }
        expect(["birthDate": "1984"], "/birthDate", word: "only a year")
        expect(["birthDate": "1984-05"], "/birthDate", word: "whole date")
        expect(["birthDate": "1984-02-30"], "/birthDate", word: "real date")
        expect(["birthDate": nil], "/birthDate", word: "missing")
        expect(["birthDate": 1984], "/birthDate", word: "text")
        expect(["identifier": nil], "/identifier", word: "MR")
        expect(["identifier": [["value": "999", "type": ["coding": [["code": "SS"]]]]]], "/identifier", word: "medical record number")
        expect(["identifier": [["type": ["coding": [["code": "MR"]]]]]], "/identifier")
        let long = JSON.string(String(repeating: "9", count: 65))
        expect(["identifier": [["value": long, "type": ["coding": [["code": "MR"]]]]]], "/identifier/0/value", word: "64")
        expect(["name": nil], "/name", word: "given name")
        expect(["name": [["text": "Cher"]]], "/name")
        expect(["name": [["family": 7, "given": ["A"]]]], "/name", "/name/0/family")
        expect(["name": [["family": "A\u{1}", "given": ["A"]]]], "/name/0/family", word: "control")
        expect(["name": [["family": "A", "given": "B"]]], "/name", "/name/0/given")
        expect(["name": [["family": "A", "given": ["B"]], ["use": "former", "family": "C"]]], "/name/1/use", word: "maiden")
        expect(["name": [["family": "A", "given": ["B"]], ["family": " "]]], "/name/1/family", word: "blank")
        expect(["gender": "F"], "/gender", word: "female")
        expect(["telecom": [["system": "phone", "value": long]]], "/telecom/0/value", word: "64")
        expect(["address": [["city": 5]]], "/address/0/city")
        expect(["address": [["city": "A", "postalCode": long]]], "/address/0/postalCode", word: "64")
        expect(["address": .array(Array(repeating: ["city": "A"], count: 21))], "/address", word: "20")
        expect(["meta": ["lastUpdated": "2026-10-01"]], "/meta/lastUpdated", word: "offset")
        expect(["id": nil], "/id", word: "known again")
        expect(["id": 5], "/id")
        // All at once.
        expect(["birthDate": "1984", "gender": 1, "name": [], "id": ""], "/birthDate", "/gender", "/name", "/id")
    }

    @Test func whatIsNoPatientIsSaidSo() {
        let patient = FHIRResource.patient()
        let cases: [(JSON, String)] = [
            (patient.with(["resourceType": "Observation"]), "not-a-patient"), (patient.with(["resourceType": nil]), "not-a-patient"),
            (["resourceType": "Bundle"], "not-a-patient"), (patient.with(["active": false]), "inactive-patient"),
            (patient.with(["link": [["type": "replaced-by", "other": ["reference": "Patient/2"]]]]), "replaced-patient"),
            (patient.with(["modifierExtension": [["url": "http://example.org/not"]]]), "unknown-modifier"), ([], "invalid-request"),
        ]
        for (json, code) in cases {
            let error = #expect(throws: RecordingError.self) { try FHIRPatient(json, clinic: "hickory") }
            #expect(error?.code == code)
        }
        #expect(problems(patient.with(["active": true, "link": [["type": "seealso"]]])).isEmpty)
    }

    /// No message repeats what stands in a resource.
    @Test func messagesNeverQuote() {
        let secret = "Zebulon Q. Patient"
        for (name, value) in members(FHIRResource.patient()) {
            for wrong: JSON in [
                .string(secret), [.string(secret)], [[.string(secret)]], ["use": .string(secret)], [["use": .string(secret)]], 7, .null,
            ] {
                guard wrong != value else { continue }
                for (pointer, message) in problems(FHIRResource.patient().with([name: wrong])) {
                    #expect(!message.contains(secret) && !pointer.contains(secret), "\(name)")
                }
            }
        }
    }

    private func members(_ json: JSON) -> [(String, JSON)] {
        guard case .object(let members) = json else { return [] }
        return members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
