/// The bounds of `HTTPLimits` as settings, each with the field that it sets.
extension Setting {
    private struct Bound: Sendable {
        let setting: Setting
        let set: @Sendable (inout HTTPLimits, Int) -> Void

        init(
            _ key: String, _ range: ClosedRange<Int>, _ standard: Int, _ help: String,
            _ set: @escaping @Sendable (inout HTTPLimits, Int) -> Void
        ) {
            setting = Setting("limits." + key, .number(range), standard: .number(standard), help)
            self.set = set
        }
    }

    private static let bounds: [Bound] = {
        let standard = HTTPLimits()
        func seconds(_ time: Duration) -> Int { Int(time.components.seconds) }
        return [
            Bound("connections", 1...100_000, standard.connections, "Connections open at once.") { $0.connections = $1 },
            Bound("connections_per_address", 1...100_000, standard.connectionsPerAddress, "Of these from one address.") {
                $0.connectionsPerAddress = $1
            },
            Bound("header_bytes", 1024...(1 << 20), standard.headerBytes, "Bytes of a request's head.") { $0.headerBytes = $1 },
            Bound("header_fields", 8...1000, standard.headerFields, "Header fields of a request.") { $0.headerFields = $1 },
            Bound("body_bytes", 1024...(2 << 20), standard.bodyBytes, "Bytes of a request's body.") { $0.bodyBytes = $1 },
            Bound("body_bytes_in_flight", 1024...(16 << 30), standard.bodyBytesInFlight, "Bytes of all bodies that are being worked on.") {
                $0.bodyBytesInFlight = $1
            },
            Bound("requests", 1...100_000, standard.requests, "Requests being worked on at once.") { $0.requests = $1 },
            Bound("streams", 1...100_000, standard.streams, "Live streams open at once.") { $0.streams = $1 },
            Bound("header_seconds", 1...3600, seconds(standard.headerTime), "For the head of a request to arrive.") {
                $0.headerTime = .seconds($1)
            },
            Bound("body_seconds", 1...3600, seconds(standard.bodyTime), "For its body to arrive.") { $0.bodyTime = .seconds($1) },
            Bound("write_seconds", 1...3600, seconds(standard.writeTime), "For a client to take what was sent.") {
                $0.writeTime = .seconds($1)
            },
            Bound("idle_seconds", 1...3600, seconds(standard.idleTime), "Between two requests of a connection.") {
                $0.idleTime = .seconds($1)
            },
            Bound("request_seconds", 1...3600, seconds(standard.requestTime), "For working on a request.") {
                $0.requestTime = .seconds($1)
            },
            Bound("address_rate", 0...1_000_000, standard.addressRate.perSecond, "Requests a second from one address; 0: no limit.") {
                $0.addressRate.perSecond = $1
            },
            Bound("address_burst", 1...1_000_000, standard.addressRate.burst, "Of these at once.") { $0.addressRate.burst = $1 },
            Bound("account_rate", 0...1_000_000, standard.accountRate.perSecond, "Requests a second by one account; 0: no limit.") {
                $0.accountRate.perSecond = $1
            },
            Bound("account_burst", 1...1_000_000, standard.accountRate.burst, "Of these at once.") { $0.accountRate.burst = $1 },
        ]
    }()

    static var limits: [Setting] { bounds.map(\.setting) }

    static func httpLimits(_ configuration: Configuration) -> HTTPLimits {
        bounds.reduce(into: HTTPLimits()) { limits, bound in
            if let value = configuration.number(bound.setting) { bound.set(&limits, value) }
        }
    }
}
