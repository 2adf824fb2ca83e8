import Testing

@testable import Service

@Suite struct ClientDescriptionTests {
    @Test func whatAClientSaysOfItselfIsKeptShortAndPlain() {
        let client = ClientDescription(
            address: "", agent: "Mozilla/5.0\r\nSet-Cookie: a=b\u{1B}[31m é" + String(repeating: "x", count: 1000))
        #expect(client.agent?.hasPrefix("Mozilla/5.0Set-Cookie: a=b[31m x") == true)
        #expect(client.agent?.count == ClientDescription.agentLength)
    }
}
