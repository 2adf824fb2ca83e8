import Canonical
import Clinic
import Foundation

extension Chart.Session {
    /// The session for people: what it was, its flowsheet, notes, and what was corrected, overridden or entered late.
    ///
    /// - Parameters:
    ///   - patient: whose session it is, for the heading; nil leaves the name out.
    ///   - width: columns of the terminal, at least 60.
    public func text(of patient: Chart.Patient? = nil, style: TextStyle = .plain, width: Int = 100) -> String {
        var page = Page(style: style, width: width)
        page.spread(
            patient?.name ?? "Session \(id.lowercase)", patient?.registration.map { "MRN \($0.mrn)" } ?? "", .strong)
        page.spread("session \(id.lowercase)", "as of position \(lastPosition), times in UTC", .faint)
        page.rule()
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
        let annotations = Annotations(entries)
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

    private var facts: [(String, String)] {
        var facts: [(String, String)] = []
        if let booked = state.booked?.body {
            let chair = booked.chair.map { ", chair \($0)" } ?? ""
            facts.append(("Booked", "\(booked.scheduledAt.dateAndClock), \(booked.durationMin) min\(chair)"))
        }
        if let arrival = state.arrival {
            let height = arrival.body.heightCm.map { ", \($0.withUnit)" } ?? ""
            facts.append(("Arrived", "\(arrival.at.clock), \(arrival.body.weightKg.withUnit)\(height)"))
        }
        for (index, run) in state.runs.enumerated() {
            facts.append((state.runs.count == 1 ? "Infusion" : "Infusion \(index + 1)", words(run)))
        }
        if state.runs.count > 1, let given { facts.append(("In all", given.withUnit + perKilogram)) }
        if !state.sideEffects.isEmpty { facts.append(("Side effects", state.sideEffects.map(words).joined(separator: "; "))) }
        if let score = state.recoveryScores.last {
            facts.append(("Recovery", "\(score.body.scale.label) \(score.body.total)/10 at \(score.at.clock)"))
        }
        for driver in state.drivers where driver.body.stage == .release {
            facts.append(("Driver", "\(driver.body.name) (\(driver.body.relationship)), \(driver.body.method.words), \(driver.at.clock)"))
        }
        if let discharge = state.discharge {
            let released = discharge.body.releasedTo.map { ", released to \($0)" } ?? ""
            facts.append(("Discharged", "\(discharge.at.clock) by \(discharge.actor), \(discharge.body.condition)\(released)"))
        }
        return facts
    }

    private var perKilogram: String { givenPerKilogram.map { " (\($0.withUnit))" } ?? "" }

    private func words(_ run: InfusionRun) -> String {
        let body = run.start.body
        let end = run.end.map { $0.clock(besides: run.start.at) } ?? "running"
        let length = run.end.map { ", " + Span.words($0.microseconds(since: run.start.at)) } ?? ""
        let highest = run.segments.map(\.rate).max() ?? body.rateMgPerH
        let known = run.end ?? max(lastOccurredAt ?? run.start.at, run.start.at)
        let amount = (try? run.given(at: known)).map { "\($0.withUnit) given" + (state.runs.count == 1 ? perKilogram : "") } ?? ""
        let times = "\(run.start.at.clock)–\(end)\(length)"
        return "\(body.drug) \(body.concentrationMgPerMl.withUnit), \(times); \(amount), up to \(highest.withUnit); by \(body.prescriber)"
    }

    private func words(_ course: SideEffectCourse) -> String {
        let body = course.observed.body
        let name = body.effect == .other ? body.note ?? "other" : body.effect.label
        let end = course.resolved.map { "–\($0.at.clock(besides: course.observed.at))" } ?? ", open"
        return "\(name) grade \(body.grade) (\(course.observed.at.clock)\(end))"
    }
}
