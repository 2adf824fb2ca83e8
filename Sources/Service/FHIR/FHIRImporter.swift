import Canonical
import Clinic
import Foundation
public import Ledger

/// Registers the patients of a file of FHIR R4 `Patient` resources (NDJSON), and records what the source changed of those that it registered
/// before. A line that is refused is reported and left out; running the same file again records nothing.
public struct FHIRImporter: Sendable {
    private let recorder: Recorder
    private let log: LogName
    private let actor: String

    /// Lines whose patients are read from the log in one query.
    private static let chunk = 200

    private typealias Entry = (patient: FHIRPatient, line: Importer.Line)

    /// - Parameters:
    ///   - log: the clinic's record.
    ///   - actor: the staff handle that registers the patients.
    public init(_ recorder: Recorder, log: LogName, actor: String) {
        self.recorder = recorder
        self.log = log.with(.record)
        self.actor = actor
    }

    /// Imports a file; `-` is standard input. Memory holds the kept elements of a few hundred patients.
    /// - Parameter progress: called now and then with the report so far.
    /// - Throws: `RecordingError.refused` before anything is recorded where the actor may not register patients; else as `Importer.run`.
    public func run(_ file: String, progress: (@Sendable (Importer.Report) -> Void)? = nil) async throws -> Importer.Report {
        let clinic = try await clinic()
        var report = Importer.Report()
        report.clinics = [log.clinic]
        var batch = ImportBatch(log: log, recorder: recorder)
        var lines = try LineReader(path: file, maximumBytes: Importer.maximumLineBytes)
        var entries: [Entry] = []
        while let next = try lines.next() {
            try Task.checkCancellation()
            let line = Importer.Line(file: file, number: next.number)
            if let patient = read(next.bytes, line, &report) { entries.append((patient, line)) }
            if entries.count == Self.chunk {
                try await record(entries, clinic, &batch, &report)
                entries = []
            }
            if report.lines.isMultiple(of: Importer.progressLines) { progress?(report) }
        }
        try await record(entries, clinic, &batch, &report)
        try await batch.flush(into: &report)
        report.refused.sort { $0.line < $1.line }
        progress?(report)
        return report
    }

    /// The clinic's staff, among whom the actor must be: one answer for the whole file rather than one a line.
    private func clinic() async throws(RecordingError) -> ClinicReference {
        let reference = ClinicReference(try await recorder.load([.clinic], of: log)[.clinic] ?? History())
        guard let staff = reference.staff(actor, at: .now()) else {
            throw .refused(
                Refusal(
                    kind: .forbidden, code: "actor-not-enrolled",
                    message: "\(actor) is not enrolled at \(log.clinic); have an administrator enrol them first."))
        }
        if let roles = EventType.patientRegistered.roles, staff.roles.isDisjoint(with: roles) {
            let names = roles.map(\.rawValue).sorted().joined(separator: ", ")
            throw .refused(
                Refusal(
                    kind: .forbidden, code: "role-not-allowed",
                    message: "\(actor) may not register patients; it takes one of the roles \(names)."))
        }
        return reference
    }

    private func read(_ bytes: [UInt8]?, _ line: Importer.Line, _ report: inout Importer.Report) -> FHIRPatient? {
        guard let bytes else {
            report.lines += 1
            report.refuse("line-too-long", "the line is longer than \(Importer.maximumLineBytes) bytes", line)
            return nil
        }
        guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return nil }
        report.lines += 1
        do throws(RecordingError) {
            let json: JSON
            do {
                json = try JSON.parse(bytes)
            } catch {
                throw .invalid(ValidationError([Problem(pointer: "", message: error.description)]))
            }
            return try FHIRPatient(json, clinic: log.clinic)
        } catch {
            report.refuse(error, line)
            return nil
        }
    }

    private func record(
        _ entries: [Entry], _ clinic: ClinicReference, _ batch: inout ImportBatch, _ report: inout Importer.Report
    ) async throws(RecordingError) {
        _ = try await batch.histories(of: Set(entries.map { .patient($0.patient.id) }))
        for (patient, line) in entries {
            // Again for each: a line before may be of the same patient.
            let history = try await batch.histories(of: [.patient(patient.id)])[.patient(patient.id)] ?? History()
            guard case .event(let command, let type, let data) = FHIRPatientPlan(patient, history, clinic: log.clinic) else {
                report.repeated += 1
                continue
            }
            do {
                let request = try request(command, type, data, of: patient, after: history, clinic)
                _ = try await batch.add(request, line, into: &report)
            } catch .ledger(let error) {
                throw .ledger(error)
            } catch {
                report.refuse(Self.ofResource(error), line)
            }
        }
    }

    private func request(
        _ command: UUID, _ type: EventType, _ data: JSON, of patient: FHIRPatient, after history: History, _ clinic: ClinicReference
    ) throws(RecordingError) -> AppendRequest {
        let now = Timestamp.now()
        var occurred = patient.lastUpdated ?? now
        // Nobody registered it here before they worked here; when the source entered it is kept as the time of charting.
        if clinic.staff(actor, at: occurred) == nil, let staff = clinic.staff(actor, at: now) { occurred = max(occurred, staff.enrolledAt) }
        // A change is one of what was charted before it.
        if type == .patientDetailsChanged, let last = history.clinical.last(where: \.isOfDetails) {
            occurred = max(occurred, last.occurredAt)
        }
        var members: [String: JSON] = [
            "command": .string(command.lowercase), "stream": .string(StreamID.patient(patient.id).description),
            "type": .string(type.rawValue), "occurred_at": .string(occurred.description), "data": data, "clinic": .string(log.clinic),
            "actor": .string(actor),
        ]
        members["charted_at"] = patient.lastUpdated.map { .string($0.description) }
        do {
            return try AppendRequest(.object(members), form: .importLine)
        } catch {
            throw .invalid(error)
        }
    }

    /// What is wrong with the request, said of the resource that it was made from.
    private static func ofResource(_ error: RecordingError) -> RecordingError {
        guard case .refused(let refusal) = error else { return error }
        let problems = refusal.problems.map { problem in
            let isTime = ["/occurred_at", "/charted_at"].contains(problem.pointer)
            return Problem(pointer: isTime ? "/meta/lastUpdated" : "", message: problem.message)
        }
        return .refused(Refusal(kind: refusal.kind, code: refusal.code, message: refusal.message, problems: problems))
    }
}

extension ChartEvent {
    /// Whether it says who the patient is.
    fileprivate var isOfDetails: Bool {
        switch body {
        case .patientRegistered, .patientDetailsChanged: true
        default: false
        }
    }
}
