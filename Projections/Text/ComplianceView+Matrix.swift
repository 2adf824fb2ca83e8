import Canonical
import Clinic
import Foundation

extension ComplianceView {
    /// A matrix for each kind of stream, as each is judged by other rules: sessions first, by patient.
    func matrices(_ page: inout Page) {
        for kind in [StreamKind.session, .patient, .vial, .clinic, .access] {
            let groups = self.groups.map { ($0.patient, $0.lines.filter { $0.stream.kind == kind }) }.filter { !$0.1.isEmpty }
            guard !groups.isEmpty else { continue }
            page.space()
            if kind == .session { sessions(groups, &page) } else { others(kind, groups.flatMap(\.1), &page) }
        }
    }

    /// A line a session: its number, its date, and a sign for each rule.
    private func sessions(_ groups: [(patient: UUID?, lines: [Line])], _ page: inout Page) {
        let rules = rules(of: .session)
        var matrix = SignMatrix([.init("#", .right), .init("date"), .init("session")], rules: rules)
        for group in groups {
            matrix.add(title: group.patient.map(name) ?? "Patient unknown")
            for line in group.lines {
                let cells: [TextTable.Cell] = [
                    .init(line.session.map(String.init) ?? ""), .init(line.at?.date.description ?? ""), .init(line.short, .faint),
                ]
                matrix.add(cells, line.signs(rules))
            }
        }
        page.matrix(matrix)
    }

    /// A line for each stream about which there is something to know; the others are counted.
    private func others(_ kind: StreamKind, _ lines: [Line], _ page: inout Page) {
        let rules = rules(of: kind)
        let shown =
            kind == .clinic ? lines : lines.filter { $0.judgements.contains { $0.verdict != .pass && $0.verdict != .notApplicable } }
        if !shown.isEmpty {
            var matrix = SignMatrix([.init(kind.head)], rules: rules)
            for line in shown { matrix.add([.init(title(of: line))], line.signs(rules)) }
            page.matrix(matrix)
        }
        let quiet = lines.count - shown.count
        guard quiet > 0 else { return }
        let more = shown.isEmpty ? "" : " more"
        let words = quiet == 1 ? kind.one : kind.many
        page.paragraph(
            "\(quiet)\(more) \(words): nothing but passed or not applicable (\(rules.joined(separator: ", ")))", .faint, indent: 2)
    }

    private func title(of line: Line) -> String {
        switch line.stream.kind {
        case .patient, .access:
            line.patient.map { names[$0] ?? String($0.lowercase.prefix(8)) }
                ?? (line.stream.id.map { String($0.lowercase.prefix(8)) } ?? "the log")
        case .session, .vial: line.short
        case .clinic: line.judgements.first?.clinic ?? ""
        }
    }

    /// The rules that occur on streams of a kind, in the order of the rule set.
    private func rules(of kind: StreamKind) -> [String] {
        let found = Set(judgements.filter { $0.stream.kind == kind }.map(\.rule))
        return rules.filter(found.contains)
    }
}

extension ComplianceView.Line {
    /// Enough of the stream's id to find it by.
    fileprivate var short: String { String(stream.id?.lowercase.prefix(8) ?? "") }

    fileprivate func signs(_ rules: [String]) -> [TextTable.Cell?] {
        let verdicts = Dictionary(judgements.map { ($0.rule, $0.verdict) }) { first, _ in first }
        return rules.map { rule in verdicts[rule].map { .init($0.sign, $0.tone) } }
    }
}

extension StreamKind {
    /// Of the column that names the streams.
    fileprivate var head: String { self == .access ? "access to" : rawValue }
    fileprivate var one: String { self == .access ? "patient's access" : rawValue }
    fileprivate var many: String { self == .access ? "patients' accesses" : rawValue + "s" }
}

extension Page {
    fileprivate mutating func matrix(_ matrix: SignMatrix) { add(matrix.lines(width: width, style)) }
}
