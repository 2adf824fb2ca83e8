import Canonical
import Testing

@testable import Ledger

@Suite struct DigestTests {
    /// RFC 4231, the test cases whose message is text.
    @Test(arguments: [
        (String(repeating: "0b", count: 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        ("4a656665", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            String(repeating: "aa", count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            String(repeating: "aa", count: 131),
            "This is a test using a larger than block-size key and a larger than block-size data. "
                + "The key needs to be hashed before being used by the HMAC algorithm.",
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ])
    func keyedDigestIsHMAC(_ key: String, _ message: String, _ expected: String) throws {
        let salt = try #require(Hex.decode(key))
        #expect(Hex.encode(Digest.keyed(message, salt: salt)) == expected)
    }

    @Test func saltsAreLongAndDiffer() {
        let salts = Digest.salts(60) + Digest.salts(0) + Digest.salts(40)
        #expect(salts.allSatisfy { $0.count == 32 })
        #expect(Set(salts).count == 100)
    }
}
