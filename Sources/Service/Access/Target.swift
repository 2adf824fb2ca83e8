import Canonical
import Clinic
import Foundation
import Hummingbird
import Ledger

/// What a request wants to do, and whose data that is about.
struct Target: Sendable, Hashable {
    let operation: Operation
    /// Nil where it is about no patient, about many, or about a session that has none.
    let patient: UUID?

    /// - Throws: `ProblemResponse`, 400, for a query that can't be read.
    init(_ route: RouteOperation, _ request: Request, _ context: ServiceContext, _ ledger: Ledger) async throws {
        func id() -> UUID? { context.parameters.get("id").flatMap(UUID.init(canonical:)) }
        func patient(of session: UUID?) async throws -> UUID? {
            guard let session, let log = context.parameters.get("clinic").flatMap({ LogName(clinic: $0) }) else { return nil }
            let stream = StreamID.session(session).description
            let subjects = try await ledger.subjects(of: [stream], in: log)[stream] ?? []
            return subjects.compactMap { StreamID($0) }.first { $0.kind == .patient }?.id
        }
        switch route {
        case .plain(let operation): self.init(operation, nil)
        case .ofPatient(let operation): self.init(operation, id())
        case .ofSession(let operation): self.init(operation, try await patient(of: id()))
        case .ofQuery(let parameter, let operation, let otherwise):
            switch (parameter, try Query(request).uuid(parameter.rawValue)) {
            case (_, nil): self.init(otherwise, nil)
            case (.patient, let named): self.init(operation, named)
            case (.session, let named): self.init(operation, try await patient(of: named))
            }
        case .recording:
            // Never blocked, and taken from everybody: each type in the body is asked for by itself.
            self.init(.append(.breakGlassInvoked), nil)
        case .anyEvent: self.init(try Query(request).log() == .access ? .readAccessLog : .readRecord, nil)
        case .tiles: self.init(context.parameters.getCatchAll().first == "entries" ? .readEntries : .readProofs, nil)
        case .events(let isLive):
            let query = Query(request)
            let stream = try query.stream("stream").flatMap { StreamID($0) }
            switch (stream?.kind, try query.log()) {
            case (.patient, _): self.init(isLive ? .followPatientEvents : .readPatientEvents, stream?.id)
            case (.session, _):
                self.init(isLive ? .followPatientEvents : .readPatientEvents, try await patient(of: stream?.id))
            case (.vial, _): self.init(isLive ? .followVialEvents : .readVialEvents, nil)
            case (.clinic, _): self.init(isLive ? .followClinicEvents : .readClinicEvents, nil)
            case (_, .access): self.init(isLive ? .followAccessLog : .readAccessLog, nil)
            case (_, .record): self.init(isLive ? .followRecord : .readRecord, nil)
            }
        }
    }

    private init(_ operation: Operation, _ patient: UUID?) {
        self.operation = operation
        self.patient = patient
    }
}

extension Operation {
    /// Whether its answer shows clinical content of the patient that it is about.
    var isReading: Bool {
        switch self {
        case .readChart, .compareCharts, .readSession, .readPatientOutcomes, .readSessionVerdicts, .readPatientEvents,
            .followPatientEvents:
            true
        default: false
        }
    }

    /// Whether its answer is a file about many, which is written down as such.
    var isExport: Bool {
        switch self {
        case .runAudit, .readReports, .readAccess, .readPatientAccess, .readBreakGlass, .readAccessLog, .followAccessLog, .readEntries: true
        default: false
        }
    }

    /// What was read, as the access log names it.
    func resource(_ context: ServiceContext) -> String {
        switch self {
        case .readChart: "chart"
        case .compareCharts: "chart diff"
        case .readSession: "session/" + (context.parameters.get("id") ?? "")
        case .readPatientEvents: "events"
        case .followPatientEvents: "events/live"
        case .readSessionVerdicts: "verdicts"
        case .readPatientOutcomes: "outcomes"
        case .runAudit: "audit"
        case .readReports: "report" + (context.parameters.get("name").map { " " + $0 } ?? "s")
        case .readAccess, .readPatientAccess: "account of access"
        case .readBreakGlass: "break-glass list"
        case .readAccessLog, .followAccessLog: "access log"
        case .readEntries: "entries of a log"
        default: name
        }
    }
}
