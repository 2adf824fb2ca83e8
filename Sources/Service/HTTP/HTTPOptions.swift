/// How the service stands towards the network.
public struct HTTPOptions: Sendable {
    public var limits = HTTPLimits()
    /// Certificate and key, where the service speaks TLS itself.
    public var tls: TLSFiles?
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    public var trustedProxies: [AddressRange] = []
    /// Who may read `/metrics`.
    public var metricsReaders = AddressRange.loopback
    /// How long nothing is said on a live stream before a comment says that it is still there.
    public var heartbeat: Duration = .seconds(15)
    /// False for a process that only projects or seals: then it tells how it is, and nothing else.
    public var servesAPI = true

    public init() {}
}
