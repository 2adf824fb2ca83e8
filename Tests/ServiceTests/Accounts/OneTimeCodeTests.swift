import Foundation
import Testing

@testable import Service

@Suite struct OneTimeCodeTests {
    private let secret = Array("12345678901234567890".utf8)

    /// RFC 6238, appendix B: the last six of its eight digits.
    @Test(
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] as [(Int64, String)])
    func codesAreThoseOfTheStandard(_ time: Int64, _ code: String) {
        #expect(OneTimeCode.code(secret, step: OneTimeCode.step(at: time)) == code)
    }

    @Test func aClockMayBeOneStepOff() {
        for offset in Int64(-3)...3 {
            let code = OneTimeCode.code(secret, step: 1000 + offset)
            #expect((OneTimeCode.step(of: code, secret: secret, after: 0, at: 30_000) != nil) == (abs(offset) <= 1))
        }
    }

    @Test func noCodeIsTakenTwice() throws {
        let code = OneTimeCode.code(secret, step: 1000)
        let step = try #require(OneTimeCode.step(of: code, secret: secret, after: 999, at: 30_000))
        #expect(step == 1000)
        #expect(OneTimeCode.step(of: code, secret: secret, after: step, at: 30_000) == nil)
        #expect(OneTimeCode.step(of: OneTimeCode.code(secret, step: 999), secret: secret, after: step, at: 30_000) == nil)
        #expect(OneTimeCode.step(of: OneTimeCode.code(secret, step: 1001), secret: secret, after: step, at: 30_000) == 1001)
    }

    @Test(arguments: ["", "0", "12345", "1234567", "abcdef", " 50471", "٠٥٠٤٧١"])
    func whatIsNoCodeIsNotTaken(_ text: String) {
        #expect(OneTimeCode.step(of: text, secret: secret, after: 0, at: 1_111_111_111) == nil)
    }

    /// RFC 4648 §10.
    @Test func secretsAreShownInBase32() {
        let vectors = ["": "", "f": "MY", "fo": "MZXQ", "foo": "MZXW6", "foob": "MZXW6YQ", "fooba": "MZXW6YTB", "foobar": "MZXW6YTBOI"]
        for (text, encoded) in vectors { #expect(Base32.encode(Array(text.utf8)) == encoded) }
        let uri = OneTimeCode.uri(secret, clinic: "hickory", staff: "d.lin")
        #expect(uri.hasPrefix("otpauth://totp/Dripline:d.lin%40hickory?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Dripline"))
        #expect(URL(string: uri) != nil)
    }
}
