/// What the service takes from anybody, known or not. Each bound is a setting of the configuration.
public struct HTTPLimits: Sendable, Hashable {
    /// Connections open at once; one more is answered 503 and closed.
    public var connections = 2048
    /// Of these from one address, trusted proxies aside.
    public var connectionsPerAddress = 512
    /// Bytes of the request line and all header fields together.
    public var headerBytes = 32 << 10
    /// Header fields in one request.
    public var headerFields = 100
    /// Bytes in one body.
    public var bodyBytes = 2 << 20
    /// Bytes of all bodies that are being worked on, so that many large requests can't fill the memory.
    public var bodyBytesInFlight = 128 << 20
    /// Requests being worked on at once, from the end of the head to the last byte of a large answer.
    public var requests = 512
    /// Live streams open at once.
    public var streams = 256

    /// From the first byte, or the opening of the connection, to the end of the head.
    public var headerTime: Duration = .seconds(10)
    /// From the end of the head to the end of the body.
    public var bodyTime: Duration = .seconds(30)
    /// How long a client may leave an answer lying in the socket's buffer.
    public var writeTime: Duration = .seconds(30)
    /// How long a connection is kept between two requests.
    public var idleTime: Duration = .seconds(75)
    /// How long one request may be worked on before it is given up; streams are not meant.
    public var requestTime: Duration = .seconds(60)

    /// Requests from one address; for IPv6 from one /64.
    public var addressRate = Rate(perSecond: 500, burst: 1000)
    /// Requests by one account.
    public var accountRate = Rate(perSecond: 200, burst: 400)

    public init() {}
}

/// So many a second in the long run, and so many at once. 0 a second: no limit.
public struct Rate: Sendable, Hashable {
    public var perSecond: Int
    public var burst: Int

    public init(perSecond: Int, burst: Int) {
        self.perSecond = perSecond
        self.burst = burst
    }
}
