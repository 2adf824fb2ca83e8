import Canonical
import Clinic
public import Foundation

extension VerdictChanges {
    /// - Parameters:
    ///   - title: what is compared, e.g. `hickory, position 120 and 240`.
    ///   - names: what patients are called.
    ///   - width: columns of the terminal, at least 60.
    public func text(_ title: String, names: [UUID: String] = [:], style: TextStyle = .plain, width: Int = 100) -> String {
        var page = Page(style: style, width: width)
        let course = inCourse.values.reduce(0, +)
        page.spread("Verdicts of \(title)", "rule set \(RuleSet.version), times in UTC", .strong)
        page.rule()
        var parts = [
            "\(Phrase.count(changes.count, "verdict")) changed by corrections, late entries or a deadline", "\(unchanged) unchanged",
        ]
        if course > 0 {
            let counts = Verdict.allCases.compactMap { verdict in inCourse[verdict].map { "\(verdict.sign) \($0)" } }
            parts.append("\(course) new as care went on (\(counts.joined(separator: " ")))")
        }
        page.paragraph(parts.joined(separator: ", ") + ".")
        var stream: StreamID?
        let view = ComplianceView(changes.map(\.after), names: names)
        for change in changes {
            if change.after.stream != stream {
                page.space()
                page.spread(view.place(change.after), change.after.stream.description, .strong)
            }
            stream = change.after.stream
            change.write(to: &page)
        }
        return page.text
    }
}

extension VerdictChange {
    private static let ruleWidth = 4
    private static let labelWidth = 15

    fileprivate func write(to page: inout Page) {
        let signs = ([charted?.verdict] + steps.map(\.finding.verdict)).compactMap { $0?.sign }.joined(separator: " → ")
        page.fact(after.rule, "\(signs)  \(RuleSet.rule(after.rule)?.title ?? "")", labelWidth: Self.ruleWidth, after.verdict.tone)
        if let charted { said(charted == before?.finding ? "known then" : "as charted", charted, &page) }
        for (index, step) in steps.enumerated() {
            page.fact("    because", step.cause.words(on: after.stream), labelWidth: Self.labelWidth)
            // A later event may have changed the sentence, not the verdict.
            if index == steps.count - 1 { said("now", after.finding, &page) } else { said("then", step.finding, &page) }
        }
    }

    private func said(_ label: String, _ finding: Finding, _ page: inout Page) {
        page.fact("    \(label)", "\(finding.verdict.label): \(finding.sentence)", labelWidth: Self.labelWidth)
    }
}

extension VerdictChange.Cause {
    /// `#150 2026-05-05 09:10 EventAmended by m.sorrel, of InfusionStopped #140 2026-05-04 10:00`.
    fileprivate func words(on stream: StreamID) -> String {
        switch self {
        case .correction(let event, let target):
            event.words(besides: stream) + (target.map { ", of \($0.words(besides: event.stream))" } ?? "")
        case .lateEntry(let event): event.words(besides: stream) + ", entered late"
        case .event(let event): event.words(besides: stream)
        case .passingOfTime: "the time passed, and nothing came"
        }
    }
}

extension DecidingEvent {
    fileprivate func words(besides stream: StreamID) -> String {
        "#\(position) \(occurredAt.dateAndClock) \(type) by \(actor)" + (self.stream == stream ? "" : " on \(self.stream)")
    }
}
