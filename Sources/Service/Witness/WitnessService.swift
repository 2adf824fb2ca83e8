import Foundation
import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle
import Tlog

/// A witness over HTTP: `POST /add-checkpoint`, and `GET /vkey` for people who set it up.
public struct WitnessService: Service {
    private let witness: Witness
    private let address: ListenAddress
    private let logger: Logger
    private let onListening: @Sendable (ListenAddress) async -> Void

    /// A request is a proof and a checkpoint; both are short.
    static let maximumBody = 64 << 10

    public init(
        _ witness: Witness, address: ListenAddress, logger: Logger, onListening: @escaping @Sendable (ListenAddress) async -> Void
    ) {
        self.witness = witness
        self.address = address
        self.logger = logger
        self.onListening = onListening
    }

    public func run() async throws {
        let router = Router()
        let witness = witness
        router.post("add-checkpoint") { request, _ in
            var request = request
            guard let body = try? await request.collectBody(upTo: Self.maximumBody) else {
                return Self.response(.contentTooLarge, "The body is too long.\n")
            }
            return Self.response(to: try await witness.answer(String(buffer: body)))
        }
        router.get("vkey") { _, _ in Self.response(.ok, witness.verifier.description + "\n") }
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        let (host, listening) = (address.host, onListening)
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port), serverName: "dripline-witness"),
            onServerRunning: { channel in await listening(ListenAddress(host: host, port: channel.localAddress?.port ?? 0)) },
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw error.errnoCode == EADDRINUSE
                ? ListenError.inUse(address) : ListenError.notPossible(address, reason: String(cString: strerror(error.errnoCode)))
        }
    }

    private static func response(to answer: Witness.Answer) -> Response {
        switch answer {
        case .cosigned(let line): response(.ok, line)
        case .malformed(let what): response(.badRequest, "The request: \(what).\n")
        case .untrusted: response(.forbidden, "No key that is trusted here signed the checkpoint.\n")
        case .unknownOrigin: response(.notFound, "This witness does not know the log.\n")
        case .conflict(let size): response(.conflict, "\(size)\n", type: "text/x.tlog.size")
        case .inconsistent: response(.unprocessableContent, "The proof does not lead from what was signed before.\n")
        }
    }

    private static func response(_ status: HTTPResponse.Status, _ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
