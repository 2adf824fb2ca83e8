import Canonical
public import Clinic
import Foundation
import Ledger
import Synchronization

/// Reads import files (JSON lines) and records each clinic's lines in order, many commands a commit.
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

        mutating func add(_ other: Report) {
            commands += other.commands
            events += other.events
            repeated += other.repeated
            refused += other.refused
            clinics.formUnion(other.clinics)
            lines += other.lines
        }

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
    /// Lines that are read ahead.
    static let blockLines = 256
    /// Groups of files imported at the same time. Each decides while the server writes what it decided before, and both wait for the disk now and then.
    static let maximumGroups = 2 * ProcessInfo.processInfo.activeProcessorCount
    /// How often progress is told.
    static let progressLines = 200

    let recorder: Recorder

    public init(_ recorder: Recorder) { self.recorder = recorder }

    /// Imports files: lines of one clinic in the order given, different clinics at the same time where they stand in different files.
    /// - Parameter progress: called now and then with the report so far.
    /// - Throws: `RecordingError.ledger` when the database fails: what was appended is in, and the import can be run again.
    ///   `UnreadableFile` when a file cannot be read: before anything is recorded where that shows from the start. `CancellationError`.
    public func run(_ files: [String], progress: (@Sendable (Report) -> Void)? = nil) async throws -> Report {
        for file in files { try LineReader.check(file) }
        let groups = try FileGroups(files).groups
        let reports = GroupReports(groups.count)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (index, group) in groups.enumerated() {
                if index >= Importer.maximumGroups { try await tasks.next() }
                tasks.addTask {
                    try await importInOrder(group) { report in
                        reports.put(report, at: index)
                        progress?(reports.sum)
                    }
                }
            }
            try await tasks.waitForAll()
        }
        var report = reports.sum
        let order = Dictionary(files.enumerated().map { ($1, $0) }) { first, _ in first }
        report.refused.sort { (order[$0.file] ?? 0, $0.line) < (order[$1.file] ?? 0, $1.line) }
        progress?(report)
        return report
    }

    /// What each group of files has come to.
    private final class GroupReports: Sendable {
        private let reports: Mutex<[Report]>

        init(_ count: Int) { reports = Mutex(Array(repeating: Report(), count: count)) }

        func put(_ report: Report, at index: Int) { reports.withLock { $0[index] = report } }

        var sum: Report { reports.withLock { reports in reports.reduce(into: Report()) { $0.add($1) } } }
    }

    /// Imports files one after the other.
    /// - Parameter tell: called now and then, and at the end, with the report so far.
    private func importInOrder(_ files: [String], tell: (Report) -> Void) async throws {
        var report = Report()
        var batches: [String: ClinicBatches] = [:]
        for file in files {
            var lines = try LineReader(path: file, maximumBytes: Importer.maximumLineBytes)
            // While lines are decided the next ones are read. Of a pipe nothing is read ahead: what has come is recorded before more is waited for.
            var ahead: Task<[ReadLine], Never>?
            repeat {
                let next = try lines.nextBlock(atMost: Importer.blockLines)
                let reading = next.isEmpty ? nil : Task { next.compactMap { read($0, in: file) } }
                let block = await (lines.isPipe ? reading : ahead)?.value ?? []
                try await lookUp(block, &batches)
                for line in block {
                    try Task.checkCancellation()
                    try await take(line, &batches, &report)
                    if report.lines.isMultiple(of: Importer.progressLines) { tell(report) }
                }
                ahead = reading
            } while ahead != nil
        }
        for clinic in batches.keys.sorted() { try await batches[clinic]?.flush(into: &report) }
        tell(report)
    }

    /// Reads what these lines are decided on, for each clinic at once.
    private func lookUp(_ lines: [ReadLine], _ batches: inout [String: ClinicBatches]) async throws(RecordingError) {
        var requests: [String: [AppendRequest]] = [:]
        for case .success(let request)? in lines.map(\.request) { requests[request.clinic ?? "", default: []].append(request) }
        for (clinic, requests) in requests {
            guard let log = LogName(clinic: clinic) else { continue }
            var batch = batches.removeValue(forKey: clinic) ?? ClinicBatches(log, recorder: recorder)
            defer { batches[clinic] = batch }
            try await batch.lookUp(requests)
        }
    }

    private func take(
        _ read: ReadLine, _ batches: inout [String: ClinicBatches], _ report: inout Report
    ) async throws(RecordingError) {
        report.lines += 1
        guard let request = read.request else {
            return report.refuse("line-too-long", "the line is longer than \(Importer.maximumLineBytes) bytes", read.line)
        }
        do {
            let request = try request.get()
            guard let clinic = request.clinic, let log = LogName(clinic: clinic) else { return }
            report.clinics.insert(clinic)
            // Taken out while it grows, so that it is changed in place.
            var batch = batches.removeValue(forKey: clinic) ?? ClinicBatches(log, recorder: recorder)
            defer { batches[clinic] = batch }
            try await batch.add(request, read.line, into: &report)
        } catch .ledger(let error) {
            throw .ledger(error)
        } catch {
            report.refuse(error, read.line)
        }
    }

    /// A line that is not blank, as it was understood.
    private struct ReadLine: Sendable {
        let line: Line
        /// Nil where it was too long to be read.
        let request: Result<AppendRequest, RecordingError>?
    }

    /// Nil for a blank line.
    private func read(_ read: LineReader.Line, in file: String) -> ReadLine? {
        let line = Line(file: file, number: read.number)
        guard let bytes = read.bytes else { return ReadLine(line: line, request: nil) }
        guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return nil }
        return ReadLine(line: line, request: Result { () throws(RecordingError) in try request(bytes) })
    }

    private func request(_ bytes: [UInt8]) throws(RecordingError) -> AppendRequest {
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
