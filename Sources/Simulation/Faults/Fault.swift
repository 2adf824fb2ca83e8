import Canonical

/// One way in which care goes against a rule, planted in a session that was clean. What a gate would refuse is planted as it happens in life: by an
/// override, or by a late entry or a correction that makes the record show it.
struct Fault {
    let name: String
    let story: String
    let fit: Fit
    private(set) var shared: Shared?
    /// Changes the session, and says which verdicts follow.
    let plant: (Course, ClinicYear) -> [Finding]

    struct Finding {
        let stream: String
        let rule: String
        let verdict: String
    }

    /// Whether a fault can be shown on a session.
    struct Fit {
        let holds: (Course) -> Bool

        init(_ holds: @escaping (Course) -> Bool) { self.holds = holds }
    }

    init(
        _ name: String, _ story: String, where fit: Fit = Fit { _ in true },
        _ plant: @escaping (Course, ClinicYear) -> [Finding]
    ) {
        (self.name, self.story, self.fit, self.plant) = (name, story, fit, plant)
    }

    /// A stream that several sessions share, on which there can be one fault of a kind only.
    enum Shared {
        case vial, access, patient
    }

    func sharing(_ shared: Shared) -> Fault {
        var fault = self
        fault.shared = shared
        return fault
    }

    static func sessions() -> [Fault] {
        monitoring + preparation + dosing + drugs.map { $0.sharing(.vial) } + discharge + record + lateCalls.map { $0.sharing(.patient) }
            + accesses.map { $0.sharing(.access) }
    }
}

extension Course {
    func fails(_ rules: String...) -> [Fault.Finding] { rules.map { Fault.Finding(stream: stream, rule: $0, verdict: "fail") } }
    func overridden(_ rule: String) -> [Fault.Finding] { [Fault.Finding(stream: stream, rule: rule, verdict: "overridden")] }
    func vialFails(_ rule: String) -> [Fault.Finding] { [Fault.Finding(stream: vial.stream, rule: rule, verdict: "fail")] }
    func patientFails(_ rule: String) -> [Fault.Finding] { [Fault.Finding(stream: patient.stream, rule: rule, verdict: "fail")] }

    /// Nothing was corrected or charted late in the ordinary way, so that faults don't meet what is there.
    var isPlain: Bool {
        !isStoppedEarly && events.allSatisfy { $0.chartedAt == nil && $0.type != "EventAmended" && $0.type != "EventVoided" }
    }

    func minute(of draft: Draft) -> Int { Int(draft.at.microseconds(since: start) / 60_000_000) }

    func readings(_ range: ClosedRange<Int>) -> [Draft] {
        find("VitalsRecorded") { $0["phase"] == "infusion" && range.contains(self.minute(of: $0)) }
    }

    /// Takes measurements out of readings, and says why they are not there.
    func lose(_ keys: [String], _ range: ClosedRange<Int>, because reason: String) {
        for reading in readings(range) { lose(keys, from: reading, because: reason) }
    }

    func lose(_ keys: [String], from reading: Draft, because reason: String) {
        var absent: [String: JSON] = [:]
        for key in keys {
            reading[key] = nil
            absent[key] = .string(reason)
        }
        reading["absent"] = .object(absent)
    }

    static let pressure = ["systolic_mmhg", "diastolic_mmhg", "map_mmhg"]

    func only(_ type: String) -> Draft? { find(type).last }

    /// A prescriber charts it, through the gate.
    func override(_ draft: Draft?, _ gate: String, _ reason: String) {
        draft?.actor = prescriber
        draft?.batch = nil
        draft?.override = (gate, reason)
    }

    /// After the discharge, by the clock of the session.
    @discardableResult
    func amend(_ draft: Draft, _ minute: Int, by actor: String? = nil, because reason: String, _ change: (inout [String: JSON]) -> Void)
        -> Draft
    {
        draft.batch = nil
        var data = draft.data
        change(&data)
        let body: [String: JSON] = ["target": draft.id, "reason": .string(reason), "data": .object(data)]
        return add("EventAmended", minute, by: actor ?? draft.actor, on: draft.stream, body)
    }

    @discardableResult
    func void(_ draft: Draft, _ minute: Int, _ second: Int = 0, by actor: String? = nil, because reason: String) -> Draft {
        draft.batch = nil
        let body: [String: JSON] = ["target": draft.id, "reason": .string(reason)]
        return add("EventVoided", minute, second, by: actor ?? draft.actor, on: draft.stream, body)
    }

    /// A consultation on the patient's stream.
    @discardableResult
    func consult(_ minute: Int, candidacy: String = "candidate", present: String? = nil, rationale: String) -> Draft {
        let data = patient.consultation(left: 900, candidacy: candidacy, present: present, rationale: rationale, &chance)
        return add("ConsultationRecorded", minute, by: prescriber, on: patient.stream, data)
    }
}

extension ClinicYear {
    /// What is charted beside the sessions.
    func find(_ type: String, on stream: String) -> [Draft] { aside.flatMap(\.self).filter { $0.type == type && $0.stream == stream } }

    func drop(where isMeant: (Draft) -> Bool) {
        for index in aside.indices { aside[index].removeAll(where: isMeant) }
    }
}
