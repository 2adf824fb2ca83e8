import Canonical
import Clinic
import Foundation
import Ledger

extension Audit {
    /// Writes the report for people, in Markdown: first what was found, gravest first, then what stands behind it.
    public func writeMarkdown<Out: TextOutputStream>(to out: inout Out) {
        var page = MarkdownWriter(out: out)
        heading(&page)
        result(&page)
        rules(&page)
        integrity(&page)
        failures(&page)
        overridden(&page)
        undetermined(&page)
        unjudged(&page)
        overrides(&page)
        corrections(&page)
        lateEntries(&page)
        accesses(&page)
        erased(&page)
        policies(&page)
        counts(&page)
        method(&page)
        out = page.out
    }

    private func heading<Out>(_ page: inout MarkdownWriter<Out>) {
        page.heading(1, "Compliance audit of clinic \(scope.clinic)")
        var rows = [["Clinic", scope.clinic.inMarkdown], ["Period", period]]
        for log in logs {
            let last = log.lastRecordedAt.map { ", last event recorded \($0.toTheSecond)" } ?? ""
            rows.append([log.name.capitalizedFirst, "up to position \(log.position)\(last)"])
            rows.append(["Root hash of the \(log.name)", Hex.encode(log.root).asCode])
            rows.append(["Checkpoint of the \(log.name)", (log.sealed?.words ?? "none up to this position").inMarkdown])
        }
        rows.append(["Rule set", RuleSet.version.inMarkdown])
        rows.append(["Policies in force", policies.map { $0.policy.version.inMarkdown }.joined(separator: ", ")])
        rows.append(["To repeat it", scope.command.asCode])
        page.table(["Scope", ""], rows)
        page.paragraph("All times are UTC. Staff are named by their handle, patients by their medical record number (MRN).")
    }

    private var period: String {
        scope.hasPeriod
            ? "\(scope.period), both days included: sessions that took place then, and other streams where something occurred then"
            : "everything recorded up to these positions"
    }

    /// The answer in a few lines.
    private func result<Out>(_ page: inout MarkdownWriter<Out>) {
        page.heading(2, "Result")
        let counts = streamCounts
        var lines: [String] = []
        let faults = logs.reduce(0) { $0 + $1.faults.count }
        lines.append(
            faults == 0
                ? "**Both logs are intact**: every digest, leaf hash and root was recomputed from the stored bytes."
                : "**NOT INTACT**: \(Phrase.count(faults, "fault")) in the logs; see *Integrity of the logs*.")
        lines.append(
            "Audited: \(Phrase.count(counts.allSessions, "session")) of \(Phrase.count(counts.patients.count, "patient")), "
                + "\(Phrase.count(counts.vials, "vial"))"
                + (counts.accesses == 0
                    ? "." : ", and the accesses to \(Phrase.count(counts.accesses, "chart or account", "charts or accounts"))."))
        let failed = findings.filter { $0.judgement.verdict == .fail }
        let places = Set(failed.map(\.stream.id)).count
        lines.append(
            failed.isEmpty
                ? "**No rule failed.**"
                : "**\(Phrase.count(failed.count, "failure"))**, on \(Phrase.count(places, "session or other stream", "sessions or other streams"))."
        )
        lines.append(
            "\(Phrase.count(count(.overridden), "verdict")) overridden by a prescriber with a reason; \(count(.indeterminate)) not determined yet, "
                + "because a session is still open or a deadline has not passed.")
        if !notJudged.isEmpty {
            lines.append("**\(Phrase.count(notJudged.count, "stream")) not judged**, because events could not be relied on.")
        }
        lines.append(
            "\(Phrase.count(overrides.count, "override")), \(Phrase.count(corrections.count, "correction")), "
                + "\(Phrase.count(lateEntries.count, "late entry", "late entries")), "
                + "\(Phrase.count(emergencies.count, "emergency access", "emergency accesses")), "
                + "\(Phrase.count(disclosures.count, "disclosure")).")
        page.list(lines)
    }

    private func rules<Out>(_ page: inout MarkdownWriter<Out>) {
        page.heading(2, "Verdicts by rule")
        let shown: [(Verdict, String)] = [
            (.fail, "fail:"), (.overridden, "overridden:"), (.indeterminate, "not yet:"), (.pass, "pass:"), (.notApplicable, "n/a:"),
        ]
        page.table(
            ["Rule", "What it asks"] + shown.map(\.1) + ["Source"],
            ruleRows.map { row in
                [row.id, row.title.inMarkdown]
                    + shown.map { verdict, _ in
                        let count = row.counts[verdict] ?? 0
                        return count == 0 ? "–" : verdict == .fail ? "**\(count)**" : String(count)
                    } + [row.citation.inMarkdown]
            })
    }

    private func policies<Out>(_ page: inout MarkdownWriter<Out>) {
        page.heading(2, "Policies in force")
        let names = Policy().values.map(\.name)
        page.table(
            ["Value"] + policies.map { $0.policy.version.inMarkdown + ":" },
            [["*from*"] + policies.map { $0.from?.dateAndClock ?? "the start" }]
                + names.indices.map { index in [names[index]] + policies.map { $0.policy.values[index].value.canonical } })
    }

    private func counts<Out>(_ page: inout MarkdownWriter<Out>) {
        page.heading(2, "What was counted")
        let phases = SessionState.Phase.allCases.compactMap { phase in
            streamCounts.sessions[phase].map { "\($0) \(phase.words)" }
        }
        if !phases.isEmpty { page.paragraph("Sessions audited: \(phases.joined(separator: ", ")).") }
        page.table(
            ["Log", "Event type", scope.hasPeriod ? "in the period:" : ":", "in the log:"],
            eventCounts.map { count in
                [
                    count.log.kind.rawValue, count.type.inMarkdown, scope.hasPeriod ? String(count.inPeriod) : "", String(count.all),
                ]
            })
    }

    private func method<Out>(_ page: inout MarkdownWriter<Out>) {
        page.heading(2, "How this was made")
        page.paragraph(
            """
            The report was replayed from the stored bytes of the two logs up to the positions above, and from nothing else: no chart, table or other \
            derived data, and no clock. Whoever has the database, or an export of it, gets the same bytes by the command above; with an export, add \
            `--export DIR`. The root hashes are those of RFC 6962 over the entries; hold them against the clinic's signed checkpoints. \
            The checkpoint named is the last one within the position; its root was recomputed, its signatures are for `dripline verify` to check. \
            Events are shown as they were recorded; later corrections are named beside them, and verdicts go by what is in force up to the \
            positions above, under the policy that held when it happened.
            """)
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension Timestamp {
    /// `2026-11-22 15:30:00`.
    var toTheSecond: String {
        let text = description
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8)
    }
}
