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
    }

    /// Commands decided on top of each other and appended in one call.
    static let batchCommands = 400
    /// A line longer than this is refused unread.
    static let maximumLineBytes = 2 << 20

    let recorder: Recorder

    public init(_ recorder: Recorder) { self.recorder = recorder }

    /// Imports files in the order given.
    /// - Parameter progress: called after each batch with the report so far.
    /// - Throws: `RecordingError.ledger` when the database fails: everything before is in, and the import can be run again.
    ///   `CocoaError` when a file cannot be read.
    public func run(_ files: [String], progress: (@Sendable (Report) -> Void)? = nil) async throws -> Report {
        var report = Report()
        var batches: [String: ImportBatch] = [:]
        for file in files {
            var lines = try LineReader(path: file, maximumBytes: Importer.maximumLineBytes)
            while let line = try lines.next() {
                guard let bytes = line.bytes else {
                    report.lines += 1
                    refuse("line-too-long", "the line is longer than \(Importer.maximumLineBytes) bytes", file, line.number, &report)
                    continue
                }
                guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
                report.lines += 1
                let request: AppendRequest
                do {
                    request = try read(bytes)
                } catch {
                    refuse(error, file, line.number, &report)
                    continue
                }
                guard let clinic = request.clinic, let log = LogName(clinic: clinic) else { continue }
                report.clinics.insert(clinic)
                var batch = batches.removeValue(forKey: clinic) ?? ImportBatch(log: log, recorder: recorder)
                do {
                    try await batch.add(request, file: file, line: line.number)
                } catch {
                    if case .ledger = error { throw error }
                    refuse(error, file, line.number, &report)
                }
                if batch.count >= Importer.batchCommands {
                    try await batch.flush(into: &report)
                    progress?(report)
                }
                batches[clinic] = batch
            }
        }
        for clinic in batches.keys.sorted() {
            guard var batch = batches.removeValue(forKey: clinic) else { continue }
            try await batch.flush(into: &report)
        }
        report.refused.sort { ($0.file, $0.line) < ($1.file, $1.line) }
        progress?(report)
        return report
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

func refuse(_ error: RecordingError, _ file: String, _ line: Int, _ report: inout Importer.Report) {
    report.refused.append(
        Importer.RefusedLine(file: file, line: line, code: error.code, message: error.message, problems: error.problems))
}

private func refuse(_ code: String, _ message: String, _ file: String, _ line: Int, _ report: inout Importer.Report) {
    report.refused.append(Importer.RefusedLine(file: file, line: line, code: code, message: message, problems: []))
}
