public import Canonical
public import Clinic
import Foundation

extension Chart {
    /// The chart for people: who the patient is, consultation, plan, consent, the sessions, and the flowsheet of the newest infusion.
    ///
    /// - Parameters:
    ///   - asOf: the day for the age; nil takes that of the last fact, so that the same log gives the same text.
    ///   - width: columns of the terminal, at least 60.
    ///   - bounds: within which it was folded, for the heading.
    public func text(
        asOf: Timestamp? = nil, style: TextStyle = .plain, width: Int = 100, within bounds: History.Bounds = History.Bounds()
    ) -> String {
        var page = Page(style: style, width: width)
        heading(asOf ?? lastOccurredAt, &page)
        if let words = bounds.words { page.paragraph(words, .warning) }
        patient.write(to: &page)
        list(&page)
        if let newest = sessions.last(where: { !$0.state.runs.isEmpty }) {
            page.space()
            page.rule()
            newest.write(to: &page)
        }
        return page.text
    }

    private func heading(_ asOf: Timestamp?, _ page: inout Page) {
        page.spread(patient.name, patient.registration.map { "MRN \($0.mrn)" } ?? "", .strong, .strong)
        if let registration = patient.registration {
            let age = asOf.map { ", " + Phrase.count(registration.birthDate.fullYears(until: $0.date), "year") } ?? ""
            page.paragraph("born \(registration.birthDate)\(age), \(registration.sex.rawValue)\(patient.marks(patient.registrations))")
            if let former = patient.formerNames { page.paragraph(former, .faint) }
        }
        page.spread("patient \(patient.id.lowercase)", "as of position \(lastPosition), times in UTC", .faint)
        page.rule()
    }

    private func list(_ page: inout Page) {
        guard !sessions.isEmpty else { return }
        page.space()
        page.paragraph("Sessions", .strong)
        // What a narrow terminal has no room for is in the session's own text.
        let isWide = page.width >= 92
        let columns: [(column: TextTable.Column, isKept: Bool)] = [
            (.init("#", .right), true), (.init("date"), true), (.init("time"), isWide), (.init(""), true), (.init("state"), true),
            (.init("kg", .right), isWide), (.init("min", .right), true), (.init("top mg/h", .right), isWide),
            (.init("given mg", .right), true),
            (.init("mg/kg", .right), true), (.init("side effects"), true),
        ]
        var table = TextTable(columns.filter(\.isKept).map(\.column))
        for session in sessions { table.add(zip(cells(session), columns).filter(\.1.isKept).map(\.0)) }
        page.table(table)
        let marks = sessions.map(\.marks).joined()
        if !marks.isEmpty { page.paragraph(Annotations.legend(marks) + " (see `dripline session`)", .faint) }
    }

    private func cells(_ session: Session) -> [TextTable.Cell] {
        let (state, at) = (session.state, session.at)
        let minutes = state.runs.compactMap { run in run.end.map { $0.microseconds(since: run.start.at) } }
        let highest = state.doseSegments.map(\.rate).max()
        let worst = state.sideEffects.map(\.observed.body.grade).max() ?? 0
        return [
            .init(session.number.map(String.init) ?? "–"), .init(at?.date.description ?? ""), .init(at?.clock ?? ""),
            .init(session.marks, .warning), .init(state.phase?.words ?? "", state.phase?.tone ?? .faint),
            .init(state.weight?.description ?? ""), .init(minutes.isEmpty ? "" : String(minutes.reduce(0, +) / 60_000_000)),
            .init(highest?.description ?? ""), .init(session.given?.description ?? ""), .init(session.givenPerKilogram?.description ?? ""),
            .init(session.sideEffectWords, worst >= 3 ? .bad : .normal),
        ]
    }
}

extension Chart.Session {
    /// The marks of all its entries.
    var marks: String {
        let marks = Set(entries.flatMap { Array(Annotations.marks($0)) })
        return String("*!+".filter(marks.contains))
    }

    /// Each effect once, with its worst grade, in order of appearance: `dizziness 1, nausea 2`.
    var sideEffectWords: String {
        var worst: [SideEffect: Int] = [:]
        var order: [SideEffect] = []
        for course in state.sideEffects {
            let body = course.observed.body
            if worst[body.effect] == nil { order.append(body.effect) }
            worst[body.effect] = max(worst[body.effect] ?? 0, body.grade)
        }
        return order.map { "\($0.label) \(worst[$0] ?? 0)" }.joined(separator: ", ")
    }
}
