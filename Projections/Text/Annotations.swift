import Canonical
import Clinic
import Foundation

/// What is to be said of single entries beside their values: corrections, overrides, entries made later. Marked in a table, explained under it.
struct Annotations {
    private var notes: [(mark: String, at: Timestamp, what: String, text: String)] = []

    static func marks(_ entry: Chart.Entry) -> String {
        (entry.corrections.isEmpty ? "" : "*") + (entry.event.override == nil ? "" : "!") + (entry.delay == nil ? "" : "+")
            + (entry.event.signatures.isEmpty ? "" : "~")
    }

    /// The marks of those of the entries that a line of text is about, after a space: for its label.
    static func marks(_ entries: [Chart.Entry], of ids: [UUID]) -> String {
        let found = Set(entries.filter { ids.contains($0.id) }.flatMap { Array(marks($0)) })
        return found.isEmpty ? "" : " " + String("*!+~".filter(found.contains))
    }

    /// What the marks among these mean: `* corrected · ! gate overridden`.
    static func legend(_ marks: String) -> String {
        [("*", "corrected"), ("!", "gate overridden"), ("+", "entered an hour or more later"), ("~", "signed")]
            .filter { marks.contains($0.0) }.map { "\($0.0) \($0.1)" }.joined(separator: " · ")
    }

    /// - Parameter discharge: a correction from then on is said to be made after discharge.
    init(_ entries: [Chart.Entry], discharge: Timestamp? = nil) {
        for entry in entries {
            let event = entry.event
            if event.override == nil, event.signatures.isEmpty, entry.delay == nil, entry.corrections.isEmpty { continue }
            // Whoever reads the record sees who signed, when, and what that means (21 CFR 11.50(b)).
            for signature in event.signatures {
                let text = "\(signature.words) \(signature.at.clock(besides: event.occurredAt))"
                notes.append(("~", event.occurredAt, event.body.type.words, text))
            }
            for text in Correction.words(entry, discharge: discharge) { notes.append(("*", event.occurredAt, event.body.type.words, text)) }
            if let override = event.override {
                let text = "gate \(override.gate.rawValue) overridden by \(event.actor): \(override.reason)"
                notes.append(("!", event.occurredAt, event.body.type.words, text))
            }
            if let delay = entry.delay {
                notes.append(("+", event.occurredAt, event.body.type.words, "entered \(Span.words(delay)) later by \(event.actor)"))
            }
        }
    }

    var isEmpty: Bool { notes.isEmpty }

    /// - Parameter day: times are told without their date on this day.
    func table(besides day: Timestamp?) -> TextTable {
        var table = TextTable([.init(""), .init(""), .init(""), .init("")])
        for note in notes {
            let tone: Tone = note.mark == "!" ? .warning : .normal
            table.add([
                .init(note.mark, tone), .init(day.map { note.at.clock(besides: $0) } ?? note.at.dateAndClock), .init(note.what),
                .init(note.text),
            ])
        }
        return table
    }
}

/// One correction in words: who, when, why, and what it changed.
enum Correction {
    static func words(_ entry: Chart.Entry, discharge: Timestamp? = nil) -> [String] {
        var versions: [(id: UUID, data: JSON)] = [(entry.event.id, entry.event.body.data)]
        return entry.corrections.map { correction in
            let after = discharge.map { correction.occurredAt > $0 && entry.event.occurredAt <= $0 } == true ? ", after discharge" : ""
            let author = "by \(correction.actor) \(correction.occurredAt.clock(besides: entry.event.occurredAt))\(after)"
            switch correction.body {
            case .eventAmended(let body):
                let before = versions.last?.data ?? .null
                versions.append((correction.id, body.data))
                return "amended \(author): \(changes(before, body.data)). \(body.reason)"
            case .eventVoided(let body):
                guard body.target != entry.event.id else { return "voided \(author), was “\(entry.body.summary)”. \(body.reason)" }
                let before = versions.last?.data ?? .null
                versions.removeAll { $0.id == body.target }
                return "amendment voided \(author): \(changes(before, versions.last?.data ?? .null)). \(body.reason)"
            default: return correction.body.summary
            }
        }
    }

    /// `heart_rate 167 → 67, note — → "…"`.
    static func changes(_ before: JSON, _ after: JSON) -> String {
        guard case .object(let old) = before, case .object(let new) = after else { return "no value" }
        let keys = Set(old.keys).union(new.keys).sorted().filter { old[$0]?.canonical != new[$0]?.canonical }
        if keys.isEmpty { return "no value changed" }
        return keys.map { "\($0) \(words(old[$0])) → \(words(new[$0]))" }.joined(separator: ", ")
    }

    static func words(_ value: JSON?) -> String {
        guard let value else { return "—" }
        if let time = value.time { return time.dateAndClock }
        switch value {
        case .array(let elements): return elements.isEmpty ? "none" : elements.map(words).joined(separator: ", ")
        case .object(let members):
            // In parentheses, so that its commas are its own.
            return "(" + members.sorted { $0.key < $1.key }.map { "\($0.key) \(words($0.value))" }.joined(separator: ", ") + ")"
        default: return value.text ?? value.canonical
        }
    }
}
