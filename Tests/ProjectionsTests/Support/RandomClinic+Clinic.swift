import Canonical
import Clinic
import Foundation

/// Staff, policies and forms, and corrections of anything.
extension RandomClinic {
    static let foundingSteps = 6

    /// The first events: who works here, the form, and a vial.
    mutating func founding(_ step: Int) -> Draft {
        let staff = ["ada": "administrator", "dr.lin": "prescriber", "nia": "nurse", "fay": "front_desk"]
        let handles = ["ada", "dr.lin", "nia", "fay"]
        if step > handles.count { return receipt() }
        guard step < handles.count else { return publication("1") }
        return enrolment(handles[step], [.string(staff[handles[step]] ?? "")])
    }

    mutating func clinicDraft() -> Draft {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return publication("\(next() + 1)")
        case let choice where choice == 1 || !adoptsPolicies:
            // A nurse comes or goes, an enrolment takes a role away or gives it back.
            let roles: [JSON] = random.once(in: 2) ? ["nurse"] : ["nurse", "compliance"]
            return enrolment(["nia", "noa"].randomElement(using: &random) ?? "noa", roles)
        default:
            var data: [String: JSON] = [
                "version": .string("p\(next())"),
                "effective_at": .string(clock.adding(minutes: Int64.random(in: -600...600, using: &random)).description),
            ]
            if random.once(in: 2) { data["vitals_gap_min"] = .number(JSONNumber(Int.random(in: 2...30, using: &random))) }
            if random.once(in: 2) { data["late_entry_h"] = .number(JSONNumber(Int.random(in: 1...80, using: &random))) }
            if random.once(in: 2) { data["recovery_min"] = .number(JSONNumber(Int.random(in: 0...60, using: &random))) }
            return Draft(stream: .clinic, actor: "ada", type: .policyAdopted, data: .object(data))
        }
    }

    private func enrolment(_ handle: String, _ roles: [JSON]) -> Draft {
        let data: JSON = ["staff": .string(handle), "name": "Somebody", "roles": .array(roles)]
        return Draft(stream: .clinic, actor: "ada", type: .staffEnrolled, data: data)
    }

    private func publication(_ version: String) -> Draft {
        let data: JSON = ["form": "infusion", "version": .string(version), "text": .string("I agree, version \(version).")]
        return Draft(stream: .clinic, actor: "ada", type: .consentFormPublished, data: data)
    }

    /// An amendment or a voiding of some event, also of an amendment.
    mutating func correction() -> Draft {
        let streams: [StreamID] = sessions.map { .session($0) } + sessions.map { .session($0) } + patients.map { .patient($0) } + [.clinic]
        guard let stream = streams.randomElement(using: &random), let target = history(stream).events.randomElement(using: &random) else {
            return clinicDraft()
        }
        let actor = stream == .clinic ? "ada" : ["nia", "dr.lin", "fay"].randomElement(using: &random) ?? "nia"
        let ids: JSON = .string(target.id.lowercase)
        if random.once(in: 4) {
            return Draft(stream: stream, actor: actor, type: .eventVoided, data: ["target": ids, "reason": "Charted by mistake."])
        }
        // The data in force of what the target stands for, changed a little.
        var body = target.body.data
        if case .eventAmended(let amendment) = target.body { body = amendment.data }
        let data: JSON = ["target": ids, "reason": "A slip of the pen.", "data": altered(body)]
        return Draft(stream: stream, actor: actor, type: .eventAmended, data: data)
    }

    private mutating func altered(_ data: JSON) -> JSON {
        guard case .object(var members) = data else { return data }
        if members["heart_rate"] != nil { members["heart_rate"] = .number(JSONNumber(Int.random(in: 50...120, using: &random))) }
        if members["systolic_mmhg"] != nil, random.once(in: 4) {
            members["systolic_mmhg"] = nil
            members["diastolic_mmhg"] = nil
        }
        if members["adult"] != nil { members["adult"] = .bool(random.once(in: 2)) }
        if members["text"] != nil { members["text"] = .string("Amended \(next()).") }
        if members["weight_kg"] != nil { members["weight_kg"] = .number(JSONNumber(Int.random(in: 50...110, using: &random))) }
        if members["number"] != nil { members["number"] = .number(JSONNumber(Int.random(in: 1...9, using: &random))) }
        if members["candidacy"] != nil { members["candidacy"] = random.once(in: 2) ? "deferred" : "candidate" }
        if members["late_entry_h"] != nil { members["late_entry_h"] = .number(JSONNumber(Int.random(in: 1...80, using: &random))) }
        if members["family"] != nil { members["family"] = .string("Ash-\(next())") }
        return .object(members)
    }
}
