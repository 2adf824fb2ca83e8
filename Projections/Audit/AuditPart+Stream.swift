import Canonical
import Clinic
import Foundation
import Ledger
import Tlog

/// What one stream adds to an audit.
extension AuditPart {
    mutating func take(_ dossier: Dossier) {
        let judgements = Judgement.all(of: dossier)
        let stream = audited(dossier, judgements)
        count(dossier, stream)
        for judgement in judgements {
            audit.verdicts[judgement.rule, default: [:]][judgement.verdict, default: 0] += 1
            guard [.fail, .overridden, .indeterminate].contains(judgement.verdict) else { continue }
            audit.findings.append(
                Audit.Finding(
                    stream: stream, judgement: judgement, context: AuditEvent.context(of: judgement.finding.deciding, in: dossier)))
        }
        let history = dossier.history
        for event in history.events where concerns(event) {
            guard let override = event.override else { continue }
            audit.overrides.append(Audit.OverrideMade(stream: stream, event: AuditEvent(event, in: history), override: override))
        }
        takeCorrections(history, stream)
        takeLateEntries(history, stream)
        for event in history.events where concerns(event) {
            guard case .payloadErased(let body) = event.body else { continue }
            audit.erasures.append(Audit.Erasure(stream: stream, event: AuditEvent(event, in: history), erasure: body))
        }
        if dossier.stream.kind == .access { takeAccesses(history, stream) }
    }

    private func audited(_ dossier: Dossier, _ judgements: [Judgement]) -> AuditedStream {
        let session = dossier.stream.kind == .session ? SessionState(dossier.history) : SessionState(History())
        let lot = dossier.stream.kind == .vial ? VialState(dossier.history).received?.body.lot : nil
        let patient = session.patient ?? subject(of: dossier)
        return AuditedStream(
            id: dossier.stream, patient: patient, mrn: patient.flatMap { mrns[$0] }, session: session.booked?.body.number,
            at: session.takesPlaceAt, lot: lot)
    }

    /// The patient whose stream it is, or whose data was accessed.
    private func subject(of dossier: Dossier) -> UUID? {
        switch dossier.stream.kind {
        case .patient: dossier.stream.id
        case .access: dossier.history.events.lazy.compactMap(\.body.subject).first?.id
        case .session, .vial, .clinic: nil
        }
    }

    private mutating func count(_ dossier: Dossier, _ stream: AuditedStream) {
        switch dossier.stream.kind {
        case .session:
            if let phase = SessionState(dossier.history).phase { audit.streamCounts.sessions[phase, default: 0] += 1 }
            if let patient = stream.patient { audit.streamCounts.patients.insert(patient) }
        case .patient: if let patient = stream.patient { audit.streamCounts.patients.insert(patient) }
        case .vial: audit.streamCounts.vials += 1
        case .access: audit.streamCounts.accesses += 1
        case .clinic: break
        }
    }

    /// Of a session all belongs to its audit, of the other streams what occurred in the period.
    private func concerns(_ event: ChartEvent) -> Bool { event.stream.kind == .session || work.scope.contains(event.occurredAt) }

    private mutating func takeCorrections(_ history: History, _ stream: AuditedStream) {
        guard history.events.contains(where: \.isCorrection) else { return }
        for entry in history.entries where !entry.corrections.isEmpty {
            guard concerns(entry.event) || entry.corrections.contains(where: concerns) else { continue }
            var versions: [(id: UUID, body: EventBody)] = [(entry.event.id, entry.event.body)]
            for correction in entry.corrections {
                let before = versions.last?.body
                let (effect, reason): (Audit.Correction.Effect, String)
                switch correction.body {
                case .eventAmended(let body):
                    // It took effect, so its data can be read as the type of what it replaces.
                    if let after = try? body.body(replacing: entry.event.body.type) { versions.append((correction.id, after)) }
                    (effect, reason) = (.amended, body.reason)
                case .eventVoided(let body):
                    (effect, reason) = (body.target == entry.event.id ? .voided : .amendmentVoided, body.reason)
                    if body.target == entry.event.id { versions = [] } else { versions.removeAll { $0.id == body.target } }
                default: continue
                }
                audit.corrections.append(
                    Audit.Correction(
                        stream: stream, correction: correction, target: entry.event, effect: effect, reason: reason, before: before,
                        after: versions.last?.body))
            }
        }
        for defect in history.defects {
            guard let correction = history.event(defect.event), concerns(correction) else { continue }
            let reason =
                switch correction.body {
                case .eventAmended(let body): body.reason
                case .eventVoided(let body): body.reason
                default: ""
                }
            audit.corrections.append(
                Audit.Correction(
                    stream: stream, correction: correction, target: nil, effect: .none(defect.reason), reason: reason, before: nil,
                    after: nil))
        }
    }

    /// Facts in force that were entered later than the policy allows, as rule A3 judges them. On the log of accesses nobody enters anything by hand.
    private mutating func takeLateEntries(_ history: History, _ stream: AuditedStream) {
        guard stream.id.kind != .access else { return }
        for event in history.clinical where event.entryDelay > work.shortestEntry && concerns(event) {
            let policy = work.reference.policy(at: event.occurredAt)
            guard event.entryDelay > policy.entryLimit else { continue }
            audit.lateEntries.append(
                Audit.LateEntry(
                    stream: stream, event: AuditEvent(history.event(event.id) ?? event, in: history), delay: event.entryDelay,
                    policy: policy))
        }
    }

    private mutating func takeAccesses(_ history: History, _ stream: AuditedStream) {
        for event in history.clinical {
            switch event.body {
            case .breakGlassInvoked(let body):
                let reviews = history.clinical.filter { review in
                    if case .breakGlassReviewed(let review) = review.body { review.invocation == event.id } else { false }
                }
                guard concerns(event) || reviews.contains(where: concerns) else { continue }
                audit.emergencies.append(
                    Audit.Emergency(
                        stream: stream, invocation: AuditEvent(event, in: history), reason: body.reason,
                        reviews: reviews.map { AuditEvent($0, in: history) }))
            case .disclosureMade(let body) where concerns(event):
                audit.disclosures.append(Audit.Disclosure(stream: stream, event: AuditEvent(event, in: history), disclosure: body))
            default: continue
            }
        }
    }
}

/// What remains once every stream is judged.
extension AuditWork {
    /// - Parameter parts: of all pages, in their order.
    func finished(_ parts: [AuditPart]) -> Audit {
        var audit = parts.reduce(into: Audit(scope: scope)) { $0.add($1.audit) }
        let bounds = [scope.bounds.record, scope.bounds.access]
        for (index, position) in zip([histories.record, histories.access], bounds) {
            let replay = index.replay
            let unreadable = parts.flatMap { $0.unreadable[index.log.kind] ?? [] }
            let faults = (replay.faults + unreadable).sorted { ($0.position, $0.what) < ($1.position, $1.what) }
            audit.logs.append(
                Audit.Log(
                    log: replay.log, position: position, root: replay.tree.root.bytes, lastRecordedAt: replay.lastRecordedAt,
                    erased: replay.erased, faults: faults, sealed: index.sealed))
            audit.verdicts["A1", default: [:]][faults.isEmpty ? .pass : .fail, default: 0] += 1
            audit.eventCounts += index.eventCounts
        }
        audit.policies = policiesInForce()
        let rules = Dictionary(RuleSet.rules.enumerated().map { ($1.id, $0) }) { first, _ in first }
        let severity: [Verdict: Int] = [.fail: 0, .overridden: 1]
        audit.findings.sort { left, right in
            func rank(_ finding: Audit.Finding) -> (Int, Int) {
                (severity[finding.judgement.verdict] ?? 2, rules[finding.judgement.rule] ?? .max)
            }
            return rank(left) == rank(right) ? AuditedStream.precedes(left.stream, right.stream) : rank(left) < rank(right)
        }
        audit.overrides.sort { $0.event.event.precedesInTime($1.event.event) }
        audit.corrections.sort { $0.correction.precedesInTime($1.correction) }
        audit.lateEntries.sort { $0.event.event.precedesInTime($1.event.event) }
        audit.emergencies.sort { $0.invocation.event.precedesInTime($1.invocation.event) }
        audit.disclosures.sort { $0.event.event.precedesInTime($1.event.event) }
        // Stream by stream, the record's before the accesses'.
        audit.erasures.sort {
            ($0.stream.id.place, $0.event.event.position) < ($1.stream.id.place, $1.event.event.position)
        }
        audit.notJudged.sort { $0.stream.place < $1.stream.place }
        return audit
    }

    /// The policies that held at some time in the period; all of them where there is none.
    private func policiesInForce() -> [Audit.PolicyInForce] {
        let all =
            [Audit.PolicyInForce(from: nil, policy: Policy())]
            + reference.policyVersions.map { Audit.PolicyInForce(from: $0.from, policy: $0.policy) }
        return all.indices.filter { index in
            if let to = scope.to, let from = all[index].from, from.date > to { return false }
            guard let start = scope.from, index + 1 < all.count, let next = all[index + 1].from else { return true }
            return next.date >= start
        }.map { all[$0] }
    }
}

extension ChartEvent {
    /// By time of happening, then by place: also for events of different streams and logs.
    fileprivate func precedesInTime(_ other: ChartEvent) -> Bool {
        (occurredAt, position, stream.description) < (other.occurredAt, other.position, other.stream.description)
    }
}

extension StreamID {
    /// By it streams are put in order: the record's, then the accesses'.
    fileprivate var place: String { (isInAccessLog ? "1" : "0") + description }
}

extension Audit {
    /// Takes what was found in other streams.
    fileprivate mutating func add(_ part: Audit) {
        verdicts.merge(part.verdicts) { $0.merging($1, uniquingKeysWith: +) }
        streamCounts.sessions.merge(part.streamCounts.sessions, uniquingKeysWith: +)
        streamCounts.patients.formUnion(part.streamCounts.patients)
        streamCounts.vials += part.streamCounts.vials
        streamCounts.accesses += part.streamCounts.accesses
        findings += part.findings
        overrides += part.overrides
        corrections += part.corrections
        lateEntries += part.lateEntries
        emergencies += part.emergencies
        disclosures += part.disclosures
        erasures += part.erasures
        notJudged += part.notJudged
    }
}
