import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Ledger
public import Logging
import NIOCore
public import ServiceLifecycle

/// The HTTP API over one database.
public struct HTTPService: Service {
    private let database: Database
    private let address: ListenAddress
    private let options: HTTPOptions
    private let telemetry: Telemetry
    private let witnesses: WitnessCollector?
    private let logger: Logger
    private let onListening: @Sendable (ListenAddress) async -> Void

    /// - Parameters:
    ///   - telemetry: what is measured; one a process.
    ///   - witnesses: who collects cosignatures in this process, for `/readyz`.
    ///   - onListening: called once with the address in use, its port the real one where 0 was asked for.
    public init(
        _ database: Database, address: ListenAddress, options: HTTPOptions = HTTPOptions(), telemetry: Telemetry = Telemetry(),
        witnesses: WitnessCollector? = nil, logger: Logger, onListening: @escaping @Sendable (ListenAddress) async -> Void
    ) {
        self.database = database
        self.address = address
        self.options = options
        self.telemetry = telemetry
        self.witnesses = witnesses
        self.logger = logger
        self.onListening = onListening
    }

    public func run() async throws {
        let (limits, telemetry) = (options.limits, telemetry)
        let proxies = ProxyTrust(ranges: options.trustedProxies)
        let (admission, overseer) = (Admission(limits), Overseer(limit: limits.requestTime))
        let connections = ConnectionTable(limits, proxies: proxies)
        database.ledger.observer = telemetry.observer
        let certificate = try options.tls.map { try ReloadingCertificate($0, logger: logger) }

        let gauges = GaugeReader(database.ledger, telemetry: telemetry, admission: admission, connections: connections)
        let desk = AuditDesk(database.ledger, logger: logger)
        let responder = EdgeResponder(
            inner: router(admission, gauges, desk).buildResponder(), limits: limits, isEncrypted: certificate != nil, proxies: proxies,
            admission: admission, overseer: overseer, addresses: RateLimiter(limits.addressRate),
            telemetry: HTTPTelemetry(telemetry: telemetry), logger: logger)
        let server = HTTPServerBuilder { responder in
            var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
            decoder.maxHeaderFieldSize = limits.headerBytes
            decoder.maxHeaderListSize = limits.headerBytes
            decoder.maxHeaderFieldCount = limits.headerFields
            let plain = HTTP1Channel(
                responder: responder,
                configuration: .init(additionalChannelHandlers: [RequestGuard(limits)], httpDecoderConfiguration: decoder))
            let onCut: @Sendable (ConnectionGuard.Cut) -> Void = { telemetry.cut($0) }
            guard let certificate else {
                return GuardedChannel(base: plain, limits: limits, connections: connections, isEncrypted: false, onCut: onCut)
            }
            return GuardedChannel(
                base: try TLSChannel(plain, configuration: certificate.channelConfiguration), limits: limits, connections: connections,
                isEncrypted: true, onCut: onCut)
        }
        var quiet = logger
        // Hummingbird tells of its own starting and stopping; `onListening` does it in our words.
        quiet.logLevel = max(quiet.logLevel, .warning)
        let (host, listening) = (address.host, onListening)
        let application = Application(
            responder: responder, server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: "dripline",
                availableConnectionsDelegate: .maximum(limits.connections + ConnectionTable.margin, logger: quiet)),
            onServerRunning: { channel in await listening(ListenAddress(host: host, port: channel.localAddress?.port ?? 0)) },
            logger: quiet)
        try await withGracefulShutdownHandler {
            try await serve(application, overseer, certificate, desk)
        } onGracefulShutdown: {
            admission.stop()
        }
    }

    /// Method and path of every route.
    static func routes(over database: Database) -> [String] {
        let service = HTTPService(database, address: .standard, logger: Logger(label: "routes")) { _ in }
        let (admission, connections) = (Admission(HTTPLimits()), ConnectionTable(HTTPLimits(), proxies: ProxyTrust(ranges: [])))
        let gauges = GaugeReader(database.ledger, telemetry: service.telemetry, admission: admission, connections: connections)
        let desk = AuditDesk(database.ledger, logger: service.logger)
        return service.router(admission, gauges, desk).routes.map { "\($0.method) \($0.path)" }
    }

    /// All paths, with what each request passes before its route.
    private func router(_ admission: Admission, _ gauges: GaugeReader, _ desk: AuditDesk) -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self)
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: CompressionMiddleware())
        router.add(middleware: DescriptionMiddleware())
        HealthRoutes(
            database: database, witnesses: witnesses, telemetry: telemetry, gauges: gauges, admission: admission,
            metricsReaders: options.metricsReaders
        ).add(to: router)
        guard options.servesAPI else { return router }
        router.add(middleware: AuthenticationMiddleware(accounts: database.accounts))
        router.add(middleware: AccountRateMiddleware(RateLimiter(options.limits.accountRate)))
        router.add(middleware: AccessMiddleware(database: database))
        AccountRoutes(accounts: database.accounts).add(to: router)
        SetupRoutes(accounts: database.accounts).add(to: router)
        let clinic = ClinicRoutes(database: database, heartbeat: options.heartbeat)
        clinic.add(to: router)
        ReportRoutes(clinic: clinic).add(to: router)
        AccessRoutes(clinic: clinic).add(to: router)
        AuditRoutes(clinic: clinic, desk: desk).add(to: router)
        DescriptionRoute().add(to: router)
        LogRoutes(database: database).add(to: router)
        return router
    }

    private func serve(
        _ application: some ApplicationProtocol, _ overseer: Overseer, _ certificate: ReloadingCertificate?, _ desk: AuditDesk
    ) async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await overseer.watch() }
                if let certificate { group.addTask { await certificate.watch() } }
                defer { group.cancelAll() }
                try await application.run()
            }
            await desk.close()
        } catch let error as IOError {
            throw error.errnoCode == EADDRINUSE
                ? ListenError.inUse(address) : ListenError.notPossible(address, reason: String(cString: strerror(error.errnoCode)))
        }
    }
}
