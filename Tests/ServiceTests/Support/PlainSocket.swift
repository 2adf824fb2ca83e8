import Foundation

/// A TCP connection of which the test decides when it reads. Never blocks: it looks again after a while.
final class PlainSocket: Sendable {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private let descriptor: Int32

    /// - Parameter receiveBuffer: bytes that the kernel keeps for the test, so that a reader who does not read holds up the writer soon.
    init(port: Int, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failed(description: "no socket") }
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { throw Failed(description: "no connection") }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failed(description: "not sent")
        }
    }

    /// Reads until the other side closes, or what came satisfies a condition.
    func read(until isEnough: (Data) -> Bool = { _ in false }) async throws -> Data {
        var (found, buffer) = (Data(), [UInt8](repeating: 0, count: 1 << 16))
        let deadline = ContinuousClock.now + .seconds(60)
        while !isEnough(found) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                found.append(contentsOf: buffer[..<count])
                continue
            }
            // A connection that was reset has ended too.
            guard count < 0, errno == EAGAIN else { return found }
            guard ContinuousClock.now < deadline else { throw Failed(description: "nothing more came; so far \(found.count) bytes") }
            try await Task.sleep(for: .milliseconds(2))
        }
        return found
    }
}
