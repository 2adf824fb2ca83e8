import Canonical
import Clinic
import Foundation
import Ledger

extension Audit {
    /// Writes the report as one JSON document, canonical but for line breaks: a line a member, and a line an element of a list, so that two reports
    /// can be compared line by line.
    public func writeJSON(to out: inout some TextOutputStream) {
        var document = DocumentWriter()
        document.member("format", "dripline-audit/1", to: &out)
        document.member("command", .string(scope.command + " --format json"), to: &out)
        document.member("scope", scopeJSON, to: &out)
        document.list("logs", logs.lazy.map(\.json), to: &out)
        document.member("intact", .bool(isIntact), to: &out)
        document.member("rule_set", .string(RuleSet.version), to: &out)
        document.list("policies", policies.lazy.map(\.json), to: &out)
        document.member("counts", streamCounts.json, to: &out)
        document.list("events", eventCounts.lazy.map(\.json), to: &out)
        document.list("rules", ruleRows.lazy.map(\.json), to: &out)
        document.list("findings", findings.lazy.map(\.json), to: &out)
        document.list("not_judged", notJudged.lazy.map(\.json), to: &out)
        document.list("overrides", overrides.lazy.map(\.json), to: &out)
        document.list("corrections", corrections.lazy.map(\.json), to: &out)
        document.list("late_entries", lateEntries.lazy.map(\.json), to: &out)
        document.list("emergency_accesses", emergencies.lazy.map(\.json), to: &out)
        document.list("disclosures", disclosures.lazy.map(\.json), to: &out)
        document.list("erasures", erasures.lazy.map(\.json), to: &out)
        document.end(to: &out)
    }

    private var scopeJSON: JSON {
        var members: [String: JSON] = [
            "clinic": .string(scope.clinic), "position": .number(JSONNumber(scope.bounds.record)),
            "access_position": .number(JSONNumber(scope.bounds.access)),
        ]
        members["from"] = scope.from.map { .string($0.description) }
        members["to"] = scope.to.map { .string($0.description) }
        return .object(members)
    }
}

/// Writes the members of an object one after another, however long its lists are.
private struct DocumentWriter {
    private var isFirst = true

    mutating func member(_ name: String, _ value: JSON, to out: inout some TextOutputStream) {
        begin(name, to: &out)
        out.write(value.canonical)
    }

    mutating func list(_ name: String, _ elements: some Sequence<JSON>, to out: inout some TextOutputStream) {
        begin(name, to: &out)
        var separator = "["
        for element in elements {
            out.write(separator + "\n" + element.canonical)
            separator = ","
        }
        out.write(separator == "[" ? "[]" : "\n]")
    }

    mutating func end(to out: inout some TextOutputStream) { out.write("\n}\n") }

    private mutating func begin(_ name: String, to out: inout some TextOutputStream) {
        out.write((isFirst ? "{\n" : ",\n") + "\"\(name)\":")
        isFirst = false
    }
}

extension Audit.Log {
    fileprivate var json: JSON {
        var members: [String: JSON] = [
            "log": .string(log.kind.rawValue), "position": .number(JSONNumber(position)), "root": .string(Hex.encode(root)),
            "erased": .array(erased.map { .number(JSONNumber($0)) }),
            "faults": .array(
                faults.map { fault in
                    var members: [String: JSON] = ["position": .number(JSONNumber(fault.position)), "what": .string(fault.what)]
                    members["stream"] = fault.stream.map { .string($0) }
                    return .object(members)
                }),
        ]
        members["checkpoint"] = sealed?.json
        members["last_recorded_at"] = lastRecordedAt.map { .string($0.description) }
        return .object(members)
    }
}

extension Audit.PolicyInForce {
    fileprivate var json: JSON {
        var members: [String: JSON] = ["version": .string(policy.version)]
        for (name, value) in policy.values { members[name] = value }
        members["from"] = from.map { .string($0.description) }
        return .object(members)
    }
}

extension Audit.StreamCounts {
    fileprivate var json: JSON {
        [
            "sessions": .number(JSONNumber(allSessions)),
            "sessions_by_phase": .object(
                Dictionary(uniqueKeysWithValues: sessions.map { ($0.key.rawValue, .number(JSONNumber($0.value))) })),
            "patients": .number(JSONNumber(patients.count)), "vials": .number(JSONNumber(vials)),
            "access_streams": .number(JSONNumber(accesses)),
        ]
    }
}

extension Audit.EventCount {
    fileprivate var json: JSON {
        [
            "log": .string(log.kind.rawValue), "type": .string(type), "all": .number(JSONNumber(all)),
            "in_period": .number(JSONNumber(inPeriod)),
        ]
    }
}

extension Audit.RuleRow {
    fileprivate var json: JSON {
        var members: [String: JSON] = ["rule": .string(id), "title": .string(title), "citation": .string(citation)]
        for (verdict, count) in counts { members[verdict.rawValue] = .number(JSONNumber(count)) }
        return .object(members)
    }
}

extension Audit.Finding {
    fileprivate var json: JSON {
        guard case .object(var members) = judgement.json else { return judgement.json }
        // What decides stands in the context, with more.
        members["deciding"] = nil
        members["clinic"] = nil
        members["stream"] = stream.json
        members["events"] = .array(context.map(\.json))
        return .object(members)
    }
}

extension Audit.OverrideMade {
    fileprivate var json: JSON {
        ["stream": stream.json, "gate": .string(override.gate.rawValue), "reason": .string(override.reason), "event": event.json]
    }
}

extension Audit.Correction {
    fileprivate var json: JSON {
        var members: [String: JSON] = [
            "stream": stream.json, "actor": .string(correction.actor), "occurred_at": .string(correction.occurredAt.description),
            "recorded_at": .string(correction.recordedAt.description), "position": .number(JSONNumber(correction.position)),
            "event": .string(correction.id.lowercase), "reason": .string(reason), "effect": .string(effect.name),
        ]
        members["charted_at"] = correction.chartedAt.map { .string($0.description) }
        if let target {
            members["target"] = [
                "event": .string(target.id.lowercase), "position": .number(JSONNumber(target.position)),
                "type": .string(target.body.type.rawValue), "actor": .string(target.actor),
                "occurred_at": .string(target.occurredAt.description), "recorded_at": .string(target.recordedAt.description),
            ]
        }
        members["before"] = before?.data
        members["after"] = after?.data
        return .object(members)
    }
}

extension Audit.LateEntry {
    fileprivate var json: JSON {
        [
            "stream": stream.json, "event": event.json, "delay_min": .number(JSONNumber(delay / 60_000_000)),
            "policy_version": .string(policy.version), "late_entry_h": .number(JSONNumber(policy.lateEntryH)),
        ]
    }
}

extension Audit.Emergency {
    fileprivate var json: JSON {
        ["stream": stream.json, "reason": .string(reason), "event": invocation.json, "reviews": .array(reviews.map(\.json))]
    }
}

extension Audit.Disclosure {
    fileprivate var json: JSON { ["stream": stream.json, "event": event.json, "disclosure": EventBody.disclosureMade(disclosure).data] }
}

extension Audit.Erasure {
    fileprivate var json: JSON { ["stream": stream.json, "event": event.json, "erasure": EventBody.payloadErased(erasure).data] }
}

extension Audit.NotJudged {
    fileprivate var json: JSON {
        [
            "stream": .string(stream.description),
            "because": .array(
                causes.map { cause in
                    [
                        "stream": .string(cause.stream), "positions": .array(cause.positions.map { .number(JSONNumber($0)) }),
                    ]
                }),
        ]
    }
}
