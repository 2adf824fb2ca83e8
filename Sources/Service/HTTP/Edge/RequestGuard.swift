import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Watches the requests of one connection: refuses what is no sound HTTP, tells `ConnectionGuard` whose turn it is, and closes in order after a last
/// answer. All its state belongs to the connection's event loop.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: HTTPLimits
    private var connection: ConnectionGuard?
    /// Requests whose answer has not been written to the end.
    private var pending = 0
    private var isReadingBody = false
    private var isWritingAnswer = false
    private var bodyBytes = 0
    /// The answer under way is the last.
    private var closesAfterAnswer = false
    /// Nothing more is read or written here.
    private var isOver = false

    init(_ limits: HTTPLimits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) {
        connection = try? context.pipeline.syncOperations.handler(type: ConnectionGuard.self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { connection = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            pending += 1
            isReadingBody = true
            bodyBytes = 0
            connection?.enter(.body)
            if let answer = Self.objection(to: head) { return give(answer, context) }
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            // Routes refuse a long body with words; this is for who goes on sending.
            if bodyBytes > limits.bodyBytes { closesAfterAnswer = true }
            if bodyBytes > 4 * limits.bodyBytes { return context.close(promise: nil) }
        case .end:
            isReadingBody = false
            connection?.enter(pending > 0 ? .answer : .idle)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isOver else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head) where !head.status.isInformational:
            isWritingAnswer = true
            if head.headerFields[.connection] == "close" { closesAfterAnswer = true }
            if closesAfterAnswer { head.headerFields[.connection] = "close" }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            pending -= 1
            isWritingAnswer = false
            guard closesAfterAnswer else {
                if pending == 0, !isReadingBody { connection?.enter(.idle) }
                return context.write(data, promise: promise)
            }
            isOver = true
            writeLast(data, promise, context)
        default: context.write(data, promise: promise)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOver else { return }
        switch error {
        case HTTPParserError.headerOverflow:
            give(
                EdgeAnswer(
                    .requestHeaderFieldsTooLarge, "headers-too-large",
                    "The head of a request may have \(limits.headerFields) fields and \(limits.headerBytes) bytes."), context)
        case is HTTPParserError:
            give(EdgeAnswer(.badRequest, "malformed-request", "This is no sound HTTP request."), context)
        case let error as ChannelError where error == .inputClosed || error == .eof: context.fireErrorCaught(error)
        default:
            // A broken TLS record, a reset connection, a request that has no form in HTTP's own types: there is nobody to talk to.
            isOver = true
            context.close(promise: nil)
        }
    }

    /// Answers at once, where no answer has been begun; then the connection is done with.
    private func give(_ answer: EdgeAnswer, _ context: ChannelHandlerContext) {
        isOver = true
        guard !isWritingAnswer, pending <= 1 else { return context.close(promise: nil) }
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        context.write(wrapOutboundOut(.body(answer.content)), promise: nil)
        writeLast(wrapOutboundOut(.end(nil)), nil, context)
    }

    private func writeLast(_ data: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        let written = promise ?? context.eventLoop.makePromise()
        connection?.closeOutput(after: written, context)
        context.writeAndFlush(data, promise: written)
    }

    /// What the parser takes and no proxy should have let through (RFC 9112 § 3.2, § 6).
    private static func objection(to head: HTTPRequest) -> EdgeAnswer? {
        let hosts = head.headerFields[values: HTTPField.Name("Host")!]
        guard let host = head.authority, !host.isEmpty, hosts.isEmpty else {
            return EdgeAnswer(.badRequest, "malformed-request", "A request names its host once, in the header Host.")
        }
        let codings = head.headerFields[values: .transferEncoding]
        if !codings.isEmpty {
            guard codings.count == 1, codings[0].lowercased() == "chunked", head.headerFields[.contentLength] == nil else {
                return EdgeAnswer(
                    .badRequest, "malformed-request", "The only transfer coding that is taken is chunked, without Content-Length.")
            }
        }
        return nil
    }
}

extension HTTPResponse.Status {
    fileprivate var isInformational: Bool { kind == .informational }
}
