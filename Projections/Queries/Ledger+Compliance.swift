import Canonical
import Clinic
public import Foundation
public import Ledger
import Postgres

/// Which verdicts to show.
public struct ComplianceQuery: Sendable, Hashable {
    public var session: UUID?
    public var rule: String?
    public var verdict: Verdict?
    /// Only those that stand after this place in the list.
    public var after: Judgement.Place?
    /// Nil for all.
    public var limit: Int?

    public init(
        session: UUID? = nil, rule: String? = nil, verdict: Verdict? = nil, after: Judgement.Place? = nil, limit: Int? = nil
    ) {
        self.session = session
        self.rule = rule
        self.verdict = verdict
        self.after = after
        self.limit = limit
    }

    func admits(_ judgement: Judgement) -> Bool {
        (rule == nil || judgement.rule == rule) && (verdict == nil || judgement.verdict == verdict)
            && (after?.stands(before: judgement) ?? true)
    }
}

extension Ledger {
    /// Verdicts from the read model, by stream and rule.
    public func judgements(of clinic: String, _ query: ComplianceQuery = ComplianceQuery()) async throws -> [Judgement] {
        let rows = try await read { connection in
            try await connection.query(
                """
                SELECT stream, patient, session_number, session_at, rule, rule_set, verdict, sentence, deciding, policy_version, decided_at, \
                reconsider_at FROM compliance.verdicts WHERE clinic = $1 AND ($2::text IS NULL OR stream = $2) AND ($3::text IS NULL OR rule = $3) \
                AND ($4::text IS NULL OR verdict = $4) \
                AND ($6::text IS NULL OR session_at > $5 OR (session_at IS NULL AND $5 IS NOT NULL) \
                OR (session_at IS NOT DISTINCT FROM $5::timestamptz AND (stream COLLATE "C", rule COLLATE "C") > ($6, $7::text))) \
                ORDER BY session_at NULLS LAST, stream COLLATE "C", rule COLLATE "C" LIMIT $8
                """,
                [
                    clinic, query.session.map { StreamID.session($0).description }, query.rule, query.verdict?.rawValue,
                    query.after?.sessionAt.map { SQLTimestamp(microseconds: $0.microseconds) }, query.after?.stream, query.after?.rule,
                    query.limit.map { Int64($0) },
                ])
        }
        return try rows.map { row in
            let (stream, patient, number, at, rule, ruleSet, verdict, sentence, deciding, policy, decided, reconsider) = try row.decode(
                String.self, UUID?.self, Int64?.self, SQLTimestamp?.self, String.self, String.self, String.self, String.self,
                JSONText.self, String.self, SQLTimestamp?.self, SQLTimestamp?.self)
            guard let stream = StreamID(stream), let verdict = Verdict(rawValue: verdict) else { throw DocumentError(field: "verdict") }
            return Judgement(
                clinic: clinic, stream: stream, patient: patient, session: number.map(Int.init), sessionAt: at.map { Timestamp($0) },
                rule: rule, ruleSet: ruleSet,
                finding: Finding(
                    verdict: verdict, sentence: sentence, deciding: try DecidingEvent.list(deciding.text), policyVersion: policy,
                    decidedAt: decided.map { Timestamp($0) }, reconsiderAt: reconsider.map { Timestamp($0) }))
        }
    }

    /// Verdicts folded from the log up to a position of the record, by the fold that fills the read model.
    public func judgements(of clinic: String, _ query: ComplianceQuery, position: Int64) async throws -> [Judgement] {
        try await judgements(of: clinic, query, asOf: AsOf(record: position))
    }

    /// Verdicts folded from the log within bounds, by the fold that fills the read model: what was known then. Reads a bounded number of streams
    /// at a time.
    public func judgements(of clinic: String, _ query: ComplianceQuery, asOf bounds: AsOf) async throws -> [Judgement] {
        var found: [Judgement] = []
        for try await page in try await dossiers(for: Compliance.self, of: clinic, query.session.map { [.session($0)] }, asOf: bounds) {
            for dossier in page { found += Judgement.all(of: dossier).filter(query.admits) }
        }
        found.sort(by: Judgement.inOrder)
        return query.limit.map { Array(found.prefix($0)) } ?? found
    }
}

extension Timestamp {
    init(_ time: SQLTimestamp) { self.init(microseconds: time.microseconds) }
}
