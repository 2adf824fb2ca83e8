import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import Projections
import TestSupport
import Testing

/// Finding a patient by what somebody at the desk types.
@Suite(.projections, .timeLimit(.minutes(5))) struct PatientSearchTests {
    private static let people: [(family: String, given: [String], mrn: String)] = [
        ("O'Brien", ["Seán"], "H-1"), ("Çınar-Söğüt", ["İpek"], "H-2"), ("Müller", ["Élodie", "Marie"], "H-3"),
        ("100%_Ash\\", ["Juniper"], "50%"),
        ("Ash", ["Robert'); DROP TABLE patients;--"], "A_1"),
    ]

    private func id(_ index: Int) -> UUID {
        let uuid = UUID(canonical: "0000000\(index)-beef-4000-8000-00000000000\(index)")
        guard let uuid else { preconditionFailure("no UUID") }
        return uuid
    }

    private func registered(_ bench: Workbench) async throws {
        let commands = PatientSearchTests.people.enumerated().map { index, person in
            let data: JSON = [
                "mrn": .string(person.mrn), "family": .string(person.family), "given": .array(person.given.map { .string($0) }),
                "birth_date": "1984-02-29", "sex": "female",
            ]
            return AppendCommand(
                id: UUID(), actor: "fay",
                events: [
                    NewEvent(
                        stream: StreamID.patient(id(index)).description, type: "PatientRegistered",
                        occurredAt: Timestamp(microseconds: 1_780_322_400_000_000), payload: data.canonical)
                ])
        }
        try await bench.append(commands)
        try await bench.projector.catchUp()
    }

    @Test func findsByNameNumberAndId() async throws {
        try await Workbench.open { bench in
            try await registered(bench)
            let found: [(text: String, people: [Int])] = [
                ("o'brien", [0]), ("O'B", [0]), ("'", [0, 4]), ("seán", [0]), ("SEÁN", [0]), ("SEÁN O", [0]), ("ÉLODIE", [2]),
                ("élodie marie", [2]),
                ("mül", [2]), ("MÜLLER", [2]), ("çınar", [1]), ("söğ", [1]), ("ÖĞÜT", [1]), ("-", [1, 4]),
                ("H-1", [0]), ("H-", []), ("h-1", []), ("A_1", [4]), ("A%1", []), ("50%", [3]),
                ("ash", [3, 4]), ("%", [3]), ("_", [3]), ("\\", [3]), ("100%_", [3]), ("%a%", []), ("_sh", []), (";--", [4]),
                (") or true", []),
                ("00000002", [2]), ("00000002-BEEF-4000-8000-000000000002", [2]), ("0000000", [0, 1, 2, 3, 4]), ("beef", []),
                ("", [0, 1, 2, 3, 4]), ("nobody", []), ("\n", []),
            ]
            for (text, people) in found {
                let patients = try await bench.ledger.patients(matching: text, clinic: "hickory")
                #expect(Set(patients.map(\.id)) == Set(people.map(id)), "\(text)")
                #expect(patients.count == people.count, "\(text)")
            }
            #expect(try await bench.ledger.patients(matching: "ash", clinic: "alder").isEmpty)
            #expect(try await bench.ledger.patients(matching: "", clinic: "hickory", limit: 2).count == 2)
            #expect(try await bench.ledger.patients(matching: "", clinic: "hickory", limit: 0).isEmpty)
            #expect(try await bench.ledger.patients(matching: "", clinic: "hickory", limit: -5).isEmpty)
            #expect(try await bench.ledger.patients(matching: "", clinic: "hickory").count == 5)
        }
    }

    /// An accent may be typed as one character or as a letter and a mark: the same name either way.
    @Test func anAccentMayBeComposedOrNot() async throws {
        try await Workbench.open { bench in
            try await registered(bench)
            let patients = try await bench.ledger.patients(matching: "Mu\u{308}ller", clinic: "hickory")
            #expect(patients.map(\.id) == [id(2)])
        }
    }

    @Test func aPatientWithoutRegistrationIsFoundById() async throws {
        try await Workbench.open { bench in
            let note = NewEvent(
                stream: StreamID.patient(id(7)).description, type: "NoteRecorded",
                occurredAt: Timestamp(microseconds: 1_780_322_400_000_000), payload: #"{"text":"Called."}"#)
            try await bench.append([AppendCommand(id: UUID(), actor: "fay", events: [note])])
            try await bench.projector.catchUp()
            for text in ["00000007", ""] {
                let patients = try await bench.ledger.patients(matching: text, clinic: "hickory")
                #expect(patients.map(\.id) == [id(7)])
                #expect(patients.first?.family == nil)
                #expect(patients.first?.json.canonical == #"{"given":[],"patient":"\#(id(7).lowercase)"}"#)
            }
        }
    }
}
