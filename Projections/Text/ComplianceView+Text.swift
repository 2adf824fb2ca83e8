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
        matrices(&page)
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
        // What is known of one stream stands together.
        let streams = found.map(\.stream).reduce(into: [StreamID]()) { if $0.last != $1 { $0.append($1) } }
        for stream in streams {
            let judgements = found.filter { $0.stream == stream }
            let open = verdict == .indeterminate && stream.kind == .session ? ", still open; so far:" : ""
            page.space()
            page.spread(place(judgements[0]) + open, stream.description, .strong)
            if verdict == .indeterminate { undecided(judgements, &page) } else { for judgement in judgements { decided(judgement, &page) } }
        }
    }

    private static let ruleWidth = 4

    private func decided(_ judgement: Judgement, _ page: inout Page) {
        page.fact(judgement.rule, judgement.finding.sentence, labelWidth: Self.ruleWidth)
        var table = TextTable([.init("", .right), .init(""), .init(""), .init("")], indent: Self.ruleWidth)
        for event in judgement.finding.deciding {
            table.add([
                .init("#\(event.position)", .faint), .init(event.occurredAt.dateAndClock, .faint), .init(event.type.rawValue, .faint),
                .init(event.actor, .faint),
            ])
        }
        page.table(table)
    }

    /// What several rules say in the same words is said once, at the end.
    private func undecided(_ judgements: [Judgement], _ page: inout Page) {
        let said = judgements.map { judgement in
            let (sentence, prefix) = (judgement.finding.sentence, Finding.openPrefix)
            return (judgement.rule, sentence.hasPrefix(prefix) ? String(sentence.dropFirst(prefix.count)) : sentence)
        }
        let rules = Dictionary(grouping: said, by: \.1).mapValues { $0.map(\.0) }
        for (rule, sentence) in said where rules[sentence]?.count == 1 { page.fact(rule, sentence, labelWidth: Self.ruleWidth) }
        for (rule, sentence) in said {
            guard let shared = rules[sentence], shared.count > 1, shared.first == rule else { continue }
            page.paragraph("\(sentence): \(shared.joined(separator: ", "))", .faint, indent: Self.ruleWidth)
        }
    }

    func place(_ judgement: Judgement) -> String {
        let patient = judgement.patient.map { names[$0] ?? "patient " + $0.lowercase.prefix(8) }
        switch judgement.stream.kind {
        case .session:
            let session = judgement.session.map { "session \($0)" } ?? "session"
            return [patient, judgement.sessionAt.map { "\(session) of \($0.date)" } ?? session].compactMap(\.self).joined(separator: ", ")
        case .patient: return patient ?? "patient"
        case .vial: return "Vial \(judgement.stream.id?.lowercase.prefix(8) ?? "")"
        case .clinic: return "Clinic"
        case .access: return patient.map { "Access to the chart of \($0)" } ?? "Access log"
        }
    }
}
