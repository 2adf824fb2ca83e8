import Canonical
import Clinic
public import Foundation

/// Verdicts for people: a line a session with a sign a rule, totals, and each finding with what decides it.
public struct ComplianceView: Sendable {
    let judgements: [Judgement]
    /// What patients are called. Verdicts name none, so who may see names decides it; ids are shown where none is given.
    let names: [UUID: String]

    public init(_ judgements: [Judgement], names: [UUID: String] = [:]) {
        self.judgements = judgements
        self.names = names
    }

    /// One stream's verdicts.
    struct Line {
        let stream: StreamID
        let patient: UUID?
        let session: Int?
        let at: Timestamp?
        let judgements: [Judgement]
    }

    /// The rules that occur, in the order of the rule set.
    var rules: [String] {
        let found = Set(judgements.map(\.rule))
        return RuleSet.rules.map(\.id).filter(found.contains) + found.filter { RuleSet.rule($0) == nil }.sorted()
    }

    /// By patient, each patient's own stream after their sessions; the clinic's own last.
    var groups: [(patient: UUID?, lines: [Line])] {
        let lines = Dictionary(grouping: judgements, by: \.stream).compactMap { stream, judgements -> Line? in
            judgements.first.map {
                Line(stream: stream, patient: $0.patient, session: $0.session, at: $0.sessionAt, judgements: judgements)
            }
        }
        let groups = Dictionary(grouping: lines, by: \.patient).map { patient, lines in
            (patient: patient, lines: lines.sorted { order($0) < order($1) })
        }
        return groups.sorted { groupOrder($0.patient) < groupOrder($1.patient) }
    }

    func name(_ patient: UUID) -> String { names[patient] ?? "patient \(patient.lowercase)" }

    private func groupOrder(_ patient: UUID?) -> (Int, String, String) {
        guard let patient else { return (1, "", "") }
        // As a person looks them up: Ç beside C.
        return (0, name(patient).folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil), patient.lowercase)
    }

    private func order(_ line: Line) -> (Timestamp, Int, String) {
        (line.at ?? Timestamp(microseconds: .max), line.session ?? .max, line.stream.description)
    }
}

extension Verdict {
    /// One column wide.
    var sign: String {
        switch self {
        case .pass: "✓"
        case .fail: "✗"
        case .overridden: "!"
        case .notApplicable: "·"
        case .indeterminate: "?"
        }
    }

    var tone: Tone {
        switch self {
        case .pass: .good
        case .fail: .bad
        case .overridden, .indeterminate: .warning
        case .notApplicable: .faint
        }
    }
}
