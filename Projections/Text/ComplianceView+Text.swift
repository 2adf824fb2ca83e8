import Canonical
import Clinic
import Foundation

extension ComplianceView {
    /// - Parameter width: columns of the terminal, at least 60.
    public func text(style: TextStyle = .plain, width: Int = 100) -> String {
        var page = Page(style: style, width: width)
        heading(&page)
        guard !judgements.isEmpty else {
            page.paragraph("No verdicts.")
            return page.text
        }
        matrix(&page)
        totals(&page)
        for verdict in [Verdict.fail, .overridden, .indeterminate] { findings(verdict, &page) }
        return page.text
    }

    private func heading(_ page: inout Page) {
        let clinics = Set(judgements.map(\.clinic)).sorted().joined(separator: ", ")
        let sets = Set(judgements.map(\.ruleSet)).sorted().joined(separator: ", ")
        let sessions = Set(judgements.filter { $0.stream.kind == .session }.map(\.stream)).count
        page.spread("Compliance of \(clinics)", "\(Phrase.count(sessions, "session")), rule set \(sets), times in UTC", .strong)
        page.rule()
    }

    /// A line a session: its number, its date, and a sign for each rule.
    private func matrix(_ page: inout Page) {
        let rules = self.rules
        var table = TextTable([.init("#", .right), .init("date"), .init("stream")] + rules.map { .init($0, .right) }, indent: 2)
        for group in groups {
            table.add(title: group.patient.map(name) ?? "Clinic", .strong)
            for line in group.lines {
                let verdicts = Dictionary(line.judgements.map { ($0.rule, $0.verdict) }) { first, _ in first }
                table.add(
                    [.init(line.session.map(String.init) ?? ""), .init(line.at?.date.description ?? ""), .init(line.label, .faint)]
                        + rules.map { rule in verdicts[rule].map { .init($0.sign, $0.tone) } ?? .init("") })
            }
        }
        page.table(table)
    }

    /// For each rule what it is and how often it said what.
    private func totals(_ page: inout Page) {
        page.space()
        let verdicts = Verdict.allCases
        page.line(verdicts.map { "\($0.sign) \($0.label)" }.joined(separator: "   "), .faint)
        page.space()
        var table = TextTable(
            [.init("rule"), .init("what it asks")] + verdicts.map { .init($0.sign, .right) } + [.init("source")])
        for rule in rules {
            let counts = verdicts.map { verdict in judgements.count { $0.rule == rule && $0.verdict == verdict } }
            let known = RuleSet.rule(rule)
            table.add(
                [.init(rule, .strong), .init(known?.title ?? "")]
                    + zip(verdicts, counts).map { .init($1 == 0 ? "–" : String($1), $1 == 0 ? .faint : $0 == .fail ? .bad : .normal) }
                    + [.init(known?.citation ?? "", .faint)])
        }
        page.table(table)
    }

    private func findings(_ verdict: Verdict, _ page: inout Page) {
        let order = rules
        let found = groups.flatMap(\.lines).flatMap { line in
            line.judgements.filter { $0.verdict == verdict }
                .sorted { (order.firstIndex(of: $0.rule) ?? .max) < (order.firstIndex(of: $1.rule) ?? .max) }
        }
        guard !found.isEmpty else { return }
        page.space()
        page.rule()
        page.paragraph("\(verdict.sign) \(verdict.label): \(Phrase.count(found.count, "verdict"))", verdict.tone)
        var stream: StreamID?
        for judgement in found {
            // What is undecided in one session is one thing to know, so it stands together.
            if verdict != .indeterminate || judgement.stream != stream {
                page.space()
                let open = verdict == .indeterminate ? ", still open; so far:" : ""
                page.spread(place(judgement) + open, judgement.stream.description, .strong)
            }
            stream = judgement.stream
            write(judgement, &page)
        }
    }

    private func write(_ judgement: Judgement, _ page: inout Page) {
        let sentence = judgement.finding.sentence
        let prefix = Finding.openPrefix
        page.fact(judgement.rule, sentence.hasPrefix(prefix) ? String(sentence.dropFirst(prefix.count)) : sentence, labelWidth: 4)
        guard judgement.verdict != .indeterminate else { return }
        var table = TextTable([.init("", .right), .init(""), .init(""), .init("")], indent: 4)
        for event in judgement.finding.deciding {
            table.add([
                .init("#\(event.position)", .faint), .init(event.occurredAt.dateAndClock, .faint), .init(event.type.rawValue, .faint),
                .init(event.actor, .faint),
            ])
        }
        page.table(table)
    }

    private func place(_ judgement: Judgement) -> String {
        let patient = judgement.patient.map { names[$0] ?? "patient " + $0.lowercase.prefix(8) }
        guard judgement.stream.kind == .session else { return patient ?? "Clinic" }
        let session = judgement.session.map { "session \($0)" } ?? "session"
        return [patient, judgement.sessionAt.map { "\(session) of \($0.date)" } ?? session].compactMap(\.self).joined(separator: ", ")
    }
}

extension ComplianceView.Line {
    /// Enough of a session's id to find it by.
    fileprivate var label: String {
        switch stream.kind {
        case .session: String(stream.id?.lowercase.prefix(8) ?? "")
        case .patient: "patient"
        case .vial, .clinic, .access: stream.kind.rawValue
        }
    }
}
