import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A TCP connection to the service under test, for what no HTTP client would send.
final class RawConnection: Sendable {
    private let channel: any Channel
    private let received: Received

    /// What came, and who waits for more.
    private final class Received: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        struct State {
            var bytes: [UInt8] = []
            var isClosed = false
            var waiting: [(promise: EventLoopPromise<Void>, isEnough: @Sendable ([UInt8]) -> Bool)] = []
        }

        let state = Mutex(State())

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { change { $0.bytes += unwrapInboundIn(data).readableBytesView } }
        func channelInactive(context: ChannelHandlerContext) { change { $0.isClosed = true } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        /// Changes the state, and lets go of who has waited for it.
        func change(_ body: (inout State) -> Void) {
            let done = state.withLock { state in
                body(&state)
                let (isClosed, bytes) = (state.isClosed, state.bytes)
                let done = state.waiting.filter { isClosed || $0.isEnough(bytes) }.map(\.promise)
                state.waiting.removeAll { isClosed || $0.isEnough(bytes) }
                return done
            }
            for promise in done { promise.succeed() }
        }
    }

    private init(_ channel: any Channel, _ received: Received) {
        self.channel = channel
        self.received = received
    }

    /// - Parameter source: an address of the loopback range to come from.
    static func open(port: Int, from source: String = "127.0.0.1", tls: NIOSSLContext? = nil) async throws -> RawConnection {
        let received = Received()
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: nil)) }
                    try channel.pipeline.syncOperations.addHandler(received)
                }
            }
            .bind(to: try SocketAddress(ipAddress: source, port: 0))
        return RawConnection(try await bootstrap.connect(host: "127.0.0.1", port: port).get(), received)
    }

    /// What cannot be sent any more, because the service has closed, is no error: the answer tells.
    func send(_ text: String) async { try? await channel.writeAndFlush(ByteBuffer(string: text)) }

    /// All that comes until the connection ends.
    func rest() async throws -> String { try await receive { _ in false } }

    /// One whole answer with a `Content-Length`, or all there is when the connection ends before it.
    func answer() async throws -> String {
        try await receive { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { return false }
            let fields = text[..<end.lowerBound].lowercased().split(separator: "\r\n")
            let length = fields.first { $0.hasPrefix("content-length:") }.flatMap {
                Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces))
            }
            return text[end.upperBound...].utf8.count >= length ?? 0
        }
    }

    /// Waits, half a minute at most.
    private func receive(until isEnough: @escaping @Sendable ([UInt8]) -> Bool) async throws -> String {
        let done = channel.eventLoop.makePromise(of: Void.self)
        let timer = channel.eventLoop.scheduleTask(in: .seconds(30)) { done.fail(EventStream.Failed(description: "no answer came")) }
        received.change { $0.waiting.append((done, isEnough)) }
        defer { timer.cancel() }
        try await done.futureResult.get()
        return received.state.withLock { String(decoding: $0.bytes, as: UTF8.self) }
    }

    func close() async { try? await channel.close() }
}

extension String {
    /// `HTTP/1.1 400 Bad Request` as 400; nil where nothing came, or no answer.
    var httpStatus: Int? {
        guard hasPrefix("HTTP/1.1 ") else { return nil }
        return Int(dropFirst(9).prefix(3))
    }

    /// How many answers it holds.
    var httpAnswers: Int { components(separatedBy: "HTTP/1.1 ").count - 1 }
}
