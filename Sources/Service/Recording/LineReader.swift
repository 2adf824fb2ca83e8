import Foundation

/// Reads a file line by line in bounded memory. `-` is standard input.
struct LineReader {
    struct Line {
        /// From 1.
        let number: Int
        /// Without the line's end; nil where the line is longer than allowed.
        let bytes: [UInt8]?
    }

    private let path: String
    private let handle: FileHandle
    private let maximumBytes: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var number = 0
    private var ended = false

    private static let chunk = 1 << 18

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    init(path: String, maximumBytes: Int) throws(Importer.UnreadableFile) {
        self.path = path
        self.maximumBytes = maximumBytes
        if path == "-" {
            handle = .standardInput
            return
        }
        try LineReader.check(path)
        guard let opened = FileHandle(forReadingAtPath: path) else {
            throw Importer.UnreadableFile(file: path, reason: "permission is denied")
        }
        handle = opened
    }

    /// Whether the file can be read, as far as that shows without opening it: a pipe may be opened once only.
    static func check(_ path: String) throws(Importer.UnreadableFile) {
        guard path != "-" else { return }
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw Importer.UnreadableFile(file: path, reason: "there is no such file")
        }
        guard !isDirectory else { throw Importer.UnreadableFile(file: path, reason: "it is a folder; name the files in it") }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw Importer.UnreadableFile(file: path, reason: "permission is denied")
        }
    }

    /// Whether it is a file that can be read twice: no pipe, and not standard input.
    static func isRegular(_ path: String) -> Bool {
        guard path != "-", let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return false }
        return attributes[.type] as? FileAttributeType == .typeRegular
    }

    /// The next line; nil at the end. A byte order mark at the start of the file is no part of its first line.
    mutating func next() throws(Importer.UnreadableFile) -> Line? {
        guard let line = try nextRaw() else { return nil }
        guard line.number == 1, let bytes = line.bytes, bytes.starts(with: LineReader.byteOrderMark) else { return line }
        return Line(number: 1, bytes: Array(bytes.dropFirst(LineReader.byteOrderMark.count)))
    }

    /// The next line with those behind it that have been read already; none at the end.
    mutating func nextBlock(atMost limit: Int) throws(Importer.UnreadableFile) -> [Line] {
        var lines: [Line] = []
        while lines.count < limit, lines.isEmpty || buffer[start...].contains(UInt8(ascii: "\n")), let line = try next() {
            lines.append(line)
        }
        return lines
    }

    /// Whether its lines come as somebody writes them.
    var isPipe: Bool {
        lseek(handle.fileDescriptor, 0, SEEK_CUR) < 0
    }

    private mutating func nextRaw() throws(Importer.UnreadableFile) -> Line? {
        var searched = start
        var isTooLong = false
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[start..<end]
                start = end + 1
                number += 1
                return Line(number: number, bytes: isTooLong || line.count > maximumBytes ? nil : Array(line))
            }
            if ended {
                guard start < buffer.count || isTooLong else { return nil }
                let line = buffer[start...]
                start = buffer.count
                number += 1
                return Line(number: number, bytes: isTooLong || line.count > maximumBytes ? nil : Array(line))
            }
            buffer.removeFirst(start)
            start = 0
            if buffer.count > maximumBytes {
                // Skipped to its end without keeping it.
                isTooLong = true
                buffer.removeAll(keepingCapacity: true)
            }
            searched = buffer.count
            try readMore()
        }
    }

    /// Takes what there is: `FileHandle.read` would wait until a pipe has filled the whole chunk.
    private mutating func readMore() throws(Importer.UnreadableFile) {
        let held = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: LineReader.chunk))
        let count = buffer.withUnsafeMutableBytes { bytes -> Int in
            while true {
                let count = read(handle.fileDescriptor, bytes.baseAddress?.advanced(by: held), LineReader.chunk)
                if count >= 0 || errno != EINTR { return count }
            }
        }
        buffer.removeLast(LineReader.chunk - max(count, 0))
        if count < 0 { throw Importer.UnreadableFile(file: path, reason: "reading failed") }
        if count == 0 { ended = true }
    }
}
