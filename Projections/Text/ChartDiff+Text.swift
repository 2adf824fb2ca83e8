import Canonical
import Clinic
import Foundation

extension ChartDiff {
    /// The diff for people: for each part what follows now, what came (`+`), what was amended (`*`) and what was voided (`x`), with who and why.
    ///
    /// - Parameters:
    ///   - patient: whose chart it is, for the heading.
    ///   - width: columns of the terminal, at least 60.
    public func text(of patient: Chart.Patient?, style: TextStyle = .plain, width: Int = 100) -> String {
        var page = Page(style: style, width: width)
        if let patient {
            page.spread(patient.name, patient.registration.map { "MRN \($0.mrn)" } ?? "", .strong, .strong)
            page.spread("patient \(patient.id.lowercase)", "times in UTC", .faint)
        }
        page.paragraph("From \(from.point) to \(to.point)")
        page.rule()
        if isEmpty { page.paragraph("Nothing changed.") }
        for (index, part) in parts.enumerated() {
            if index > 0 { page.space() }
            part.write(to: &page)
        }
        if !isEmpty {
            page.space()
            page.paragraph("+ added · * amended · x voided", .faint)
        }
        return page.text
    }
}

extension ChartDiff.Part {
    fileprivate func write(to page: inout Page) {
        page.spread(title, status == .changed ? stream.description : "\(status.rawValue), \(stream.description)", .strong)
        if status == .gone { return page.paragraph("No longer part of this chart: its facts are another patient's.", .warning) }
        for item in derived { page.fact(item.name.replacing("_", with: " "), Self.words(item, isNew: status == .new), labelWidth: 18) }
        var table = TextTable([.init(""), .init(""), .init(""), .init("")])
        for line in lines.sorted(by: { ($0.at, $0.position) < ($1.at, $1.position) }) {
            for (index, text) in line.texts.enumerated() {
                table.add([
                    .init(index == 0 ? line.sign : "", line.tone), .init(index == 0 ? line.at.dateAndClock : ""),
                    .init(index == 0 ? line.what : ""), .init(text),
                ])
            }
        }
        if !table.isEmpty { page.table(table) }
    }

    private typealias Line = (sign: String, tone: Tone, at: Timestamp, position: Int64, what: String, texts: [String])

    private var lines: [Line] {
        let came = added.map { entry -> Line in
            let event = entry.event
            let first = "\(event.body.summary) (\(event.actor))"
            let late = entry.delay.map { ["entered \(Span.words($0)) later"] } ?? []
            return ("+", .good, event.occurredAt, event.position, event.body.type.words, [first] + late + Correction.words(entry))
        }
        let changed = corrected.map { correction -> Line in
            let event = correction.after.event
            let new = Set(correction.corrections.map(\.id))
            var texts = zip(correction.after.corrections, Correction.words(correction.after)).filter { new.contains($0.0.id) }.map(\.1)
            if texts.count > 1, !correction.isVoided {
                texts.insert("in all: " + Correction.changes(correction.before.body.data, correction.after.body.data), at: 0)
            }
            return (
                correction.isVoided ? "x" : "*", correction.isVoided ? .bad : .warning, event.occurredAt, event.position,
                event.body.type.words, texts
            )
        }
        return came + changed
    }

    /// `booked → discharged`; of a new part only what it is now.
    private static func words(_ item: ChartDiff.Derived, isNew: Bool) -> String {
        isNew ? Correction.words(item.after) : "\(Correction.words(item.before)) → \(Correction.words(item.after))"
    }
}

extension History.Bounds {
    /// `position 12`, `what was known at 2026-11-22 15:30:00`.
    fileprivate var point: String {
        var parts: [String] = []
        if let position { parts.append("position \(position)") }
        if let knownAt { parts.append("what was known at \(knownAt.clockToTheSecond)") }
        if let at { parts.append("of what had occurred by \(at.clockToTheSecond)") }
        return parts.isEmpty ? "now" : parts.joined(separator: ", ")
    }
}
