import Canonical
import Clinic
import Foundation
import Ledger

/// The sections of the report that list what was done to the record, whether or not a rule minds.
extension Audit {
    func overrides<Out>(_ page: inout MarkdownWriter<Out>) {
        page.heading(2, "Overrides (\(overrides.count))")
        if overrides.isEmpty { return page.paragraph("No gate was overridden.") }
        page.table(
            ["Occurred", "Gate", "By", "Reason", "With", "Where", "Position:"],
            overrides.map { item in
                let event = item.event.event
                return [
                    event.occurredAt.toTheSecond, item.override.gate.rawValue, event.actor.inMarkdown, item.override.reason.inMarkdown,
                    item.event.event.body.type.words + (item.event.entry?.isVoided == true ? " (voided since)" : ""),
                    item.stream.label.inMarkdown, String(event.position),
                ]
            })
    }

    func corrections<Out>(_ page: inout MarkdownWriter<Out>) {
        page.heading(2, "Corrections (\(corrections.count))")
        if corrections.isEmpty { return page.paragraph("Nothing was corrected.") }
        page.table(
            ["Corrected", "Recorded", "Entered", "By", "Reason", "What was", "What is", "Of", "Where", "Position:"],
            corrections.map { item in
                let (was, now) = item.words
                return [
                    item.correction.occurredAt.toTheSecond,
                    item.correction.recordedAt.toTheSecond, item.correction.chartedAt?.toTheSecond ?? "",
                    item.correction.actor.inMarkdown, item.reason.inMarkdown, was.inMarkdown, now.inMarkdown,
                    item.target.map {
                        "\($0.body.type.words) of \($0.occurredAt.toTheSecond) by \($0.actor), position \($0.position)".inMarkdown
                    }
                        ?? "nothing",
                    item.stream.label.inMarkdown, String(item.correction.position),
                ]
            })
    }

    func lateEntries<Out>(_ page: inout MarkdownWriter<Out>) {
        page.heading(2, "Late entries (\(lateEntries.count))")
        if lateEntries.isEmpty { return page.paragraph("Nothing was entered later than the policy allows.") }
        page.table(
            ["Occurred", "Entered", "Later by:", "Allowed:", "By", "What", "Where", "Position:"],
            lateEntries.map { item in
                let event = item.event.event
                return [
                    event.occurredAt.toTheSecond, (event.chartedAt ?? event.recordedAt).toTheSecond, Span.words(item.delay),
                    "\(item.policy.lateEntryH) h", event.actor.inMarkdown, item.event.words, item.stream.label.inMarkdown,
                    String(event.position),
                ]
            })
    }

    func accesses<Out>(_ page: inout MarkdownWriter<Out>) {
        page.heading(2, "Accesses")
        page.heading(3, "Emergency accesses (break-glass) and their reviews (\(emergencies.count))")
        if emergencies.isEmpty {
            page.paragraph("No chart was opened in an emergency.")
        } else {
            page.table(
                ["Occurred", "By", "Chart of", "Reason", "Review", "Position:"],
                emergencies.map { item in
                    let event = item.invocation.event
                    let reviews = item.reviews.map { review in
                        "\(review.event.occurredAt.toTheSecond) by \(review.event.actor): \(review.summary)"
                    }
                    return [
                        event.occurredAt.toTheSecond, event.actor.inMarkdown, item.stream.label.inMarkdown, item.reason.inMarkdown,
                        reviews.isEmpty ? "**none**" : reviews.joined(separator: "; ").inMarkdown, String(event.position),
                    ]
                })
        }
        page.heading(3, "Disclosures (\(disclosures.count))")
        if disclosures.isEmpty { return page.paragraph("Nothing was disclosed to anybody outside.") }
        page.table(
            ["Date", "By", "Data of", "Recipient", "Description", "Purpose", "Position:"],
            disclosures.map { item in
                let event = item.event.event
                let body = item.disclosure
                return [
                    event.occurredAt.toTheSecond, event.actor.inMarkdown, item.stream.label.inMarkdown,
                    (body.recipient + (body.recipientAddress.map { ", \($0)" } ?? "")).inMarkdown, body.description.inMarkdown,
                    body.purpose.inMarkdown, String(event.position),
                ]
            })
    }
}

extension Audit {
    func erased<Out>(_ page: inout MarkdownWriter<Out>) {
        guard !erasures.isEmpty else { return }
        page.heading(2, "Erasures (\(erasures.count))")
        page.paragraph("The payloads are gone from the database; the entries, and with them every proof, stand.")
        page.table(
            ["Occurred", "Patient", "Authority", "Approved by", "Last care", "Kept through:", "Events:", "Log", "Position:"],
            erasures.map { item in
                let (event, body) = (item.event.event, item.erasure)
                return [
                    event.occurredAt.toTheSecond, body.patient.lowercase.asCode,
                    body.authority.inMarkdown + (body.isLegalOrder ? " (legal order)" : ""),
                    body.approvedBy.joined(separator: ", ").inMarkdown, body.lastCareOn.description, String(body.retainedThrough),
                    String(body.count), event.stream.kind.log.rawValue, String(event.position),
                ]
            })
    }
}

extension Audit.Correction {
    /// What was in force before, and what is after: the fields that differ, or the whole in a line.
    var words: (was: String, now: String) {
        switch effect {
        case .none(let reason): return ("", "no effect: \(reason.words)")
        case .voided: return (before?.summary ?? "", "voided")
        case .amended, .amendmentVoided:
            guard case .object(let old)? = before?.data, case .object(let new)? = after?.data else {
                return (before?.summary ?? "", after?.summary ?? "")
            }
            let keys = Set(old.keys).union(new.keys).sorted().filter { old[$0]?.canonical != new[$0]?.canonical }
            if keys.isEmpty { return ("no value changed", "no value changed") }
            func list(_ members: [String: JSON]) -> String {
                keys.map { key in "\(key) " + (members[key].map { $0.time?.dateAndClock ?? $0.text ?? $0.canonical } ?? "—") }
                    .joined(separator: ", ")
            }
            return (list(old), list(new))
        }
    }
}

extension History.Defect.Reason {
    fileprivate var words: String {
        switch self {
        case .unknownTarget: "its target is not an earlier event of the stream"
        case .targetVoided: "its target had been voided"
        case .targetIsVoiding: "its target is a voiding, and a voiding stands"
        case .targetHadNoEffect: "its target is a correction that had no effect itself"
        case .invalidData: "its data is not valid for what it would replace"
        }
    }
}
