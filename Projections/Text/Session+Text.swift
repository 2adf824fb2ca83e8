import Canonical
public import Clinic
import Foundation

extension Chart.Session {
    /// The session for people: what it was, its flowsheet, notes, and what was corrected, overridden or entered late.
    ///
    /// - Parameters:
    ///   - patient: whose session it is, for the heading; nil leaves the name out.
    ///   - width: columns of the terminal, at least 60.
    ///   - bounds: within which it was folded, for the heading.
    public func text(
        of patient: Chart.Patient? = nil, style: TextStyle = .plain, width: Int = 100, within bounds: History.Bounds = History.Bounds()
    ) -> String {
        var page = Page(style: style, width: width)
        page.spread(
            patient?.name ?? "Session \(id.lowercase)", patient?.registration.map { "MRN \($0.mrn)" } ?? "", .strong)
        page.spread("session \(id.lowercase)", "as of position \(lastPosition), times in UTC", .faint)
        page.rule()
        if let words = bounds.words { page.paragraph(words, .warning) }
        write(to: &page)
        return page.text
    }

    /// Everything but the heading.
    func write(to page: inout Page) {
        page.spread(title, state.phase?.words ?? "", .strong, state.phase?.tone ?? .faint)
        for (label, text) in facts { page.fact(label, text) }
        let flowsheet = Flowsheet(self).table
        if !flowsheet.isEmpty {
            page.space()
            page.table(flowsheet)
        }
        let annotations = Annotations(entries, discharge: state.discharge?.at)
        if !annotations.isEmpty {
            page.space()
            page.paragraph(Annotations.legend(marks), .faint)
            page.table(annotations.table(besides: at))
        }
        let notes = entries.filter { !$0.isVoided }.compactMap { entry -> (Chart.Entry, String)? in
            guard case .noteRecorded(let body) = entry.body else { return nil }
            return (entry, body.text)
        }
        if notes.isEmpty { return }
        page.space()
        for (entry, text) in notes {
            page.fact(
                "Note \(at.map { entry.event.occurredAt.clock(besides: $0) } ?? entry.event.occurredAt.dateAndClock)",
                "\(text) (\(entry.event.actor))")
        }
    }

    var title: String {
        let name = number.map { "Session \($0)" } ?? (state.booked == nil ? "Session without booking" : "Session")
        return at.map { "\(name), \($0.date)" } ?? name
    }
}
