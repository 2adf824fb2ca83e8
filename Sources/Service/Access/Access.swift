import Canonical
import Clinic
import Foundation
import Ledger
import Synchronization

/// What one request was allowed to do, and what its answer shows of whom. Made by ``AccessMiddleware``, which writes it down before the answer leaves.
final class Access: Sendable {
    let operation: Operation
    let basis: AccessDecision.Basis
    let principal: Principal
    /// The patient whom the request is about, where it is about one.
    let patient: UUID?
    /// Open for this patient where ``basis`` says so.
    let glass: BrokenGlass?
    let purpose: String
    private let log: AccessLog
    private let renewal: @Sendable () async throws -> Principal
    /// What was tried, where that is more exact than the operation.
    let attempt = Mutex<Operation?>(nil)
    private let shown = Mutex<[UUID: String]>([:])
    /// Patients whose reading is in the log already: while an answer streams, each is written once.
    private let written = Mutex<Set<UUID>>([])

    init(
        _ operation: Operation, basis: AccessDecision.Basis, principal: Principal, patient: UUID?, glass: BrokenGlass?, purpose: String?,
        log: AccessLog, renewal: @escaping @Sendable () async throws -> Principal
    ) {
        self.operation = operation
        self.basis = basis
        self.principal = principal
        self.patient = patient
        self.glass = glass
        self.log = log
        self.renewal = renewal
        self.purpose =
            purpose
            ?? glass.map { "emergency, break-glass \($0.invocation.lowercase)" }
            ?? (basis == .care ? "treatment" : principal.roles.sorted().joined(separator: ", "))
    }

    /// The answer will show these patients' data.
    /// - Parameter resource: what of it, as the access log names it.
    func shows(_ patients: some Sequence<UUID>, as resource: String) {
        shown.withLock { shown in for patient in patients where shown[patient] == nil { shown[patient] = resource } }
    }

    /// Writes down what was said to be shown since the last time. The answer, or its next part, leaves after that.
    /// - Throws: `ProblemResponse`, 503.
    func write() async throws {
        let new = shown.withLock { shown in
            defer { shown = [:] }
            return shown
        }
        let unwritten = written.withLock { written in new.filter { !written.contains($0.key) } }
        guard !unwritten.isEmpty else { return }
        try await log.read(
            unwritten.sorted { $0.key.lowercase < $1.key.lowercase }.map {
                AccessLog.Reading(patient: $0.key, resource: $0.value, purpose: purpose)
            }, by: principal)
        written.withLock { $0.formUnion(unwritten.keys) }
    }

    /// Whether what allowed it still holds. While an answer streams, a glass may close, a token may be revoked, somebody may lose a role.
    func stillHolds() async -> Bool {
        if let glass, Timestamp.now() > glass.until { return false }
        guard let now = try? await renewal() else { return false }
        return now.clinic == principal.clinic && now.staff == principal.staff && now.roles == principal.roles
    }

    /// The mark of an emergency in the answer.
    func marked(_ json: JSON) -> JSON {
        guard let glass, case .object(var members) = json else { return json }
        members["break_glass"] = glass.json
        return .object(members)
    }
}

extension Access {
    /// The answer, or its next part, will show these events. What shows who looked at whom is written down as an export, once: else reading it would
    /// make more to read.
    func shows(_ events: [StoredEvent], of log: LogName, _ ledger: Ledger) async throws {
        guard log.kind == .record, let first = events.first, let last = events.last else { return }
        shows(try await Self.patients(in: events, of: log, ledger), as: "events \(first.position)–\(last.position)")
    }

    /// Every patient whom these events of a log concern: by the event's own stream and subject, else by those of the session that it names.
    static func patients(in events: [StoredEvent], of log: LogName, _ ledger: Ledger) async throws -> Set<UUID> {
        var patients: Set<UUID> = []
        var sessions: Set<String> = []
        func look(at name: String) {
            guard let stream = StreamID(name) else { return }
            switch stream.kind {
            case .patient, .access: if let id = stream.id, stream.kind == .patient { patients.insert(id) }
            case .session: sessions.insert(name)
            case .vial, .clinic: return
            }
        }
        for event in events {
            look(at: event.stream)
            if let subject = event.subject { look(at: subject) }
        }
        for subjects in try await ledger.subjects(of: sessions, in: log.with(.record)).values {
            for subject in subjects {
                if let stream = StreamID(subject), stream.kind == .patient, let id = stream.id { patients.insert(id) }
            }
        }
        return patients
    }
}
