import Foundation

/// A file whose lines are found by their number.
final class LineFile: Sendable {
    let path: String
    private let descriptor: Int32
    /// Where each line begins, and at last where the file ends.
    private let starts: [Int64]
    private let endsWithNewline: Bool

    private static let chunk = 1 << 18

    init(_ path: String) throws(ExportError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, reason: FileFailure.words(errno)) }
        var starts: [Int64] = [0]
        var offset: Int64 = 0
        var last: UInt8 = UInt8(ascii: "\n")
        while true {
            let bytes: [UInt8]
            do {
                bytes = try Self.read(descriptor, path, from: offset, count: Self.chunk)
            } catch {
                close(descriptor)
                throw error
            }
            guard let end = bytes.last else { break }
            bytes.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                var at = 0
                while at < bytes.count, let found = memchr(base + at, 0x0A, bytes.count - at) {
                    at = base.distance(to: found) + 1
                    starts.append(offset + Int64(at))
                }
            }
            offset += Int64(bytes.count)
            last = end
        }
        endsWithNewline = last == UInt8(ascii: "\n")
        if !endsWithNewline { starts.append(offset) }
        self.starts = starts
    }

    deinit { close(descriptor) }

    var count: Int { starts.count - 1 }

    /// The lines of these numbers, from 0.
    func lines(_ range: Range<Int>) throws(ExportError) -> LinePage {
        let first = starts[range.lowerBound]
        let bytes = try Self.read(descriptor, path, from: first, count: Int(starts[range.upperBound] - first))
        guard bytes.count == Int(starts[range.upperBound] - first) else { throw .file(path: path, reason: "it was cut while it was read") }
        let lines = range.map { line in
            let isLast = line == count - 1
            let end = Int(starts[line + 1] - first) - (isLast && !endsWithNewline ? 0 : 1)
            return Int(starts[line] - first)..<end
        }
        return LinePage(bytes: bytes, lines: lines)
    }

    private static func read(_ descriptor: Int32, _ path: String, from offset: Int64, count: Int) throws(ExportError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let place = off_t(offset) + off_t(initialized)
                let got = pread(descriptor, buffer.baseAddress?.advanced(by: initialized), count - initialized, place)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { return }
                initialized += got
            }
        }
        guard failure == 0 else { throw .file(path: path, reason: FileFailure.words(failure)) }
        return bytes
    }
}
