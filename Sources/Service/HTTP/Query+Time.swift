import Canonical
import Projections

extension Query {
    func date(_ name: String) throws -> CalendarDate? {
        guard let text = text(name) else { return nil }
        guard let date = CalendarDate(text) else { throw problem(name, "must be a day such as 2026-11-22") }
        return date
    }

    /// `from` and `to`: days, which count whole, in UTC, or times with an offset. Both are in it.
    var period: ReportPeriod {
        get throws {
            let (from, to) = (try instants("from"), try instants("to"))
            if let from, let to, from.start >= to.end { throw problem("to", "must not lie before from") }
            return ReportPeriod(from: from?.start, before: to?.end)
        }
    }

    private func instants(_ name: String) throws -> (start: Timestamp, end: Timestamp)? {
        guard let text = text(name) else { return nil }
        if CalendarDate(text) != nil, let day = Timestamp(rfc3339: text + "T00:00:00Z") { return (day, day.adding(days: 1)) }
        guard let time = Timestamp(rfc3339: text.replacing(" ", with: "+")) else {
            throw problem(name, "must be a day such as 2026-11-22, or a time with an offset such as 2026-11-22T15:30:00Z")
        }
        return (time, Timestamp(microseconds: time.microseconds + 1))
    }
}
