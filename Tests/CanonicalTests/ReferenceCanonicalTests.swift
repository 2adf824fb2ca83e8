import Canonical
import Foundation
import Testing

@Suite("The canonical form beside PyPI's rfc8785")
struct ReferenceCanonicalTests {
    @Test("thousands of random values, byte for byte")
    func randomValues() throws {
        let reference: ReferenceCanonicalizer
        do {
            reference = try ReferenceCanonicalizer()
        } catch {
            let message =
                "PyPI's rfc8785 \(ReferenceCanonicalizer.version) can't be installed (it needs python3, its venv module and PyPI): \(error)"
            guard ProcessInfo.processInfo.environment["CI"] != "true" else {
                throw ReferenceCanonicalizer.Unavailable(description: message)
            }
            try Test.cancel("\(message)")
        }
        var random = RandomJSON(seed: 8785)
        // Line breaks may stand between tokens; the reference takes a text a line.
        var texts = (0..<4000).map { _ in random.text().split { $0.isNewline && $0.isASCII }.joined(separator: " ") }
        texts += (0..<4000).map { _ in random.number() }
        texts += JSONCanonicalTests.numbers.map(\.text)
        let expected = try reference.canonical(texts)
        try #require(expected.count == texts.count)
        for (text, expected) in zip(texts, expected) {
            let ours = try JSON.parse(text).canonicalBytes
            #expect(ours == Array(expected.utf8), "\(text)")
        }
    }
}
