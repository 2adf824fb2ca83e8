import CPostgres
import Foundation
import Logging
import Synchronization

/// One libpq connection. Every call is made on its connection's own thread and may block it.
final class ServerLink {
    private let pointer: OpaquePointer
    let notices: Notices
    /// Set from any thread by `Connection.close`; read between waits.
    private let interrupt: Interrupt
    private(set) var isLost = false

    /// How often a wait looks whether its task was cancelled or the connection closed.
    private static let sliceMilliseconds: Int32 = 50
    /// How long a cancelled statement may take to end before the connection is given up.
    private static let cancelLimit: Duration = .seconds(10)

    init(_ settings: ConnectionSettings, interrupt: Interrupt, logger: Logger) throws {
        let parameters = settings.parameters
        let (keywords, values) = (parameters.map(\.keyword), parameters.map(\.value))
        let connected = withCStrings(keywords) { keywords in
            withCStrings(values) { values in PQconnectdbParams(keywords, values, 0) }
        }
        guard let connected else { throw PostgresError.lost("out of memory while connecting") }
        guard PQstatus(connected) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(connected))
            PQfinish(connected)
            throw PostgresError.connecting(to: settings, message: message)
        }
        pointer = connected
        self.interrupt = interrupt
        interrupt.opened(socket: PQsocket(connected))
        notices = Notices(logger: logger)
        PQsetNoticeReceiver(
            pointer,
            { context, result in
                guard let context, let result else { return }
                Unmanaged<Notices>.fromOpaque(context).takeUnretainedValue().receive(result)
            }, Unmanaged.passUnretained(notices).toOpaque())
    }

    deinit {
        interrupt.opened(socket: -1)
        PQfinish(pointer)
    }

    enum TransactionState { case idle, inTransaction, failed, unknown }

    var transactionState: TransactionState {
        switch PQtransactionStatus(pointer) {
        case PQTRANS_IDLE: .idle
        case PQTRANS_INTRANS: .inTransaction
        case PQTRANS_INERROR: .failed
        default: .unknown
        }
    }

    var processID: Int32 { PQbackendPID(pointer) }
    var serverVersion: Int { Int(PQserverVersion(pointer)) }

    // MARK: sending

    func send(script sql: String) throws {
        try sent(PQsendQuery(pointer, sql))
    }

    func send(prepare name: String, sql: String, types: [UInt32]) throws {
        try sent(PQsendPrepare(pointer, name, sql, Int32(types.count), types))
    }

    func send(execute name: String, _ parameters: borrowing EncodedParameters) throws {
        let status = parameters.withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(pointer, name, count, values, lengths, formats, 1)
        }
        try sent(status)
    }

    private func sent(_ status: Int32) throws {
        interrupt.rests = false
        guard status == 1 else { throw lose() }
    }

    func putCopy(_ bytes: ArraySlice<UInt8>) throws {
        let status = bytes.withUnsafeBytes { raw in
            PQputCopyData(pointer, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(raw.count))
        }
        guard status == 1 else { throw lose() }
    }

    func endCopy(error: String? = nil) throws {
        guard PQputCopyEnd(pointer, error) == 1 else { throw lose() }
    }

    // MARK: receiving

    /// The last result of what was sent. A server error comes back as a result, not as a throw; throws when the connection is lost.
    func finish(cancellable: Bool) throws -> QueryResult {
        var last: QueryResult?
        while let result = try next(cancellable: cancellable) {
            let status = result.status
            // The first error of a script is the one to report.
            if last?.isError != true { last = consume result }
            if status == PGRES_COPY_IN || status == PGRES_COPY_OUT { break }
        }
        guard let last else { throw lose() }
        return last
    }

    /// The next result, nil when there is none left.
    func next(cancellable: Bool) throws -> QueryResult? {
        var wait = CancellableWait(cancellable: cancellable)
        while PQisBusy(pointer) == 1 {
            try pause(&wait)
        }
        return PQgetResult(pointer).map { QueryResult($0) }
    }

    /// One message of a COPY to us, handed to `body`; false at the end.
    func nextCopyMessage(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        var wait = CancellableWait(cancellable: true)
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(pointer, &buffer, 1)
            switch length {
            case 1...:
                defer { PQfreemem(buffer) }
                try body(UnsafeRawBufferPointer(start: buffer, count: Int(length)))
                return true
            case 0:
                try pause(&wait)
            case -1:
                return false
            default:
                // The server's error, if there is one, comes with the result that follows.
                if PQstatus(pointer) != CONNECTION_OK { throw lose() }
                return false
            }
        }
    }

    /// Waits for the socket for one slice, reads what came, and sends a cancel request where the task or the connection asks for it.
    private func pause(_ wait: inout CancellableWait) throws {
        if wait.cancellable, wait.cancelledAt == nil, Task.isCancelled || interrupt.isClosing {
            wait.cancelledAt = .now
            requestCancel()
        }
        if let at = wait.cancelledAt, ContinuousClock.now - at > Self.cancelLimit {
            throw lose("the server did not answer a cancel request")
        }
        if try waitReadable(milliseconds: Self.sliceMilliseconds), PQconsumeInput(pointer) == 0 {
            throw lose()
        }
    }

    /// Runs on the connection's own thread, so a slow connect delays nobody else.
    func requestCancel() {
        guard let cancel = PQgetCancel(pointer) else { return }
        defer { PQfreeCancel(cancel) }
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(cancel, &message, Int32(message.count))
    }

    private func waitReadable(milliseconds: Int32) throws -> Bool {
        let socket = PQsocket(pointer)
        guard socket >= 0 else { throw lose() }
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, milliseconds) > 0
    }

    /// Reads what waits on the socket; false once the server is gone.
    func probe() -> Bool {
        // A last message may stand before the end of the stream, so it is read until there is nothing more.
        while !isLost, let readable = try? waitReadable(milliseconds: 0), readable {
            if PQconsumeInput(pointer) == 0 { _ = lose() }
        }
        // Parses what was read.
        _ = PQisBusy(pointer)
        if notices.isEnded { _ = lose() }
        return !isLost && PQstatus(pointer) == CONNECTION_OK
    }

    func notification(timeoutMilliseconds: Int) throws -> PostgresNotification? {
        let end = ContinuousClock.now + .milliseconds(timeoutMilliseconds)
        while true {
            if let found = PQnotifies(pointer) {
                defer { PQfreemem(found) }
                return PostgresNotification(
                    channel: String(cString: found.pointee.relname), payload: String(cString: found.pointee.extra),
                    processID: found.pointee.be_pid)
            }
            try Task.checkCancellation()
            if interrupt.isClosing { throw PostgresError.closed }
            let left = (end - .now) / .milliseconds(1)
            guard left > 0 || timeoutMilliseconds == 0 else { return nil }
            let readable = try waitReadable(milliseconds: min(Int32(clamping: Int(left.rounded(.up))), Self.sliceMilliseconds))
            guard readable || timeoutMilliseconds > 0 else { return nil }
            if readable, PQconsumeInput(pointer) == 0 { throw lose() }
        }
    }

    /// Marks the connection as lost and gives the error for it.
    func lose(_ message: String = "the connection to the database was lost") -> PostgresError {
        isLost = true
        return .lost(message, detail: String(cString: PQerrorMessage(pointer)))
    }

    /// Looks at libpq's own state after a statement.
    func noteStatus() {
        if PQstatus(pointer) != CONNECTION_OK { isLost = true }
        interrupt.rests = !isLost && transactionState == .idle
    }
}

/// How far the cancelling of one statement is.
struct CancellableWait {
    let cancellable: Bool
    var cancelledAt: ContinuousClock.Instant?
}

/// What any thread may know of a connection without asking its own thread, and how it is told to end.
final class Interrupt: Sendable {
    private let closing = Atomic(false)
    /// Written by the connection's thread.
    private let resting = Atomic(false)
    private let socket = Atomic<Int32>(-1)

    /// Raised by `Connection.close`, from any thread.
    var isClosing: Bool { closing.load(ordering: .acquiring) }
    func close() { closing.store(true, ordering: .releasing) }

    /// Whether the last statement has ended, outside of a transaction, with the connection sound.
    var rests: Bool {
        get { resting.load(ordering: .acquiring) }
        set { resting.store(newValue, ordering: .releasing) }
    }

    func opened(socket: Int32) {
        self.socket.store(socket, ordering: .releasing)
        rests = socket >= 0
    }

    /// Whether it rests and nothing has come from the server meanwhile, as it would if it had ended the session.
    var isQuiet: Bool {
        let socket = socket.load(ordering: .acquiring)
        guard socket >= 0, rests, !isClosing else { return false }
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) == 0
    }
}

extension QueryResult {
    var isError: Bool { status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE }
}

/// A NULL-terminated array of C strings for the length of `body`.
private func withCStrings<T>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
    var pointers: [UnsafePointer<CChar>?] = texts.map { text in strdup(text).map { UnsafePointer($0) } }
    pointers.append(nil)
    defer { for pointer in pointers { free(UnsafeMutablePointer(mutating: pointer)) } }
    return body(pointers)
}
