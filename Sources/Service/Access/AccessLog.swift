import Canonical
import Clinic
import Foundation
import HTTPTypes
import Ledger

/// Writes what the service itself states of an access: that a chart was read, data went out, something was refused.
///
/// Nothing is decided: the service knows who asked, and that it happened. So a write is one append without conditions, which goes down together with
/// whatever else waits for the same log. Whoever calls holds back the answer until it is durable.
struct AccessLog: Sendable {
    let ledger: Ledger

    /// Who did it, and where what concerns no patient stands.
    struct Author: Sendable, Hashable {
        let clinic: String
        let staff: String
        let credential: UUID

    }

    /// What was shown of a patient.
    struct Reading: Sendable, Hashable {
        let patient: UUID
        let resource: String
        let purpose: String
    }

    func read(_ readings: [Reading], by principal: Principal) async throws {
        try await write(
            readings.map { reading in
                Entry(
                    .chartRead,
                    [
                        "patient": .string(reading.patient.lowercase), "resource": .string(reading.resource),
                        "purpose": .string(reading.purpose),
                    ],
                    patient: reading.patient)
            }, Author(principal))
    }

    func exported(_ resource: String, format: String?, purpose: String?, patient: UUID?, by author: Author) async throws {
        var data: [String: JSON] = ["resource": .string(resource)]
        data["format"] = format.map { .string($0) }
        data["purpose"] = purpose.map { .string($0) }
        data["patient"] = patient.map { .string($0.lowercase) }
        try await write([Entry(.exportMade, .object(data), patient: patient)], author)
    }

    func refused(_ resource: String, reason: String, patient: UUID?, by principal: Principal) async throws {
        var data: [String: JSON] = ["resource": .string(resource), "reason": .string(reason)]
        data["patient"] = patient.map { .string($0.lowercase) }
        try await write([Entry(.accessDenied, .object(data), patient: patient)], Author(principal))
    }

    /// A stream for each patient, or each credential, and day, so that none grows without end: what follows the log folds a changed stream whole.
    private static func stream(of id: UUID, at time: Timestamp) -> StreamID {
        .access(UUID.v5(namespace: id, name: String(time.description.prefix(10))))
    }

    private struct Entry {
        let type: EventType
        let data: JSON
        let patient: UUID?

        init(_ type: EventType, _ data: JSON, patient: UUID?) {
            self.type = type
            self.data = data
            self.patient = patient
        }
    }

    /// - Throws: `ProblemResponse`, 503: then the answer stays here.
    private func write(_ entries: [Entry], _ author: Author) async throws {
        guard !entries.isEmpty, let log = LogName(clinic: author.clinic, kind: .access) else { return }
        let now = Timestamp.now()
        do {
            let events = try entries.map { entry in
                let body = try EventBody(type: entry.type, data: entry.data)
                let stream = Self.stream(of: entry.patient ?? author.credential, at: now)
                return NewEvent(
                    stream: stream.description, type: entry.type.rawValue, v: Int16(entry.type.currentVersion), occurredAt: now,
                    subject: body.subject?.description, payload: body.data.canonical)
            }
            let command = AppendCommand(id: UUID.v7(at: now), actor: author.staff, events: events)
            guard case .appended = try await ledger.sequencer(for: log).append(command) else {
                throw LedgerError.malformed("the access log did not take what was written")
            }
        } catch let error as ValidationError {
            throw ProblemResponse(.badRequest, "invalid-parameter", "The purpose can't be recorded: \(error.description).")
        } catch {
            var problem = ProblemResponse(
                .serviceUnavailable, "access-log-unavailable",
                "Nothing is shown while the access log can't be written; try again in a moment.")
            problem.headers[.retryAfter] = "1"
            throw problem
        }
    }
}

extension AccessLog.Author {
    init(_ principal: Principal) {
        let credential =
            switch principal.credential {
            case .session(let id), .token(let id): id
            case .openID(let issuer): UUID.v5(namespace: Self.others, name: "\(issuer)\n\(principal.staff)")
            }
        self.init(clinic: principal.clinic, staff: principal.staff, credential: credential)
    }

    /// The operator of the database, who needs no account.
    init(operator staff: String, of clinic: String) {
        self.init(clinic: clinic, staff: staff, credential: UUID.v5(namespace: Self.others, name: "operator \(staff)"))
    }

    /// The SHA-1 namespace of what has no id of its own: 16 bytes that stand nowhere else.
    private static let others = UUID(
        uuid: (0x8d, 0x1f, 0x42, 0x07, 0x3a, 0x6b, 0x4c, 0x90, 0xa5, 0xe2, 0x61, 0x7d, 0x0c, 0x58, 0xb3, 0x19))
}

extension Database {
    /// Writes down that data of a clinic leaves in a file, by the hand of the database's operator. Returns once it is durable.
    /// - Throws: `LedgerError`: then it may not leave.
    public func exported(_ resource: String, format: String?, purpose: String?, from clinic: String, by actor: String) async throws {
        do {
            try await AccessLog(ledger: ledger).exported(
                resource, format: format, purpose: purpose, patient: nil, by: .init(operator: actor, of: clinic))
        } catch is ProblemResponse {
            throw LedgerError.unreachable("the access log of \(clinic) can't be written, so nothing is exported")
        }
    }
}
