import Canonical

extension Fault {
    /// M1 to M4: what is watched around an infusion, and by whom.
    static var monitoring: [Fault] {
        [
            Fault("m1-gap-in-the-middle", "The cuff failed for a while in the middle of the infusion") { course, _ in
                course.lose(Course.pressure, 20...(course.setting.vitalsGapMin + 28), because: "cuff failed")
                return course.fails("M1")
            },
            Fault("m1-gap-at-start", "No pressure until long after the start") { course, _ in
                course.lose(Course.pressure, 0...(course.setting.vitalsGapMin + 4), because: "no cuff of that size")
                return course.fails("M1")
            },
            Fault("m1-gap-before-stop", "No pressure in the last minutes before the stop") { course, _ in
                course.lose(Course.pressure, (course.stop - course.setting.vitalsGapMin - 6)...course.stop, because: "cuff taken off early")
                return course.fails("M1")
            },
            Fault(
                "m1-gap-by-voiding", "Readings that were somebody else's are voided, and leave a gap",
                where: Fit { $0.setting.vitalsGapMin == 5 }
            ) { course, _ in
                for (place, reading) in course.readings(21...30).enumerated() {
                    course.void(reading, course.leave + 15, place, because: "The cuff was on the patient in the next chair")
                }
                return course.fails("M1", "M2")
            },
            Fault("m1-waived", "A prescriber waives the pressure for a while") { course, _ in
                let end = course.setting.vitalsGapMin + 28
                course.lose(Course.pressure, 20...end, because: "waived")
                waive("M1", 14, end + 12, "Bruised arm; pulse and saturation watched without a break", course)
                return course.overridden("M1")
            },
            Fault("m2-probe-off", "The probe was off for a while") { course, _ in
                course.lose(["spo2_percent"], 20...(course.setting.vitalsGapMin + 28), because: "probe off")
                return course.fails("M2")
            },
            Fault("m2-sedated-without-etco2", "Deeply sedated, and no EtCO2 charted") { course, _ in
                let reading = course.readings(30...60).first
                reading?["moaas"] = 3
                reading?["etco2_mmhg"] = nil
                return course.fails("M2")
            },
            Fault("m2-waived", "A prescriber waives the saturation for a while") { course, _ in
                let end = course.setting.vitalsGapMin + 28
                course.lose(["spo2_percent"], 20...end, because: "waived")
                waive("M2", 14, end + 12, "Painted nails and cold hands; colour and breathing watched", course)
                return course.overridden("M2")
            },
            Fault("m3-stale-baseline", "The last vitals before the start were older than the policy allows") { course, _ in
                for (reading, minute) in zip(course.find("VitalsRecorded") { $0["phase"] == "baseline" }, [-26, -20]) {
                    reading.at = course.at(minute)
                }
                return course.fails("M3")
            },
            Fault("m3-none-after", "No heart rate after the stop") { course, _ in
                let readings = course.find("VitalsRecorded") { $0["phase"] == "recovery" || $0["phase"] == "discharge" }
                for reading in readings { course.lose(["heart_rate"], from: reading, because: "electrodes off") }
                return course.fails("M3")
            },
            Fault("m4-acls-expired", "The nurse's ACLS had run out a week before") { course, year in
                cover(course, year, "acls_expires_on")
                return course.fails("M4")
            },
            Fault("m4-licence-expired", "The nurse's licence had run out a week before") { course, year in
                cover(course, year, "licence_expires_on")
                return course.fails("M4")
            },
            Fault(
                "m4-left-to-the-desk", "The front desk charted from the monitor while no clinician was there",
                where: Fit { alone(in: $0) != nil }
            ) { course, _ in
                guard let from = alone(in: course) else { return [] }
                for reading in course.readings(from...(from + 26)) {
                    reading.actor = course.desk
                    reading.batch = nil
                }
                return course.fails("M4")
            },
        ]
    }

    private static func waive(_ rule: String, _ from: Int, _ to: Int, _ reason: String, _ course: Course) {
        let data: [String: JSON] = [
            "rule": .string(rule), "reason": .string(reason), "from": .time(course.at(from)), "to": .time(course.at(to)),
        ]
        course.add("WaiverNoted", from, 10, by: course.prescriber, data)
    }

    /// A nurse of an agency stands in during the infusion; one of her papers is out of date.
    private static func cover(_ course: Course, _ year: ClinicYear, _ paper: String) {
        let handle = "agency.\(paper.prefix(4))\(course.slot.day)"
        var data: [String: JSON] = ["staff": .string(handle), "name": "Agency Nurse, RN", "roles": ["nurse"], "licence": "EX-RN-000001"]
        for key in ["licence_expires_on", "acls_expires_on"] {
            data[key] = .string(course.setting.date(day: course.slot.day + (key == paper ? -7 : 400)).description)
        }
        let author = year.staff.administrator.handle
        course.add("StaffEnrolled", -100, by: author, on: "clinic", data)
        for event in course.events where event.stream == course.stream && event.actor == course.nurse {
            if event.at >= course.start && event.at <= course.at(course.stop) { event.actor = handle }
        }
    }

    /// The first minute from which on nothing but vitals is charted for long enough.
    private static func alone(in course: Course) -> Int? {
        (15..<max(16, course.stop - 30)).first { from in
            course.events.allSatisfy { event in
                event.stream != course.stream || event.type == "VitalsRecorded" || !(from...(from + 27)).contains(course.minute(of: event))
            }
        }
    }
}
