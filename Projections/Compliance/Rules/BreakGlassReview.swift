import Canonical
import Clinic

/// A5: whoever opened a chart in an emergency said why, and somebody else reviewed it within the policy's days. Until they are over nothing is certain.
struct BreakGlassReview: Rule {
    let id = "A5"
    let title = "Break-glass reviewed"
    let citation = "45 CFR 164.312(a)(2)(ii)"
    let needs = "the emergency accesses on the access stream, and their reviews"
    let streams: Set<StreamKind> = [.access]
    let policyValues = ["break_glass_review_days"]

    private struct Case {
        let invocation: ChartEvent
        let verdict: Verdict
        let words: String
        let review: ChartEvent?
        let deadline: Timestamp
    }

    func evaluate(_ evidence: Evidence) -> Finding {
        let cases = evidence.history.clinical.compactMap { self.judge($0, evidence) }
        // The gravest decides: what has failed, else what is still awaited.
        for verdict in [Verdict.fail, .indeterminate, .pass] {
            let found = cases.filter { $0.verdict == verdict }
            guard let first = found.first else { continue }
            let policy = evidence.policy(at: first.invocation.occurredAt)
            return evidence.finding(
                verdict,
                "\(Phrase.list(found.map(\.words)).capitalizingFirst); policy \(policy.version) asks for a review within "
                    + Phrase.count(policy.breakGlassReviewDays, "day"),
                found.flatMap { [DecidingEvent($0.invocation)] + ($0.review.map { [DecidingEvent($0)] } ?? []) },
                at: first.invocation.occurredAt, reconsiderAt: cases.filter { $0.verdict == .indeterminate }.map(\.deadline).min())
        }
        return evidence.notApplicable("No chart was opened in an emergency")
    }

    private func judge(_ event: ChartEvent, _ evidence: Evidence) -> Case? {
        guard case .breakGlassInvoked(let body) = event.body else { return nil }
        let deadline = event.occurredAt.adding(days: Int64(evidence.policy(at: event.occurredAt).breakGlassReviewDays))
        let opened = "the access of \(event.occurredAt.dateAndClock) by \(event.actor)"
        func result(_ verdict: Verdict, _ words: String, _ review: ChartEvent? = nil) -> Case {
            Case(invocation: event, verdict: verdict, words: "\(opened) \(words)", review: review, deadline: deadline)
        }
        if body.reason.isBlank { return result(.fail, "gives no reason") }
        let reviews = evidence.history.clinical.filter { review in
            guard case .breakGlassReviewed(let body) = review.body else { return false }
            return body.invocation == event.id && review.occurredAt >= event.occurredAt
        }
        let others = reviews.filter { $0.actor != event.actor }
        if let review = others.first(where: { $0.occurredAt <= deadline }) {
            return result(.pass, "was reviewed by \(review.actor) at \(review.occurredAt.dateAndClock)", review)
        }
        if let late = others.first {
            return result(.fail, "was reviewed by \(late.actor) at \(late.occurredAt.dateAndClock), too late", late)
        }
        let own = reviews.isEmpty ? "" : " by anybody else"
        guard let asOf = evidence.asOf, asOf > deadline else {
            return result(.indeterminate, "is not reviewed\(own) yet, due by \(deadline.dateAndClock)", reviews.last)
        }
        return result(.fail, "was not reviewed\(own) by \(deadline.dateAndClock)", reviews.last)
    }
}
