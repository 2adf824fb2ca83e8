import Canonical

/// Everything that happens at one clinic.
final class ClinicYear {
    let setting: Setting
    let log: ClinicLog
    let staff: Staff
    let cabinet: Cabinet
    let journeys: [Journey]
    /// In the order of their starts.
    private(set) var courses: [Course] = []
    /// What is charted beside the courses; each list is charted as one.
    var aside: [[Draft]] = []
    private var chance: Chance
    /// By patient: when the next booking can be made, and the version of the consent form that was signed last.
    private var free: [Timestamp] = []
    private var signed: [Int] = []

    init(_ setting: Setting, _ log: ClinicLog) {
        (self.setting, self.log) = (setting, log)
        staff = Staff(setting)
        cabinet = Cabinet(setting, log)
        chance = setting.chance("year")
        var diary = Diary(setting)
        var journeys: [Journey] = []
        for number in 0..<setting.patients { journeys.append(Journey(number, setting, log, &diary)) }
        self.journeys = journeys
    }

    func live() {
        staff.chart(setting, log)
        House.chart(setting, staff, log)
        for journey in journeys { begin(journey) }
        let visits = journeys.flatMap(\.visits).sorted {
            ($0.slot.day, $0.startMinute, $0.slot.chair, $0.key) < ($1.slot.day, $1.startMinute, $1.slot.chair, $1.key)
        }
        for visit in visits { take(visit) }
        aside.append(cabinet.chart(staff))
        let trail = AccessTrail(setting, log, staff)
        aside += trail.follow(courses, journeys)
    }

    /// Once nothing changes any more.
    func chart() {
        for list in aside { log.chart(list, &chance) }
        for course in courses { log.chart(course.events, &chance) }
    }

    // MARK: Beginnings

    private func begin(_ journey: Journey) {
        let (patient, day) = (journey.patient, journey.day)
        let seen = setting.time(day: day, minute: journey.minute)
        let (prescriber, desk) = (staff.prescriber(day: day), staff.desk(day: day))
        var events = [
            log.draft("PatientRegistered", on: patient.stream, by: desk, at: seen.adding(minutes: -25), patient.registration)
        ]
        let isCandidate = patient.candidacy == "candidate"
        let rationale =
            isCandidate
            ? "Three preventives failed or not tolerated; screen clear; wishes to try a series." : "Raised pressure not under control."
        let consultation = patient.consultation(
            left: 1000, candidacy: patient.candidacy, present: isCandidate ? nil : "uncontrolled_cardiovascular", rationale: rationale,
            &chance)
        events.append(log.draft("ConsultationRecorded", on: patient.stream, by: prescriber, at: seen, consultation))
        if isCandidate {
            let planned = seen.adding(minutes: 12)
            events.append(log.draft("TreatmentPlanned", on: patient.stream, by: prescriber, at: planned, patient.plan(by: prescriber)))
            let consented = seen.adding(minutes: 24)
            let consent = patient.consent(day: day, at: consented, setting)
            events.append(log.draft("ConsentSigned", on: patient.stream, by: staff.nurses(day: day)[0], at: consented, consent))
        }
        if chance.happens(perMille: 40) {
            let moved: [String: JSON] = ["phone": "802-555-0199", "reason": "New telephone number"]
            events.append(log.draft("PatientDetailsChanged", on: patient.stream, by: desk, at: seen.adding(minutes: 35), moved))
        }
        aside.append(events)
        free.append(seen.adding(minutes: 41))
        signed.append(setting.formVersion(day: day))
    }

    // MARK: Visits

    private func take(_ visit: Visit) {
        let patient = journeys[visit.patient].patient
        let booked = free[visit.patient]
        let start = setting.time(day: visit.slot.day, minute: Slot.starts[visit.slot.place])
        let stream = "session/\(visit.id)"
        let booking: [String: JSON] = [
            "patient": .string(patient.id), "plan": .string(patient.planID), "number": .whole(visit.number), "scheduled_at": .time(start),
            "duration_min": .whole(patient.minutes), "chair": .string("\(visit.slot.chair + 1)"),
        ]
        var events = [log.draft("SessionBooked", on: stream, by: staff.desk(day: day(of: booked)), at: booked, booking)]
        switch visit.fate {
        case .awaited: break
        case .cancelled:
            let called = max(booked.adding(minutes: 20), setting.time(day: lastOpen(before: visit.slot.day), minute: 600))
            let reason = chance.pick(["Has a cold", "Cannot get the day off", "No driver on that day", "Travels"])
            let desk = staff.desk(day: day(of: called))
            events.append(log.draft("SessionCancelled", on: stream, by: desk, at: called, ["reason": .string(reason)]))
            free[visit.patient] = called.adding(minutes: 4)
        case .missed:
            let noted = start.adding(minutes: 45)
            let note: [String: JSON] = ["text": "Did not come, does not answer the telephone."]
            events.append(log.draft("NoteRecorded", on: stream, by: staff.desk(day: visit.slot.day), at: noted, note))
            free[visit.patient] = noted.adding(minutes: 30)
        case .kept: keep(visit, patient)
        }
        aside.append(events)
    }

    private func keep(_ visit: Visit, _ patient: Patient) {
        let version = setting.formVersion(day: visit.slot.day)
        let course = Course(visit, patient, staff, cabinet, signsAnew: signed[visit.patient] != version, setting, log)
        signed[visit.patient] = version
        courses.append(course)
        free[visit.patient] = course.at(course.leave + 4)
        follow(course, visit)
    }

    // MARK: Afterwards

    /// The call after a session, the consultation in the middle of the series and its outcome a month after the end.
    private func follow(_ course: Course, _ visit: Visit) {
        let patient = course.patient
        var events: [Draft] = []
        let call = setting.nextOpen(day: visit.slot.day + chance.between(1, 2))
        guard call < setting.days else { return }
        let time = setting.time(day: call, minute: 630 + chance.between(0, 60))
        let nurse = staff.nurses(day: call)[1]
        let relieved = (patient.pain - course.body.pain) * 100 / patient.pain
        var data: [String: JSON] = [
            "session": .string(course.id), "days_after": .whole(call - visit.slot.day), "relief_percent": .whole(max(0, relieved)),
            "pain_nrs": .whole(course.body.pain),
        ]
        if chance.happens(perMille: 150) { data["note"] = "Slept well, tired on the day after." }
        events.append(log.draft("FollowUpRecorded", on: patient.stream, by: nurse, at: time, data))
        if visit.isLast, let after = journeys[visit.patient].withdrawsAfter, after == visit.number {
            let withdrawn: [String: JSON] = ["reason": "Would rather try the new tablets first", "taken_by": .string(nurse)]
            events.append(log.draft("ConsentWithdrawn", on: patient.stream, by: nurse, at: time.adding(minutes: 6), withdrawn))
        }
        let gain = patient.isResponder ? patient.relief * 8 / 10 : patient.relief / 4
        if visit.number == 3, !visit.isLast {
            let interim = patient.consultation(
                left: 1000 - gain / 2, candidacy: "candidate", rationale: "Halfway through the series; it goes on.", &chance)
            let author = staff.prescriber(day: call)
            events.append(log.draft("ConsultationRecorded", on: patient.stream, by: author, at: time.adding(minutes: 90), interim))
        }
        let month = setting.nextOpen(day: visit.slot.day + 28)
        if visit.isLast, month < setting.days {
            var outcome = patient.burden(left: 1000 - gain)
            outcome["days_after"] = .whole(month - visit.slot.day)
            let asked = setting.time(day: month, minute: 700 + chance.between(0, 60))
            events.append(log.draft("FollowUpRecorded", on: patient.stream, by: staff.nurses(day: month)[0], at: asked, outcome))
        }
        aside.append(events)
    }

    // MARK: Days

    func day(of time: Timestamp) -> Int { Int(time.adding(minutes: -300).date.dayNumber - setting.start.dayNumber) }

    private func lastOpen(before day: Int) -> Int {
        var day = day - 1
        while day > 0, !setting.isOpen(day: day) { day -= 1 }
        return day
    }
}
