import Canonical

/// Plants every fault once in a clinic, each in a session, vial and patient of its own, and keeps what must be found.
struct Planting {
    private let year: ClinicYear
    private(set) var expected: [PlantedFault] = []
    /// Faults for which no session was left that could show them.
    private(set) var unplanted: [String] = []
    private var taken: Set<String> = []

    init(_ year: ClinicYear) { self.year = year }

    mutating func plant() {
        plantInClinic()
        var chance = year.setting.chance("faults")
        var courses = year.courses.filter(\.isPlain)
        // In no order of time or patient.
        for index in courses.indices.reversed() where index > 0 { courses.swapAt(index, chance.between(0, index)) }
        // What fits few sessions chooses first.
        let faults = Fault.sessions().enumerated().sorted { left, right in
            let (a, b) = (courses.count(where: left.element.fit.holds), courses.count(where: right.element.fit.holds))
            return (a, left.offset) < (b, right.offset)
        }
        for (_, fault) in faults {
            guard let course = courses.first(where: { isFree($0, for: fault) && fault.fit.holds($0) }) else {
                unplanted.append(fault.name)
                continue
            }
            taken.insert(course.stream)
            if let shared = shared(course, fault) { taken.insert(shared) }
            note(fault.name, fault.story, fault.plant(course, year))
        }
    }

    private func isFree(_ course: Course, for fault: Fault) -> Bool {
        !taken.contains(course.stream) && shared(course, fault).map { !taken.contains($0) } ?? true
    }

    private func shared(_ course: Course, _ fault: Fault) -> String? {
        switch fault.shared {
        case .vial: course.vial.stream
        case .access: AccessTrail.stream(of: course.patient)
        case .patient: course.patient.stream
        case nil: nil
        }
    }

    private mutating func note(_ name: String, _ story: String, _ findings: [Fault.Finding]) {
        expected += findings.map {
            PlantedFault(
                clinic: year.setting.handle, stream: $0.stream, rule: $0.rule, verdict: $0.verdict, fault: name, story: story)
        }
    }

    // MARK: What concerns the clinic or a vial that no session was given from

    private mutating func plantInClinic() {
        let (setting, log, staff) = (year.setting, year.log, year.staff)
        let compliance = staff.compliance.handle
        // D5: either only an old inventory, taken over with the clinic, or the later ones voided.
        let old: [String: JSON] = ["taken_at": .time(setting.time(day: -900, minute: 600)), "at": "close", "lines": []]
        let inventories = year.find("InventoryTaken", on: "clinic")
        if setting.index.isMultiple(of: 2) {
            year.drop { $0.type == "InventoryTaken" }
        } else {
            year.aside.append(
                inventories.map { inventory in
                    let reason: [String: JSON] = ["target": inventory.id, "reason": "Copied from the books, nobody had looked"]
                    return log.draft("EventVoided", on: "clinic", by: compliance, at: inventory.at.adding(minutes: 90), reason)
                })
        }
        year.aside.append([log.draft("InventoryTaken", on: "clinic", by: compliance, at: setting.time(day: 0, minute: 450), old)])
        note(
            "d5-inventory-\(setting.index.isMultiple(of: 2) ? "old" : "voided")", "No inventory but one of more than two years ago",
            [Fault.Finding(stream: "clinic", rule: "D5", verdict: "fail")])
        lose("d7-no-form", "A loss that never got its Form 106", formAfterDays: nil)
        lose("d7-late-form", "A loss whose Form 106 came after a week", formAfterDays: 7)
    }

    private mutating func lose(_ name: String, _ story: String, formAfterDays days: Int?) {
        let (setting, log) = (year.setting, year.log)
        let day = setting.nextOpen(day: setting.days / 4)
        let nurses = year.staff.nurses(day: day)
        let stream = "vial/\(log.identifier(name))"
        let received: [String: JSON] = [
            "drug": "ketamine hydrochloride", "form": "injection", "lot": "SIM-LOST", "concentration_mg_per_ml": 10, "volume_ml": 10,
            "expires_on": .string(setting.date(day: setting.days + 200).description), "supplier": "Example Pharmacy Supply",
        ]
        let report: [String: JSON] = ["amount_mg": 100, "note": "Not in the cabinet at the morning count"]
        let lost = log.draft("DrugLossReported", on: stream, by: nurses[0], at: setting.time(day: day, minute: 500), report)
        var events = [log.draft("DrugReceived", on: stream, by: nurses[0], at: setting.time(day: day - 1, minute: 900), received), lost]
        events.append(
            log.draft(
                "VialCounted", on: stream, by: nurses[0], at: setting.time(day: day, minute: 505),
                ["on_hand_mg": 0, "witness": .string(nurses[1])]))
        if let days {
            let amended = report.merging(["form_106": "EX-106-000009"]) { $1 }
            let body: [String: JSON] = ["target": lost.id, "reason": "Form filed", "data": .object(amended)]
            events.append(log.draft("EventAmended", on: stream, by: nurses[0], at: lost.at.adding(days: Int64(days)), body))
        }
        year.aside.append(events)
        note(name, story, [Fault.Finding(stream: stream, rule: "D7", verdict: "fail")])
    }
}
