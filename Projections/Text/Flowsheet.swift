import Canonical
import Clinic
import Foundation

/// A session minute by minute: what was measured, the rate, and what was done.
struct Flowsheet {
    private struct Line {
        let at: Timestamp
        var marks = ""
        var vitals: VitalsRecorded?
        var events: [(text: String, tone: Tone)] = []
    }

    private let session: Chart.Session
    private var lines: [Line] = []
    /// Vitals beyond rate, heart rate, pressure and SpO2 are shown where some were measured.
    private let extras: [VitalsRecorded.Measurement]

    init(_ session: Chart.Session) {
        self.session = session
        let sets = session.entries.compactMap { entry -> VitalsRecorded? in
            guard !entry.isVoided, case .vitalsRecorded(let body) = entry.body else { return nil }
            return body
        }
        extras = [.respiratoryRate, .painNrs, .moaas].filter { measurement in sets.contains { $0.has(measurement) } }
        for entry in session.entries where !entry.isVoided && entry.body.type != .sessionBooked { add(entry) }
    }

    /// Entries of one minute share a line, but two sets of vitals never do.
    private mutating func add(_ entry: Chart.Entry) {
        var line = Line(at: entry.event.occurredAt)
        if case .vitalsRecorded(let body) = entry.body { line.vitals = body }
        if let last = lines.last, last.at.dateAndClock == line.at.dateAndClock, line.vitals == nil || last.vitals == nil {
            let vitals = line.vitals ?? last.vitals
            line = last
            line.vitals = vitals
            lines.removeLast()
        }
        for mark in Annotations.marks(entry) where !line.marks.contains(mark) { line.marks.append(mark) }
        if let event = words(entry) { line.events.append(event) }
        lines.append(line)
    }

    var table: TextTable {
        var columns: [TextTable.Column] = [
            .init("time"), .init(""), .init("phase"), .init("mg/h", .right), .init("HR", .right), .init("BP", .right),
            .init("SpO2", .right),
        ]
        columns += extras.map { .init($0.label, .right) }
        var table = TextTable(columns + [.init("events")])
        for (index, line) in lines.enumerated() {
            let next = lines.dropFirst(index + 1).first
            let former = index == 0 ? session.at?.date : lines[index - 1].at.date
            if former != line.at.date { table.add(title: line.at.date.description, .faint) }
            table.add(cells(line, next))
        }
        return table
    }

    private func cells(_ line: Line, _ next: Line?) -> [TextTable.Cell] {
        // The rate after what was done in this minute.
        let minute = Timestamp(microseconds: line.at.microseconds - line.at.microseconds % 60_000_000).adding(minutes: 1)
        let instant = max(line.at, min(Timestamp(microseconds: minute.microseconds - 1), next?.at ?? minute))
        let rate = session.rate(at: instant)
        let vitals = line.vitals
        var cells: [TextTable.Cell] = [
            .init(line.at.clock), .init(line.marks, .warning), .init(vitals?.phase.rawValue ?? "", .faint), .init(rate?.description ?? ""),
            .init(vitals?.heartRate?.description ?? ""), .init(vitals.map(pressure) ?? ""), .init(vitals?.spo2Percent?.description ?? ""),
        ]
        cells += extras.map { .init(vitals?.value($0) ?? "") }
        let tone = line.events.map(\.tone).first { $0 == .bad } ?? line.events.map(\.tone).first { $0 != .normal } ?? .normal
        return cells + [.init(line.events.map(\.text).joined(separator: "; "), tone)]
    }

    private func pressure(_ vitals: VitalsRecorded) -> String {
        guard vitals.systolicMmhg != nil || vitals.diastolicMmhg != nil else { return "" }
        return (vitals.systolicMmhg?.description ?? "–") + "/" + (vitals.diastolicMmhg?.description ?? "–")
    }
}

extension VitalsRecorded {
    fileprivate func value(_ measurement: Measurement) -> String? {
        switch measurement {
        case .respiratoryRate: respiratoryRate?.description
        case .painNrs: painNrs.map(String.init)
        case .moaas: moaas.map(String.init)
        default: nil
        }
    }
}
