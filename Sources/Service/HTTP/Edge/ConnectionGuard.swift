import HTTPTypes
import NIOCore

/// Cuts a connection whose client is too slow: with the TLS handshake, the head, the body, with taking the answer, or between two requests.
///
/// Stands first in the pipeline, where the bytes arrive, because a head that comes drop by drop is not seen further on. All its state belongs to the
/// connection's event loop.
final class ConnectionGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// What the client is expected to do next.
    enum Phase {
        case head
        case body
        /// Nothing: it is the service's turn.
        case answer
        case idle
        /// To take the last answer.
        case closing
        /// The last answer has been sent: what still comes is thrown away.
        case lingering
    }

    /// Why a connection was cut, for the metrics.
    enum Cut: String, CaseIterable {
        case head, body, write, idle, refused
    }

    /// How long a client may go on sending after the last answer, so that it can read it.
    static let lingerTime: TimeAmount = .seconds(2)

    private let limits: HTTPLimits
    /// False for a connection over the limit: it is told so and closed.
    private let isAdmitted: Bool
    private let isEncrypted: Bool
    private let onCut: @Sendable (Cut) -> Void

    private var deadline: NIODeadline = .distantFuture
    private(set) var phase: Phase = .head
    private var stalledSince: NIODeadline?
    private var ticker: RepeatedTask?

    init(_ limits: HTTPLimits, isAdmitted: Bool, isEncrypted: Bool, onCut: @escaping @Sendable (Cut) -> Void) {
        self.limits = limits
        self.isAdmitted = isAdmitted
        self.isEncrypted = isEncrypted
        self.onCut = onCut
    }

    func enter(_ phase: Phase) {
        guard self.phase != .lingering, self.phase != .closing || phase == .lingering else { return }
        self.phase = phase
        deadline =
            switch phase {
            case .head: .now() + TimeAmount(limits.headerTime)
            case .body: .now() + TimeAmount(limits.bodyTime)
            case .answer: .distantFuture
            case .idle: .now() + TimeAmount(limits.idleTime)
            case .closing: .now() + TimeAmount(limits.writeTime)
            case .lingering: .now() + Self.lingerTime
            }
    }

    func channelActive(context: ChannelHandlerContext) {
        enter(.head)
        let shortest = [limits.headerTime, limits.bodyTime, limits.writeTime, limits.idleTime, .seconds(4)].min() ?? .seconds(4)
        let tick = TimeAmount(shortest / 4)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        ticker = context.eventLoop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in
            let (handler, context) = bound.value
            handler.tick(context)
        }
        context.fireChannelActive()
        if !isAdmitted { refuse(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        ticker?.cancel()
        ticker = nil
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        ticker?.cancel()
        ticker = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isAdmitted else { return }
        if phase == .idle { enter(.head) }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stalledSince = context.channel.isWritable ? nil : .now()
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if phase == .lingering, event as? ChannelEvent == .inputClosed { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    private func tick(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        if let stalledSince, now - stalledSince > TimeAmount(limits.writeTime) { return cut(.write, context) }
        guard now > deadline else { return }
        switch phase {
        case .head: cut(.head, context)
        case .body: cut(.body, context)
        case .idle: cut(.idle, context)
        case .closing: cut(.write, context)
        case .lingering: context.close(promise: nil)
        case .answer: break
        }
    }

    private func cut(_ reason: Cut, _ context: ChannelHandlerContext) {
        deadline = .distantFuture
        stalledSince = nil
        onCut(reason)
        context.close(promise: nil)
    }

    /// There is no time for a handshake: who wants TLS is only cut off.
    private func refuse(_ context: ChannelHandlerContext) {
        onCut(.refused)
        enter(.closing)
        guard !isEncrypted else { return context.close(promise: nil) }
        let answer = EdgeAnswer(.serviceUnavailable, "too-many-connections", "Too many connections are open: try again shortly.")
        let written = context.eventLoop.makePromise(of: Void.self)
        closeOutput(after: written, context)
        context.writeAndFlush(NIOAny(ByteBuffer(string: answer.text)), promise: written)
    }

    /// A socket that is closed while the client still sends is reset, and the client may never read the answer: so first the one direction, then the other.
    func closeOutput(after written: EventLoopPromise<Void>, _ context: ChannelHandlerContext) {
        enter(.closing)
        written.futureResult.assumeIsolated().whenComplete { _ in
            self.enter(.lingering)
            context.channel.close(mode: .output, promise: nil)
        }
    }
}
