import Canonical
import Clinic
public import Ledger

extension Ledger {
    /// Which verdicts are others at a second point than at a first, and what changed them. Both are folded from the log.
    /// - Parameters:
    ///   - query: which verdicts to look at; the verdict that it names is that at the second point.
    ///   - from: the first point: positions, or a time of knowledge.
    public func verdictChanges(of clinic: String, _ query: ComplianceQuery, from: AsOf, to: AsOf) async throws -> VerdictChanges {
        struct Key: Hashable {
            let stream: StreamID
            let rule: String
        }
        var wanted = query
        wanted.verdict = nil
        let streams: [StreamID]? = query.session.map { [.session($0)] }
        let first = try await dossiers(for: Compliance.self, of: clinic, streams, asOf: from)
        var before: [Key: Judgement] = [:]
        for try await page in first {
            for judgement in page.flatMap({ Judgement.all(of: $0) }) where wanted.admits(judgement) {
                before[Key(stream: judgement.stream, rule: judgement.rule)] = judgement
            }
        }
        let then = try await entered(by: first, of: clinic)
        func isKnown(_ event: ChartEvent) -> Bool {
            event.position <= (event.stream.kind == .access ? first.access : first.record)
        }
        var result = VerdictChanges()
        for try await page in try await dossiers(for: Compliance.self, of: clinic, streams, asOf: to) {
            for dossier in page {
                for after in Judgement.all(of: dossier) where query.admits(after) {
                    let former = before[Key(stream: after.stream, rule: after.rule)]
                    if former?.verdict == after.verdict {
                        result.unchanged += 1
                    } else if let change = VerdictChange.between(former, after, in: dossier, then: then, isKnown: isKnown) {
                        result.changes.append(change)
                    } else {
                        result.inCourse[after.verdict, default: 0] += 1
                    }
                }
            }
        }
        result.changes.sort { Judgement.inOrder($0.after, $1.after) }
        return result
    }

    /// When the last events within bounds were entered, as the source system says where they were imported: an import takes months in a moment, and
    /// what came after in the file was not late for that. Nil where there are none.
    private func entered(by point: DossierPages, of clinic: String) async throws -> Timestamp? {
        var last: Timestamp?
        for (kind, position) in [(LogName.Kind.record, point.record), (.access, point.access)] where position > 0 {
            guard let log = LogName(clinic: clinic, kind: kind) else { continue }
            for event in try await events(of: log, EventQuery(after: position - 1, limit: 1)) {
                let entered = event.chartedAt ?? event.recordedAt
                last = last.map { max($0, entered) } ?? entered
            }
        }
        return last
    }
}
