/// Where a request comes from and with what, as far as that is known; kept with a session, so that its owner can recognise it.
struct ClientDescription: Sendable {
    let address: String
    let agent: String?

    /// What is kept of what a client says of itself.
    static let agentLength = 200

    init(address: String, agent: String?) {
        self.address = address
        self.agent = agent.map { text in
            let printable = text.unicodeScalars.filter { $0.isASCII && $0.value >= 0x20 && $0.value < 0x7F }
            return String(String.UnicodeScalarView(printable.prefix(Self.agentLength)))
        }
    }

    /// What failed attempts are counted by.
    var network: String { AddressRange.key(of: address) }
}
