import Canonical
import Clinic
import Testing

/// Signatures stand in the payload, beside the data.
@Suite struct EventContentTests {
    private let signature: JSON = [
        "staff": "dr.lin", "name": "Dr. Amal Lin", "at": "2026-06-01T15:40:00.000000Z", "meaning": "approval", "method": "password",
    ]

    private func content(_ signatures: JSON?, _ data: JSON = ["by": "dr.lin"]) throws -> EventContent {
        try EventContent(type: "DischargeOrdered", version: 1, payload: signatures.map { data.setting("/signatures", to: $0) } ?? data)
    }

    @Test func everyTypeMayBeSigned() throws {
        for example in try EventExample.all() {
            let payload = example.full.setting("/signatures", to: [signature, signature.setting("/meaning", to: "witness")])
            let content = try EventContent(type: example.type.rawValue, version: 1, payload: payload)
            #expect(content.signatures.map(\.meaning) == [.approval, .witness], "\(example.type)")
            #expect(try content.body == EventBody(type: example.type, data: example.full), "\(example.type)")
            let again = try EventContent(type: example.type.rawValue, version: 1, payload: JSON.parse(content.payload.canonical))
            #expect(again.signatures == content.signatures && again.payload.canonical == content.payload.canonical, "\(example.type)")
        }
    }

    @Test func whatIsNotSignedIsAsItWas() throws {
        let plain = try content(nil)
        #expect(plain.signatures == [] && plain.payload == plain.body.data)
    }

    @Test func faultsInSignaturesAreNamed() {
        func pointers(_ signatures: JSON, _ data: JSON = ["by": "dr.lin"]) -> [String] {
            do {
                _ = try content(signatures, data)
                return []
            } catch let error as ValidationError {
                return error.problems.map(\.pointer)
            } catch {
                return ["\(error)"]
            }
        }
        #expect(pointers([]) == ["/signatures"])
        #expect(pointers("Lin") == ["/signatures"])
        #expect(pointers(.array(Array(repeating: signature, count: 9))) == ["/signatures"])
        #expect(pointers([signature.setting("/meaning", to: "agreement")]) == ["/signatures/0/meaning"])
        #expect(pointers([signature.setting("/method", to: nil)]) == ["/signatures/0/method"])
        #expect(pointers([signature.setting("/password", to: "hunter2")]) == ["/signatures/0/password"])
        #expect(pointers([signature], ["by": 1]) == ["/by"])
    }

    /// What an amendment puts in the place of something signed is not signed by that.
    @Test func theDataOfAnAmendmentBearsNoSignatures() throws {
        let data: JSON = ["target": .id(Story.id(1)), "reason": "Typing.", "data": ["by": "dr.lin", "signatures": [signature]]]
        guard case .eventAmended(let amendment) = try EventBody(type: .eventAmended, data: data) else { throw CancellationError() }
        #expect(throws: ValidationError.self) { try amendment.body(replacing: .dischargeOrdered) }
    }
}
