import Canonical

/// What the access log holds: who signed in, who read whose chart, emergencies and their reviews, disclosures.
struct AccessTrail {
    private let setting: Setting
    private let log: ClinicLog
    private let staff: Staff

    init(_ setting: Setting, _ log: ClinicLog, _ staff: Staff) {
        (self.setting, self.log, self.staff) = (setting, log, staff)
    }

    static func stream(of patient: Patient) -> String { "access/\(patient.id)" }

    func read(_ patient: Patient, by actor: String, at time: Timestamp, purpose: String = "treatment") -> Draft {
        let data: [String: JSON] = ["patient": .string(patient.id), "resource": "chart", "purpose": .string(purpose)]
        return log.draft("ChartRead", on: AccessTrail.stream(of: patient), by: actor, at: time, data)
    }

    func breakGlass(_ patient: Patient, by actor: String, at time: Timestamp) -> Draft {
        let data: [String: JSON] = ["patient": .string(patient.id), "reason": "Telephones with chest pain; her own clinician is away"]
        return log.draft("BreakGlassInvoked", on: AccessTrail.stream(of: patient), by: actor, at: time, data)
    }

    func review(_ invocation: Draft, by actor: String, at time: Timestamp) -> Draft {
        let data: [String: JSON] = ["invocation": invocation.id, "outcome": "justified"]
        return log.draft("BreakGlassReviewed", on: invocation.stream, by: actor, at: time, data)
    }

    func follow(_ courses: [Course], _ journeys: [Journey]) -> [[Draft]] {
        var lists = (0..<setting.days).filter { setting.isOpen(day: $0) && $0 > 0 }.map(signIns)
        for course in courses {
            lists.append([
                read(course.patient, by: course.nurse, at: course.at(-40)), read(course.patient, by: course.prescriber, at: course.at(-18)),
            ])
        }
        for (place, journey) in journeys.enumerated() {
            var chance = setting.chance("access/\(place)")
            let day = setting.nextOpen(day: journey.day + 20)
            guard day + 5 < setting.days else { continue }
            if chance.happens(perMille: 30) {
                let opened = breakGlass(journey.patient, by: staff.prescriber(day: day), at: setting.time(day: day, minute: 1010))
                let reviewed = setting.time(day: day + 1, minute: 610)
                lists.append([opened, review(opened, by: staff.compliance.handle, at: reviewed)])
            }
            if place.isMultiple(of: 7) {
                let disclosed: [String: JSON] = [
                    "patient": .string(journey.patient.id), "recipient": "Example Insurance",
                    "recipient_address": "1 Example Plaza, Nowhere, VT",
                    "description": "Dates and doses of the sessions of the series", "purpose": "payment",
                ]
                let time = setting.time(day: day, minute: 840)
                lists.append([
                    log.draft(
                        "DisclosureMade", on: AccessTrail.stream(of: journey.patient), by: staff.compliance.handle, at: time, disclosed)
                ])
            }
        }
        return lists
    }

    private func signIns(_ day: Int) -> [Draft] {
        (staff.nurses(day: day) + [staff.prescriber(day: day), staff.desk(day: day)]).enumerated().map { place, handle in
            let stream = "access/\(log.identifier("sign-in/\(day)/\(place)"))"
            return log.draft("SignedIn", on: stream, by: handle, at: setting.time(day: day, minute: 470 + place), ["method": "password"])
        }
    }
}
