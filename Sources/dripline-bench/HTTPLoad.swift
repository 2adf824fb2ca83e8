import Foundation

/// Requests over kept HTTP/1.1 connections, driven by one thread: the client takes from the same cores as what it measures, so it does as little
/// as it can.
struct HTTPLoad: Sendable {
    let port: Int
    let connections: Int
    let seconds: Double
    /// Requests a second in all, at even intervals, and latencies count from when a request was due; nil: each connection sends its next
    /// request once it has its answer.
    var rate: Double?
    /// The bytes of the next request of a connection.
    let request: @Sendable (_ connection: Int) -> [UInt8]

    struct Measured: Sendable {
        /// In seconds, one a request.
        var latencies: [Double] = []
        var elapsed = 0.0

        var perSecond: Double { Double(latencies.count) / elapsed }

        static func + (left: Measured, right: Measured) -> Measured {
            Measured(latencies: left.latencies + right.latencies, elapsed: left.elapsed + right.elapsed)
        }
    }

    /// - Throws: `LoadError` when an answer is anything but 201, or a connection breaks.
    func run() async throws -> Measured {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try runHere() }) }
        }
    }

    private func runHere() throws -> Measured {
        let lines = try (0..<connections).map { _ in try LoadConnection(port: port) }
        var polls = lines.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
        let start = now()
        let end = start + seconds
        let interval = rate.map { Double(connections) / $0 }
        var due = (0..<connections).map { start + (interval ?? 0) * Double($0) / Double(connections) }
        var measured = Measured()
        while true {
            let time = now()
            var nextDue = end
            for (index, line) in lines.enumerated() where !line.isWaiting && due[index] < end {
                if due[index] <= time, time < end {
                    try line.send(request(index))
                } else {
                    nextDue = min(nextDue, due[index])
                }
            }
            if time >= end, !lines.contains(where: \.isWaiting) { break }
            // Rounded down: better a turn too many than a request that is late.
            let pause = time >= end ? 1000 : interval == nil ? 1000 : Int32(max(0, (nextDue - time) * 1000))
            guard poll(&polls, nfds_t(polls.count), pause) >= 0 || errno == EINTR else { throw LoadError.broken }
            for (index, line) in lines.enumerated() where polls[index].revents != 0 {
                guard try line.receive() else { continue }
                let answered = now()
                measured.latencies.append(answered - (interval == nil ? line.sentAt : due[index]))
                due[index] = interval.map { due[index] + $0 } ?? answered
            }
        }
        measured.elapsed = now() - start
        return measured
    }
}

enum LoadError: Error, CustomStringConvertible {
    case broken
    case answer(String)

    var description: String {
        switch self {
        case .broken: "A connection to the service broke."
        case .answer(let text): "The service answered otherwise than 201: \(text)"
        }
    }
}

/// Seconds of the monotonic clock.
func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// One connection with at most one request under way.
private final class LoadConnection {
    let socket: Int32
    private(set) var sentAt = 0.0
    private(set) var isWaiting = false
    private var buffer = [UInt8](repeating: 0, count: 16_384)
    private var filled = 0

    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard status == 0 else { throw LoadError.broken }
        var one: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(socket) }

    func send(_ bytes: [UInt8]) throws {
        sentAt = now()
        isWaiting = true
        filled = 0
        guard Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { throw LoadError.broken }
    }

    /// Reads what has come; true once the answer is whole.
    func receive() throws -> Bool {
        let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress?.advanced(by: filled), $0.count - filled, 0) }
        guard count > 0 else { throw LoadError.broken }
        filled += count
        return try buffer.withUnsafeBytes { bytes in
            let answer = UnsafeRawBufferPointer(rebasing: bytes[..<filled])
            guard let head = Self.place(of: "\r\n\r\n", in: answer) else { return false }
            guard let field = Self.place(of: "content-length: ", in: answer) ?? Self.place(of: "Content-Length: ", in: answer) else {
                throw LoadError.broken
            }
            var length = 0
            for byte in answer[(field + 16)...].prefix(while: { $0 != 0x0D }) { length = length * 10 + Int(byte) - 0x30 }
            guard filled >= head + 4 + length else { return false }
            guard answer.starts(with: "HTTP/1.1 201".utf8) else { throw LoadError.answer(String(decoding: answer, as: UTF8.self)) }
            isWaiting = false
            return true
        }
    }

    private static func place(of text: StaticString, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress, bytes.count >= text.utf8CodeUnitCount else { return nil }
        return (0...(bytes.count - text.utf8CodeUnitCount)).first { memcmp(base + $0, text.utf8Start, text.utf8CodeUnitCount) == 0 }
    }
}
