public import Canonical
public import Clinic
public import Foundation
public import Ledger
import Postgres

/// Who did what with whose data, in one line: from the read model `access_report`.
public struct AccessSummary: Sendable, Hashable {
    public let event: UUID
    /// In the access log.
    public let position: Int64
    public let at: Timestamp
    /// A staff handle, or the name that was tried.
    public let actor: String
    public let type: String
    public let patient: UUID?
    public let resource: String?
    public let purpose: String?
    public let detail: String?
    /// Of a disclosure.
    public let recipient: String?
    public let recipientAddress: String?
    public let description: String?
    /// Voided as charted by mistake; it stays listed.
    public let isVoided: Bool

    /// What was done, in the words of an account that a patient reads.
    public var words: String {
        switch EventType(rawValue: type) {
        case .chartRead: "read"
        case .exportMade: patient == nil ? "exported for the whole clinic" : "exported"
        case .accessDenied: "refused"
        case .breakGlassInvoked: "opened in an emergency"
        case .disclosureMade: "disclosed"
        case .signedIn: "signed in"
        case .signedOut: "signed out"
        case .signInFailed: "failed to sign in"
        case .breakGlassReviewed: "reviewed an emergency access"
        default: type
        }
    }

    public var json: JSON {
        var members: [String: JSON] = [
            "event": .string(event.lowercase), "position": .number(JSONNumber(position)), "at": .string(at.description),
            "actor": .string(actor), "type": .string(type),
        ]
        for (key, value) in [
            ("patient", patient?.lowercase), ("resource", resource), ("purpose", purpose), ("detail", detail), ("recipient", recipient),
            ("recipient_address", recipientAddress), ("description", description),
        ] {
            members[key] = value.map { .string($0) }
        }
        if isVoided { members["voided"] = true }
        return .object(members)
    }

    public static let csvHeader = "at,what,who,resource,purpose,detail,recipient,recipient_address,description,voided,position"

    /// A line for ``csvHeader``.
    public var csv: String {
        CSV.line([
            (at.description, false), (words, false), (actor, true), (resource, true), (purpose, true), (detail, true), (recipient, true),
            (recipientAddress, true), (description, true), (isVoided ? "true" : "false", false), (String(position), false),
        ])
    }
}

/// Which accesses to list, in the order of the log.
public struct AccessQuery: Sendable, Hashable {
    /// What concerns this patient.
    public var patient: UUID?
    /// With `patient`: also files about the whole clinic, which may hold this patient's data too.
    public var withExports = false
    public var actor: String?
    public var type: EventType?
    /// When it happened.
    public var period = ReportPeriod()
    /// Only after this position of the access log.
    public var after: Int64 = 0
    /// Only up to this one.
    public var upTo: Int64 = .max
    public var limit: Int

    public init(patient: UUID? = nil, withExports: Bool = false, limit: Int = 100) {
        self.patient = patient
        self.withExports = withExports
        self.limit = max(1, limit)
    }
}

extension Ledger {
    /// Accesses from the read model, in the order of the access log.
    public func accesses(of clinic: String, _ query: AccessQuery) async throws -> [AccessSummary] {
        let rows = try await read { connection in
            try await connection.query(
                """
                SELECT e.event, e.position, e.occurred_at, e.actor, e.type, e.patient, e.resource, e.purpose, e.detail, d.recipient, \
                d.recipient_address, d.description, e.voided \
                FROM access_report.events e LEFT JOIN access_report.disclosures d USING (clinic, stream, event) \
                WHERE e.clinic = $1 AND e.position > $2 \
                AND ($3::uuid IS NULL OR e.patient = $3 OR ($4 AND e.patient IS NULL AND e.type = 'ExportMade')) \
                AND ($5::text IS NULL OR e.actor = $5) AND ($6::text IS NULL OR e.type = $6) \
                AND ($7::timestamptz IS NULL OR e.occurred_at >= $7) AND ($8::timestamptz IS NULL OR e.occurred_at < $8) \
                AND e.position <= $9 ORDER BY e.position LIMIT $10
                """,
                [
                    clinic, query.after, query.patient, query.withExports, query.actor, query.type?.rawValue,
                    query.period.from.map { SQLTimestamp(microseconds: $0.microseconds) },
                    query.period.before.map { SQLTimestamp(microseconds: $0.microseconds) }, query.upTo, Int64(query.limit),
                ])
        }
        return try rows.map { row in
            let (event, position, at, actor, type, patient, resource, purpose, detail, recipient, address, description, voided) =
                try row.decode(
                    UUID.self, Int64.self, SQLTimestamp.self, String.self, String.self, UUID?.self, String?.self, String?.self,
                    String?.self, String?.self, String?.self, String?.self, Bool.self)
            return AccessSummary(
                event: event, position: position, at: Timestamp(at), actor: actor, type: type, patient: patient, resource: resource,
                purpose: purpose, detail: detail, recipient: recipient, recipientAddress: address, description: description,
                isVoided: voided)
        }
    }

    /// Emergency accesses from the read model, in the order of the access log; voided ones are left out where only those without review are asked for.
    public func breakGlass(of clinic: String, _ query: BreakGlassQuery) async throws -> [BreakGlassSummary] {
        let rows = try await read { connection in
            try await connection.query(
                """
                SELECT event, stream, position, invoked_at, actor, patient, reason, reviewed_at, reviewer, by_another, outcome, note, voided \
                FROM access_report.break_glass \
                WHERE clinic = $1 AND position > $2 AND (NOT $3 OR (NOT voided AND by_another IS NOT true)) \
                AND ($4::uuid IS NULL OR patient = $4) AND ($5::timestamptz IS NULL OR invoked_at >= $5) \
                AND ($6::timestamptz IS NULL OR invoked_at < $6) ORDER BY position LIMIT $7
                """,
                [
                    clinic, query.after, query.unreviewedOnly, query.patient,
                    query.period.from.map { SQLTimestamp(microseconds: $0.microseconds) },
                    query.period.before.map { SQLTimestamp(microseconds: $0.microseconds) }, Int64(query.limit),
                ])
        }
        return try rows.map { row in
            let (event, stream, position, at, actor, patient, reason, reviewedAt, reviewer, byAnother, outcome, note, voided) =
                try row.decode(
                    UUID.self, String.self, Int64.self, SQLTimestamp.self, String.self, UUID.self, String.self, SQLTimestamp?.self,
                    String?.self, Bool?.self, String?.self, String?.self, Bool.self)
            return BreakGlassSummary(
                invocation: event, stream: stream, position: position, at: Timestamp(at), actor: actor, patient: patient, reason: reason,
                reviewedAt: reviewedAt.map { Timestamp($0) }, reviewer: reviewer, isReviewedByAnother: byAnother, outcome: outcome,
                note: note, isVoided: voided)
        }
    }
}

/// Which emergency accesses to list, in the order of the log.
public struct BreakGlassQuery: Sendable, Hashable {
    /// Only those that wait for a review by somebody else.
    public var unreviewedOnly = false
    public var patient: UUID?
    public var period = ReportPeriod()
    /// Only after this position of the access log.
    public var after: Int64 = 0
    public var limit: Int

    public init(limit: Int = 100) { self.limit = max(1, limit) }
}

/// An emergency access and what became of it.
public struct BreakGlassSummary: Sendable, Hashable {
    public let invocation: UUID
    /// Where the review belongs.
    public let stream: String
    /// In the access log.
    public let position: Int64
    public let at: Timestamp
    public let actor: String
    public let patient: UUID
    public let reason: String
    public let reviewedAt: Timestamp?
    public let reviewer: String?
    /// Nil while there is no review.
    public let isReviewedByAnother: Bool?
    public let outcome: String?
    public let note: String?
    public let isVoided: Bool

    public var json: JSON {
        var members: [String: JSON] = [
            "invocation": .string(invocation.lowercase), "stream": .string(stream), "position": .number(JSONNumber(position)),
            "at": .string(at.description), "actor": .string(actor), "patient": .string(patient.lowercase), "reason": .string(reason),
        ]
        members["by_another"] = isReviewedByAnother.map { .bool($0) }
        members["reviewed_at"] = reviewedAt.map { .string($0.description) }
        for (key, value) in [("reviewer", reviewer), ("outcome", outcome), ("note", note)] { members[key] = value.map { .string($0) } }
        if isVoided { members["voided"] = true }
        return .object(members)
    }
}
