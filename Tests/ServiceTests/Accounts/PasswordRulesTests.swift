import Testing

@testable import Service

@Suite struct PasswordRulesTests {
    private func problem(_ password: String) -> String? {
        PasswordRules.problem(with: password, clinic: "hickory", staff: "d.lin")
    }

    @Test(arguments: [
        "correct horse in a boat", "zwölf Zeichen!", "密码很长很长很长很长很长吗好", "            two words", "n0t-in-any-list", "hickory dickory dock",
        (100..<151).map(String.init).joined(separator: ", "),
    ])
    func whatIsLongAndOnesOwnIsTaken(_ password: String) {
        #expect(problem(password) == nil)
    }

    @Test(arguments: [
        ("short", "at least 12"), ("elevenchars", "at least 12"), (String(repeating: "long words ", count: 24), "at most 256"),
        ("aaaaaaaaaaaa", "repeats"), ("abababababab", "repeats"), ("abcdabcdabcd", "repeats"), ("lmnopqrstuvw", "counts"),
        ("234567890123", "counts"), ("987654321098", "everybody"), ("Password1234", "everybody"), ("QWERTYUIOP123", "everybody"),
        ("hickory12345", "names"), ("d.lin.d.lin.1", "names"), ("Dripline2026!", "names"), ("hickoryd.lin", "names"),
    ])
    func whatOthersTryFirstIsNot(_ password: String, _ reason: String) {
        #expect(problem(password)?.contains(reason) == true, "\(problem(password) ?? "taken")")
    }

    /// NIST SP 800-63B: no rules of composition.
    @Test func noKindOfCharacterIsAskedFor() {
        #expect(problem("onlylowercaseletters") == nil)
        #expect(problem("8253 9164 7702") == nil)
    }
}
