import Canonical
import Foundation
import TestSupport

/// An import file of one test, written line by line.
struct ImportFile {
    private(set) var bytes: [UInt8] = []
    private(set) var lines = 0

    /// - Returns: the line's number.
    @discardableResult
    mutating func add(_ line: JSON, end: String = "\n") -> Int { add(line.canonical, end: end) }

    @discardableResult
    mutating func add(_ text: String, end: String = "\n") -> Int { add(Array(text.utf8), end: end) }

    @discardableResult
    mutating func add(_ line: [UInt8], end: String = "\n") -> Int {
        bytes += line + Array(end.utf8)
        lines += 1
        return lines
    }

    /// Writes it into a directory and gives its path.
    func write(in directory: String, _ name: String = "events.jsonl") throws -> String {
        let path = directory + "/" + name
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }
}
