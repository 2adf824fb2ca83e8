import Canonical
import Ledger
import Projections
import Tlog

extension Verification {
    var text: String {
        let size = Terminal.grouped(events)
        guard isIntact else {
            let rest = findingCount - findings.count
            return
                (["\(log): NOT intact, \(findingCount) findings in \(size) events."] + findings.map { "  " + $0.description }
                + (rest > 0 ? ["  … and \(rest) more."] : [])).joined(separator: "\n")
        }
        let erased = erased == 0 ? "" : ", \(Terminal.grouped(self.erased)) payloads erased"
        return "\(log): intact, \(size) events\(erased), root \(rootHex); \(seal)."
    }

    private var seal: String {
        guard let last = lastCheckpoint else { return "nothing is signed yet" }
        let by = signers.isEmpty ? "" : " by \(signers.joined(separator: ", "))"
        return "signed up to \(Terminal.grouped(Int64(last.size)))\(by)"
    }

    var json: JSON {
        var members: [String: JSON] = [
            "log": .string(log.description), "intact": .bool(isIntact), "events": .number(JSONNumber(events)),
            "erased": .number(JSONNumber(erased)), "root": .string(rootHex), "checkpoints": .number(JSONNumber(checkpoints)),
            "signers": .array(signers.map { .string($0) }), "finding_count": .number(JSONNumber(findingCount)),
            "findings": .array(
                findings.map { ["position": .number(JSONNumber($0.position)), "what": .string($0.what)] }),
        ]
        members["signed"] = lastCheckpoint.map { .number(JSONNumber(Int64($0.size))) }
        return .object(members)
    }
}

extension ReadModelVerification {
    var text: String {
        guard isIntact else {
            let rest = findingCount - findings.count
            return
                (["Read models of \(clinic): NOT as the log makes them, \(findingCount) findings."] + findings.map { "  " + $0.description }
                + (rest > 0 ? ["  … and \(rest) more."] : [])).joined(separator: "\n")
        }
        if compared.isEmpty { return "Read models of \(clinic): there are none yet." }
        return "Read models of \(clinic): as the log makes them, \(compared.count) of \(Terminal.grouped(rows)) rows."
    }

    var json: JSON {
        [
            "read_models": .string(clinic), "intact": .bool(isIntact), "compared": .array(compared.map { .string($0) }),
            "rows": .number(JSONNumber(rows)), "finding_count": .number(JSONNumber(findingCount)),
            "findings": .array(findings.map(\.json)),
        ]
    }
}

extension ReadModelVerification.Finding {
    var json: JSON {
        var members: [String: JSON] = ["projection": .string(projection), "what": .string(what)]
        for (name, value) in [("table", table), ("stream", stream), ("row", row), ("column", column)] {
            members[name] = value.map { .string($0) }
        }
        return .object(members)
    }
}
