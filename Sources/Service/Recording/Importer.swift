import Canonical
public import Clinic
import Foundation
import Ledger

/// Reads import files (JSON lines) and records them in order, clinic by clinic, many commands a commit.
///
/// Each line is decided like any request, on top of the lines before it. A line that is refused is reported and left out; the others go in.
/// Running the same file again is safe: what is in the log already counts as repeated.
public struct Importer: Sendable {
    /// A line that was not recorded.
    public struct RefusedLine: Sendable, Hashable {
        public let file: String
        /// From 1.
        public let line: Int
        public let code: String
        public let message: String
        public let problems: [Problem]
    }

    public struct Report: Sendable, Hashable {
        /// Commands, and events, that went in now.
        public var commands = 0
        public var events = 0
        /// Commands that were in the log already.
        public var repeated = 0
        public var refused: [RefusedLine] = []
        public var clinics: Set<String> = []
        /// Lines read, blank ones not counted.
        public var lines = 0

        mutating func recorded(_ events: Int) {
            commands += 1
            self.events += events
        }

        mutating func refuse(_ error: RecordingError, _ line: Line) {
            refused.append(
                RefusedLine(file: line.file, line: line.number, code: error.code, message: error.message, problems: error.problems))
        }

        mutating func refuse(_ code: String, _ message: String, _ line: Line) {
            refused.append(RefusedLine(file: line.file, line: line.number, code: code, message: message, problems: []))
        }
    }

    /// A file that cannot be opened or read.
    public struct UnreadableFile: Error, CustomStringConvertible {
        public let file: String
        let reason: String

        public var description: String { "\(file) cannot be read: \(reason)." }
    }

    /// Where a line stands.
    struct Line: Sendable {
        let file: String
        let number: Int
    }

    /// A line longer than this is refused unread.
    static let maximumLineBytes = 2 << 20
    /// How often progress is told.
    static let progressLines = 200

    let recorder: Recorder

    public init(_ recorder: Recorder) { self.recorder = recorder }

    /// Imports files in the order given.
    /// - Parameter progress: called now and then with the report so far.
    /// - Throws: `RecordingError.ledger` when the database fails: what was appended is in, and the import can be run again.
    ///   `UnreadableFile` when a file cannot be read: before anything is recorded where that shows from the start. `CancellationError`.
    public func run(_ files: [String], progress: (@Sendable (Report) -> Void)? = nil) async throws -> Report {
        var report = Report()
        var batches: [String: ClinicBatches] = [:]
        for file in files { try LineReader.check(file) }
        for file in files {
            var lines = try LineReader(path: file, maximumBytes: Importer.maximumLineBytes)
            while let read = try lines.next() {
                try Task.checkCancellation()
                try await take(read.bytes, Line(file: file, number: read.number), &batches, &report)
                if report.lines.isMultiple(of: Importer.progressLines) { progress?(report) }
            }
        }
        for clinic in batches.keys.sorted() { try await batches[clinic]?.flush(into: &report) }
        let order = Dictionary(files.enumerated().map { ($1, $0) }) { first, _ in first }
        report.refused.sort { (order[$0.file] ?? 0, $0.line) < (order[$1.file] ?? 0, $1.line) }
        progress?(report)
        return report
    }

    private func take(
        _ bytes: [UInt8]?, _ line: Line, _ batches: inout [String: ClinicBatches], _ report: inout Report
    ) async throws(RecordingError) {
        guard let bytes else {
            report.lines += 1
            return report.refuse("line-too-long", "the line is longer than \(Importer.maximumLineBytes) bytes", line)
        }
        guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }
        report.lines += 1
        do {
            let request = try read(bytes)
            guard let clinic = request.clinic, let log = LogName(clinic: clinic) else { return }
            report.clinics.insert(clinic)
            // Taken out while it grows, so that it is changed in place.
            var batch = batches.removeValue(forKey: clinic) ?? ClinicBatches(log, recorder: recorder)
            defer { batches[clinic] = batch }
            try await batch.add(request, line, into: &report)
        } catch .ledger(let error) {
            throw .ledger(error)
        } catch {
            report.refuse(error, line)
        }
    }

    private func read(_ bytes: [UInt8]) throws(RecordingError) -> AppendRequest {
        let json: JSON
        do {
            json = try JSON.parse(bytes)
        } catch {
            throw .invalid(ValidationError([Problem(pointer: "", message: error.description)]))
        }
        do {
            return try AppendRequest(json, form: .importLine)
        } catch {
            throw .invalid(error)
        }
    }
}
