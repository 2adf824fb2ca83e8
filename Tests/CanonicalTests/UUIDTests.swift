import Canonical
import Foundation
import Testing

@Suite("UUIDs")
struct UUIDTests {
    @Test("either case is read, lower case is written")
    func cases() throws {
        let text = "0198f7a2-3b4c-7d5e-8f60-a1b2c3d4e5f6"
        #expect(try #require(UUID(canonical: text)).lowercase == text)
        #expect(UUID(canonical: text.uppercased()) == UUID(canonical: text))
        #expect(UUID(canonical: "00000000-0000-0000-0000-000000000000")?.lowercase == "00000000-0000-0000-0000-000000000000")
        #expect(UUID(canonical: "FFFFFFFF-ffff-FFFF-ffff-FFFFFFFFFFFF")?.lowercase == "ffffffff-ffff-ffff-ffff-ffffffffffff")
    }

    @Test("random ones there and back")
    func roundTrip() {
        for _ in 0..<1000 {
            let uuid = UUID()
            #expect(uuid.lowercase == uuid.uuidString.lowercased())
            #expect(UUID(canonical: uuid.lowercase) == uuid)
            #expect(UUID(canonical: uuid.uuidString) == uuid)
        }
    }

    @Test(
        "refused",
        arguments: [
            "", "0198f7a2-3b4c-7d5e-8f60-a1b2c3d4e5f", "0198f7a2-3b4c-7d5e-8f60-a1b2c3d4e5f67", "0198f7a23b4c7d5e8f60a1b2c3d4e5f6",
            "{0198f7a2-3b4c-7d5e-8f60-a1b2c3d4e5}",
            "urn:uuid:0198f7a2-3b4c-7d5e-8f60-a1b2", "0198f7a2-3b4c-7d5e-8f60-a1b2c3d4e5fg", "0198f7a23-b4c-7d5e-8f60-a1b2c3d4e5f6",
            "0198f7a2_3b4c_7d5e_8f60_a1b2c3d4e5f6",
            " 198f7a2-3b4c-7d5e-8f60-a1b2c3d4e5f6", "+198f7a2-3b4c-7d5e-8f60-a1b2c3d4e5f6", "-198f7a2-3b4c-7d5e-8f60-a1b2c3d4e5f6",
            "0x98f7a2-3b4c-7d5e-8f60-a1b2c3d4e5f6",
            "0198f7a2- b4c-7d5e-8f60-a1b2c3d4e5f6", "0198f7a2-3b4c-7d5e-8f60-a1b2c3d4e5f ", "0198f7a2-3b4c-7d5e-8f60-a1b2c3d4e\u{E9}f",
            "0198f7a2-3b4c-7d5e-8f60-a1b2c3d4e5\u{0}6",
        ])
    func refused(text: String) {
        #expect(UUID(canonical: text) == nil)
    }

    @Test("version 7 carries its time, sorts by it and is never the same twice")
    func version7() {
        let time = Timestamp(microseconds: 1_795_361_400_123_456)
        let many = (0..<500).map { _ in UUID.v7(at: time) }
        #expect(Set(many).count == many.count)
        for uuid in many {
            let hex = uuid.lowercase.replacing("-", with: "")
            #expect(UInt64(hex.prefix(12), radix: 16) == 1_795_361_400_123)
            #expect(hex.dropFirst(12).first == "7")
            #expect("89ab".contains(hex.dropFirst(16).prefix(1)))
        }
        let later = UUID.v7(at: time.adding(seconds: 1))
        #expect(many.allSatisfy { $0.lowercase < later.lowercase })
    }

    /// From Python's `uuid.uuid5`; the first is RFC 9562, appendix A.4.
    @Test(arguments: [
        ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2"),
        ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d"),
        ("0198f7a2-0000-7000-8000-000000000001", "0", "68b4af34-c14e-5752-8bae-84f2c042b82b"),
        ("0198f7a2-0000-7000-8000-000000000001", "1", "7122db0e-8470-56e6-ba96-f163f13896f7"),
        ("ffffffff-ffff-ffff-ffff-ffffffffffff", "9999", "2bc6bf1c-6efa-5af2-b040-0c00ba26632d"),
    ])
    func version5(_ namespace: String, _ name: String, _ expected: String) throws {
        let space = try #require(UUID(canonical: namespace))
        #expect(UUID.v5(namespace: space, name: name).lowercase == expected)
    }
}
