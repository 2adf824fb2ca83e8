import Foundation

/// Some lines of a file, side by side.
struct LinePage: Sendable {
    private let bytes: [UInt8]
    /// Where each line begins and ends, without its line break.
    private let lines: [Range<Int>]

    init(bytes: [UInt8], lines: [Range<Int>]) {
        self.bytes = bytes
        self.lines = lines
    }

    var count: Int { lines.count }
    /// Of all its lines and their ends.
    var byteCount: Int { lines.last.map { $0.upperBound + 1 } ?? 0 }

    /// Lends the lines' bytes.
    func withLines<T>(_ body: ((Int) -> UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        try bytes.withUnsafeBytes { bytes in try body { bytes[part: lines[$0]] } }
    }
}

/// Reads a file's lines once, from the first to the last, some at a time. It holds one page.
struct LinePages: ~Copyable {
    private let path: String
    private let descriptor: Int32
    /// What was read behind the last page.
    private var rest: [UInt8] = []
    private var isAtEnd = false

    private static let chunk = 1 << 20

    init(_ path: String) throws(ExportError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, reason: FileFailure.words(errno)) }
    }

    deinit { close(descriptor) }

    /// The next lines, fewer than `limit` only at the end.
    mutating func next(_ limit: Int) throws(ExportError) -> LinePage {
        var bytes = rest
        var lines: [Range<Int>] = []
        lines.reserveCapacity(limit)
        var start = 0
        var searched = 0
        while lines.count < limit {
            let end = bytes.withUnsafeBytes { bytes -> Int? in
                guard let base = bytes.baseAddress, searched < bytes.count else { return nil }
                return memchr(base + searched, 0x0A, bytes.count - searched).map { base.distance(to: $0) }
            }
            if let end {
                lines.append(start..<end)
                start = end + 1
                searched = start
                continue
            }
            searched = bytes.count
            if isAtEnd {
                // A last line without its line break.
                if start < bytes.count { lines.append(start..<bytes.count) }
                start = bytes.count
                break
            }
            try read(into: &bytes)
        }
        rest = Array(bytes[start...])
        return LinePage(bytes: bytes, lines: lines)
    }

    private mutating func read(into bytes: inout [UInt8]) throws(ExportError) {
        var failure: Int32 = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunk) { [descriptor] buffer, count in
            var got = Foundation.read(descriptor, buffer.baseAddress, Self.chunk)
            while got < 0, errno == EINTR { got = Foundation.read(descriptor, buffer.baseAddress, Self.chunk) }
            if got < 0 { failure = errno }
            count = max(got, 0)
        }
        guard failure == 0 else { throw .file(path: path, reason: FileFailure.words(failure)) }
        isAtEnd = chunk.isEmpty
        bytes += chunk
    }

    /// About how many lines a file has: its size by that of its first ones.
    static func expectedCount(_ path: String) throws(ExportError) -> Int64 {
        var pages = try LinePages(path)
        var status = stat()
        let first = try pages.next(256)
        guard stat(path, &status) == 0, first.count > 0 else { return 0 }
        return Int64(status.st_size) * Int64(first.count) / Int64(max(1, first.byteCount))
    }
}
