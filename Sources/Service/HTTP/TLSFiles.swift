/// Where the service's certificate and its key stand, as PEM.
public struct TLSFiles: Sendable, Hashable {
    /// The certificate, and after it those that lead to a root.
    public let certificate: String
    public let key: String

    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
