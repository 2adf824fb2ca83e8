import Canonical

extension Fault {
    private static func recovery(_ course: Course) -> [Draft] { course.find("VitalsRecorded") { $0["phase"] == "recovery" } }

    /// A2 and A3.
    static var record: [Fault] {
        [
            Fault("a2-desk-voids", "The front desk voids a nurse's recovery score") { course, _ in
                if let score = course.find("RecoveryScored").first {
                    course.void(score, course.leave + 25, by: course.desk, because: "Looked like a double entry")
                }
                return course.fails("A2")
            },
            Fault("a2-stranger-amends", "Somebody who was never enrolled corrects a reading", where: Fit { recovery($0).count > 1 }) {
                course, _ in
                course.amend(recovery(course)[0], course.leave + 25, by: "x.stranger", because: "Typing error") { $0["pain_nrs"] = 1 }
                return course.fails("A2")
            },
            Fault("a3-late-reading", "A reading charted thirty hours later", where: Fit { recovery($0).count > 1 }) { course, _ in
                let reading = recovery(course)[0]
                reading.chartedAt = reading.at.adding(minutes: 30 * 60)
                return course.fails("A3")
            },
        ]
    }

    /// A3 on the stream of a patient.
    static var lateCalls: [Fault] {
        [
            Fault("a3-late-follow-up", "A telephone call charted two days later", where: Fit { $0.number == 2 }) { course, year in
                let session: JSON = .string(course.id)
                guard let call = year.find("FollowUpRecorded", on: course.patient.stream).first(where: { $0["session"] == session })
                else {
                    return []
                }
                call.chartedAt = call.at.adding(minutes: 47 * 60)
                return course.patientFails("A3")
            }
        ]
    }

    /// A4 and A5. A review by whoever invoked the access is refused, so it cannot be planted; nor can A6: a disclosure without recipient,
    /// description and purpose cannot be charted.
    static var accesses: [Fault] {
        [
            Fault("a4-nobodys-account", "A chart read under an account that is nobody's") { course, year in
                read(course, year, by: "frontdesk")
            },
            Fault(
                "a4-after-leaving", "A chart read by a nurse who had left the clinic", where: Fit { $0.slot.day > $0.setting.newNurseDay }
            ) {
                course, year in
                read(course, year, by: year.staff.nurses[1][0].handle)
            },
            Fault("a5-never-reviewed", "An emergency access that nobody reviewed") { course, year in
                opened(course, year) { _, _ in [] }
            },
            Fault("a5-review-voided", "An emergency access whose review is voided, and never made anew") { course, year in
                opened(course, year) { trail, invocation in
                    let review = trail.review(invocation, by: year.staff.compliance.handle, at: invocation.at.adding(minutes: 900))
                    let reason: [String: JSON] = ["target": review.id, "reason": "Of another access"]
                    let voided = invocation.at.adding(minutes: 960)
                    return [
                        review, year.log.draft("EventVoided", on: invocation.stream, by: year.staff.compliance.handle, at: voided, reason),
                    ]
                }
            },
            Fault("a5-late-review", "An emergency access reviewed after five days") { course, year in
                opened(course, year) { trail, invocation in
                    [trail.review(invocation, by: year.staff.compliance.handle, at: invocation.at.adding(days: 5))]
                }
            },
        ]
    }

    private static func read(_ course: Course, _ year: ClinicYear, by actor: String) -> [Finding] {
        let trail = AccessTrail(year.setting, year.log, year.staff)
        year.aside.append([trail.read(course.patient, by: actor, at: course.at(course.leave + 45), purpose: "operations")])
        return [Finding(stream: AccessTrail.stream(of: course.patient), rule: "A4", verdict: "fail")]
    }

    private static func opened(_ course: Course, _ year: ClinicYear, _ review: (AccessTrail, Draft) -> [Draft]) -> [Finding] {
        let trail = AccessTrail(year.setting, year.log, year.staff)
        let invocation = trail.breakGlass(course.patient, by: course.prescriber, at: course.at(course.leave + 30))
        year.aside.append([invocation] + review(trail, invocation))
        return [Finding(stream: AccessTrail.stream(of: course.patient), rule: "A5", verdict: "fail")]
    }
}
