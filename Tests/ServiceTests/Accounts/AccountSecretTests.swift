import Testing

@testable import Service

@Suite struct AccountSecretTests {
    @Test(arguments: AccountSecret.Kind.allCases)
    func whatIsMadeIsRead(_ kind: AccountSecret.Kind) throws {
        let secret = AccountSecret(kind)
        let read = try #require(AccountSecret(secret.text))
        #expect(read.kind == kind && read.digest == secret.digest)
        #expect(secret.text.hasPrefix(kind.rawValue) && secret.text.utf8.count == kind.rawValue.utf8.count + 49)
    }

    /// The form is written down again in `TestTokens`, by which the other tests get in.
    @Test func theFormIsTheDocumentedOne() {
        for _ in 0..<20 { #expect(AccountSecret(TestTokens.newToken()) != nil) }
    }

    @Test func everyWrongCharacterIsFound() {
        let text = Array(AccountSecret(.token).text)
        for index in text.indices {
            var wrong = text
            wrong[index] = wrong[index] == "x" ? "y" : "x"
            #expect(AccountSecret(String(wrong)) == nil)
        }
        #expect(AccountSecret(String(text.dropLast())) == nil)
        #expect(AccountSecret(String(text) + "0") == nil)
        #expect(AccountSecret("") == nil)
        #expect(AccountSecret(String(repeating: "dripline_token_", count: 100_000)) == nil)
    }

    @Test func noTwoAreTheSame() {
        #expect(Set((0..<1000).map { _ in AccountSecret(.session).text }).count == 1000)
    }

    @Test func bytesAreWrittenInBase62() {
        #expect(Base62.encode([0, 0, 0, 0], digits: 6) == "000000")
        #expect(Base62.encode([255, 255, 255, 255], digits: 6) == "4gfFC3")
        #expect(Base62.encode([62], digits: 2) == "10")
        #expect(Base62.encode([61], digits: 1) == "z")
    }
}
