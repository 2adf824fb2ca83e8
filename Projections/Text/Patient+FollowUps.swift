import Canonical
import Clinic
import Foundation

extension Chart.Patient {
    /// How the patient has fared since: the last consultation before it as the line to compare with, then each follow-up.
    func writeFollowUps(to page: inout Page) {
        guard let first = state.followUps.first else { return }
        page.space()
        page.paragraph("Follow-up", .strong)
        // A narrow terminal has no room for the licensed scores beside a note; they are in the JSON.
        let isWide = page.width >= 92
        let columns: [(column: TextTable.Column, isKept: Bool)] = [
            (.init("date"), true), (.init(""), true), (.init("pain", .right), true), (.init("relief", .right), true),
            (.init("headache d/mo", .right), true), (.init("migraine d/mo", .right), isWide), (.init("MIDAS", .right), true),
            (.init("HIT-6", .right), true), (.init("note"), true),
        ]
        var table = TextTable(columns.filter(\.isKept).map(\.column))
        func add(_ cells: [TextTable.Cell]) { table.add(zip(cells, columns).filter(\.1.isKept).map(\.0)) }
        func number(_ value: Int?) -> TextTable.Cell { .init(value.map(String.init) ?? "") }
        if let before = state.consultations.last(where: { $0.at <= first.at }) {
            let body = before.body
            add([
                .init(before.at.date.description, .faint), .init("before", .faint), .init(""), .init(""), number(body.headacheDaysPerMonth),
                number(body.migraineDaysPerMonth), number(body.midas), number(body.hit6), .init(""),
            ])
        }
        for followUp in state.followUps {
            let body = followUp.body
            add([
                .init(followUp.at.date.description + marks([followUp.id])), .init("day \(body.daysAfter)"), number(body.painNrs),
                .init(body.reliefPercent.map { "\($0) %" } ?? ""), number(body.headacheDaysPerMonth), number(body.migraineDaysPerMonth),
                number(body.midas), number(body.hit6), .init([body.note, "(\(followUp.actor))"].compactMap(\.self).joined(separator: " ")),
            ])
        }
        page.table(table)
    }
}
