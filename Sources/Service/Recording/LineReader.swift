import Foundation

/// Reads a file line by line in bounded memory. `-` is standard input.
struct LineReader {
    struct Line {
        /// From 1.
        let number: Int
        /// Without the line's end; nil where the line is longer than allowed.
        let bytes: [UInt8]?
    }

    private let handle: FileHandle
    private let maximumBytes: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var number = 0
    private var ended = false

    private static let chunk = 1 << 18

    init(path: String, maximumBytes: Int) throws {
        handle = try path == "-" ? .standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        self.maximumBytes = maximumBytes
    }

    mutating func next() throws -> Line? {
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
            let more = try handle.read(upToCount: LineReader.chunk) ?? Data()
            if more.isEmpty { ended = true } else { buffer.append(contentsOf: more) }
        }
    }
}
