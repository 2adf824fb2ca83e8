import Canonical
import Clinic
import Foundation
import Ledger

/// The sections of the report that tell what was found.
extension Audit {
    func integrity<Out>(_ page: inout MarkdownWriter<Out>) {
        page.heading(2, "Integrity of the logs (A1)")
        for log in logs {
            let erased = log.erased.isEmpty ? "" : " \(Phrase.count(log.erased.count, "payload")) erased, at \(Self.positions(log.erased))."
            if log.position == 0, log.faults.isEmpty {
                page.paragraph("The \(log.name) holds no event.")
                continue
            }
            guard !log.faults.isEmpty else {
                page.paragraph(
                    "The \(log.name) is intact: \(Phrase.count(Int(log.position), "event")) at positions without a gap.\(erased)")
                continue
            }
            page.paragraph("**The \(log.name) is not intact**: \(Phrase.count(log.faults.count, "fault")).\(erased)")
            page.table(
                ["Position:", "What is wrong", "Stream"],
                log.faults.prefix(Self.maximumFaults).map { fault in
                    [String(fault.position), fault.what.inMarkdown, fault.stream?.asCode ?? "unknown"]
                })
            let rest = log.faults.count - Self.maximumFaults
            if rest > 0 { page.paragraph("… and \(rest) more, in the JSON form of this report.") }
        }
    }

    /// Faults of a log that are listed for people.
    private static let maximumFaults = 100

    private static func positions(_ positions: [Int64]) -> String { Phrase.list(positions.map { "position \($0)" }, most: 5) }

    func failures<Out>(_ page: inout MarkdownWriter<Out>) {
        section("Failures", .fail, none: "No rule failed.", &page)
    }

    func overridden<Out>(_ page: inout MarkdownWriter<Out>) {
        section("Overridden", .overridden, none: "No verdict rests on an override.", &page)
    }

    /// Findings of one verdict, rule by rule.
    private func section<Out>(_ title: String, _ verdict: Verdict, none: String, _ page: inout MarkdownWriter<Out>) {
        let found = findings.filter { $0.judgement.verdict == verdict }
        page.heading(2, "\(title) (\(found.count))")
        if found.isEmpty { return page.paragraph(none) }
        page.paragraph("▸ marks the events on which a finding rests; the others stand next to them in their stream.")
        var rule: String?
        var number = 0
        for finding in found {
            if finding.judgement.rule != rule {
                rule = finding.judgement.rule
                number = 0
                let known = RuleSet.rule(finding.judgement.rule)
                let many = found.count { $0.judgement.rule == finding.judgement.rule }
                page.heading(3, "\(finding.judgement.rule) \(known?.title ?? "") (\(many))")
                if let known { page.paragraph("Source: \(known.citation.inMarkdown).") }
            }
            number += 1
            page.paragraph(
                "**\(finding.judgement.rule)-\(number)** · \(finding.stream.label.inMarkdown) · \(finding.stream.id.description.asCode)  \n"
                    + sentence(finding))
            events(finding.context, &page)
        }
    }

    /// With the policy in force, where the sentence does not name it.
    private func sentence(_ finding: Finding) -> String {
        let (sentence, version) = (finding.judgement.finding.sentence, finding.judgement.finding.policyVersion)
        let policy = sentence.contains("policy \(version)") ? "" : " (policy in force: \(version))"
        return (sentence + policy).inMarkdown + "."
    }

    /// What is not determined in one stream is one thing to know, so it stands together.
    func undetermined<Out>(_ page: inout MarkdownWriter<Out>) {
        let found = findings.filter { $0.judgement.verdict == .indeterminate }
        page.heading(2, "Not determined yet (\(found.count))")
        if found.isEmpty { return page.paragraph("Everything is determined.") }
        let groups = Dictionary(grouping: found, by: \.stream.id).values.compactMap { group in group.first.map { ($0.stream, group) } }
            .sorted { AuditedStream.precedes($0.0, $1.0) }
        for (stream, group) in groups {
            page.paragraph("**\(stream.label.inMarkdown)** · \(stream.id.description.asCode)")
            page.list(
                group.map { finding in
                    let sentence = finding.judgement.finding.sentence
                    let prefix = Projections.Finding.openPrefix
                    return "\(finding.judgement.rule): "
                        + (sentence.hasPrefix(prefix) ? String(sentence.dropFirst(prefix.count)) : sentence).inMarkdown
                })
            events(merged(group.flatMap(\.context)), &page)
        }
    }

    /// Each event once, as deciding where it decides anything.
    private func merged(_ events: [AuditEvent]) -> [AuditEvent] {
        var places: [UUID: Int] = [:]
        var merged: [AuditEvent] = []
        for event in events {
            if let place = places[event.event.id] {
                if event.isDeciding { merged[place] = event }
            } else {
                places[event.event.id] = merged.count
                merged.append(event)
            }
        }
        return merged.sorted { ($0.event.stream.description, $0.event.position) < ($1.event.stream.description, $1.event.position) }
    }

    /// Events in a table, those that decide marked.
    private func events<Out>(_ events: [AuditEvent], _ page: inout MarkdownWriter<Out>) {
        guard !events.isEmpty else { return }
        let streams = Set(events.map(\.event.stream))
        page.table(
            ["", "Position:", "Occurred", "Recorded", "Entered", "By", "What", "Stream", "Event"],
            events.map { event in
                [
                    event.isDeciding ? "▸" : "", String(event.event.position), event.event.occurredAt.toTheSecond,
                    event.event.recordedAt.toTheSecond, event.event.chartedAt?.toTheSecond ?? "",
                    event.event.actor.inMarkdown, event.words, streams.count > 1 ? event.event.stream.kind.rawValue : "",
                    event.event.id.lowercase.asCode,
                ]
            })
    }

    func unjudged<Out>(_ page: inout MarkdownWriter<Out>) {
        guard !notJudged.isEmpty else { return }
        page.heading(2, "Not judged (\(notJudged.count))")
        page.paragraph(
            "No rule was evaluated here, because the verdicts would rest on events that were altered or are missing.")
        page.table(
            ["Stream", "Because of"],
            notJudged.map { item in
                [
                    item.stream.description.asCode,
                    item.causes.map { "\(Self.positions($0.positions)) of \($0.stream.asCode)" }
                        .joined(separator: "; "),
                ]
            })
    }
}

extension AuditEvent {
    /// What it says, with what was overridden.
    var words: String {
        let override = event.override.map { " (gate \($0.gate.rawValue) overridden: \($0.reason))" } ?? ""
        return (summary + override).inMarkdown
    }
}
