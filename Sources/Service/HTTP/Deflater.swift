import CGzip
import NIOCore

/// A gzip stream (RFC 1952) under way. Used by one writer.
final class Deflater {
    /// Fast, and within some per cent of the smallest for JSON.
    static let level: Int32 = 4
    /// Bytes taken from the compressor at once.
    private static let piece = 32 << 10

    private let stream: OpaquePointer

    init() {
        guard let stream = cgzip_new(Deflater.level) else { preconditionFailure("there is no memory for a gzip stream") }
        self.stream = stream
    }

    deinit { cgzip_free(stream) }

    /// What comes out when this goes in; perhaps nothing yet.
    func deflate(_ buffer: ByteBuffer) -> ByteBuffer { run(buffer, finish: 0) }

    /// The rest.
    func finish() -> ByteBuffer { run(ByteBuffer(), finish: 1) }

    private func run(_ input: ByteBuffer, finish: Int32) -> ByteBuffer {
        var output = ByteBuffer()
        input.withUnsafeReadableBytes { bytes in
            cgzip_input(stream, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
            var isFull = true
            while isFull {
                output.writeWithUnsafeMutableBytes(minimumWritableBytes: Deflater.piece) { room in
                    let written = cgzip_output(stream, room.bindMemory(to: UInt8.self).baseAddress, room.count, finish)
                    isFull = written == room.count
                    return written
                }
            }
            cgzip_input(stream, nil, 0)
        }
        return output
    }
}
