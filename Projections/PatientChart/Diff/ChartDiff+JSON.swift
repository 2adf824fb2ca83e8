public import Canonical
import Clinic

extension ChartDiff {
    /// `{"from":{bounds},"to":{bounds},"parts":[{"stream","title","status","added":[entry],"amended":[…],"voided":[…],"derived":{name:
    /// {"before"?,"after"?}}}]}`. An amended fact has its envelope, `fields` and the `corrections` made in between; a voided one its `data` as it
    /// was last in force.
    public var json: JSON { ["from": from.json, "to": to.json, "parts": .array(parts.map(\.json))] }
}

extension ChartDiff.Part {
    var json: JSON {
        [
            "stream": .string(stream.description), "title": .string(title), "status": .string(status.rawValue),
            "added": .array(added.map(\.json)), "amended": .array(corrected.filter { !$0.isVoided }.map(\.json)),
            "voided": .array(corrected.filter(\.isVoided).map(\.json)), "derived": .differences(derived),
        ]
    }
}

extension ChartDiff.Correction {
    fileprivate var json: JSON {
        var members = after.event.members
        members["data"] = isVoided ? before.body.data : after.body.data
        members["fields"] = isVoided ? nil : .differences(fields)
        members["corrections"] = .array(corrections.map { .object($0.members) })
        return .object(members)
    }
}

extension JSON {
    fileprivate static func differences(_ list: [ChartDiff.Derived]) -> JSON {
        .object(
            Dictionary(
                list.map { item in
                    var members: [String: JSON] = [:]
                    members["before"] = item.before
                    members["after"] = item.after
                    return (item.name, .object(members))
                }
            ) { first, _ in first })
    }
}

extension History.Bounds {
    /// `{"at"?,"known_at"?,"position"?}`.
    var json: JSON {
        var members: [String: JSON] = [:]
        members["at"] = .optional(at)
        members["known_at"] = .optional(knownAt)
        members["position"] = position.map { .number(JSONNumber($0)) }
        return .object(members)
    }
}
