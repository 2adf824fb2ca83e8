import Clinic

extension RuleSet {
    /// The list for people. - Parameter width: columns of the terminal, at least 60.
    public static func text(style: TextStyle = .plain, width: Int = 100) -> String {
        var page = Page(style: style, width: width)
        page.spread("Rule set \(version)", Phrase.count(rules.count, "rule"), .strong)
        page.rule()
        for rule in rules {
            let judges = StreamKind.allCases.filter(rule.streams.contains).map(\.rawValue)
            page.fact(
                rule.id, "\(rule.title): \(Phrase.list(judges.isEmpty ? ["log"] : judges, most: judges.count + 1))", labelWidth: 4, .strong)
            var table = TextTable([.init(""), .init("")], indent: 4)
            table.add([.init("from", .faint), .init(rule.needs)])
            if !rule.policyValues.isEmpty { table.add([.init("policy", .faint), .init(rule.policyValues.joined(separator: ", "))]) }
            table.add([.init("source", .faint), .init(rule.citation)])
            let verdicts = Verdict.allCases.filter(rule.verdicts.contains).map { "\($0.sign) \($0.label)" }
            table.add([.init("verdicts", .faint), .init(verdicts.joined(separator: "  "))])
            page.table(table)
        }
        return page.text
    }
}
