import Clinic
import Ledger
import Projections

/// The lines of one clinic that are not in its logs yet: a batch for each log.
///
/// The order within each log is that of the lines. Between them one thing counts: an access line is decided on the record as the lines before
/// it made it. So what an access line looks at and a pending line of the record changes goes into the log first.
struct ClinicBatches {
    private var record: ImportBatch
    private var access: ImportBatch

    init(_ log: LogName, recorder: Recorder) {
        record = ImportBatch(log: log.with(.record), recorder: recorder)
        access = ImportBatch(log: log.with(.access), recorder: recorder)
    }

    /// Reads what these requests, the next ones, are decided on.
    mutating func lookUp(_ requests: [AppendRequest]) async throws(RecordingError) {
        try await record.lookUp(requests.filter { $0.stream.kind.log == .record })
        try await access.lookUp(requests.filter { $0.stream.kind.log == .access }, unsettled: record.changes)
    }

    mutating func add(_ request: AppendRequest, _ line: Importer.Line, into report: inout Importer.Report) async throws(RecordingError) {
        switch request.stream.kind.log {
        case .record:
            access.forget(request.stream)
            _ = try await record.add(request, line, into: &report)
        case .access:
            if try await !access.add(request, line, into: &report, unsettled: record.changes) {
                try await record.flush(into: &report)
                _ = try await access.add(request, line, into: &report)
            }
        }
    }

    mutating func flush(into report: inout Importer.Report) async throws(RecordingError) {
        try await record.flush(into: &report)
        try await access.flush(into: &report)
    }
}
