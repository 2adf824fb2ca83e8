import Canonical

/// Somebody who works at the clinic, with the papers that have to be kept up.
struct StaffPerson {
    let handle: String
    let name: String
    let roles: [String]
    /// The first and, where they leave, the last day.
    let from: Int
    let to: Int?
}

/// Who works when. Only who is on shift charts.
struct Staff {
    let administrator: StaffPerson
    let compliance: StaffPerson
    let prescribers: [StaffPerson]
    let desk: [StaffPerson]
    /// Each place is held by one nurse, or by one after the other.
    let nurses: [[StaffPerson]]

    init(_ setting: Setting) {
        var chance = setting.chance("staff")
        var families = Names.families
        var round = 0
        func person(_ roles: [String], _ title: String, from: Int = 0, to: Int? = nil) -> StaffPerson {
            // A large clinic runs out of names that are one person's alone; two together are still a name.
            if families.isEmpty {
                round += 1
                families = Names.families.indices.map { Names.families[$0] + "-" + Names.families[($0 + round) % Names.families.count] }
            }
            let family = families.remove(at: chance.between(0, families.count - 1))
            let given = chance.pick(chance.happens(perMille: 600) ? Names.women : Names.men)
            let initial = given.unicodeScalars.first.map { String($0).lowercased() } ?? "x"
            return StaffPerson(
                handle: "\(initial).\(family.lowercased())", name: "\(given) \(family)\(title)", roles: roles, from: from, to: to)
        }
        administrator = person(["administrator"], "")
        compliance = person(["compliance"], "")
        prescribers = [person(["prescriber"], ", MD"), person(["prescriber"], ", MD"), person(["nurse", "prescriber"], ", NP")]
        desk = [person(["front_desk"], ""), person(["front_desk"], "")]
        var places: [[StaffPerson]] = []
        for place in 0..<(setting.chairs + 3) {
            if place == 1 {
                let change = setting.newNurseDay
                places.append([person(["nurse"], ", RN", to: change - 1), person(["nurse"], ", RN", from: change)])
            } else {
                places.append([person(["nurse"], ", RN")])
            }
        }
        nurses = places
    }

    var everyone: [StaffPerson] { [administrator, compliance] + prescribers + desk + nurses.flatMap(\.self) }

    /// The nurses of a day, one more than chairs: the turns move on by one place a day.
    func nurses(day: Int) -> [String] {
        (0..<(nurses.count - 2)).map { turn in
            let place = nurses[(turn + day) % nurses.count]
            return (place.last { $0.from <= day } ?? place[0]).handle
        }
    }

    func prescriber(day: Int) -> String { prescribers[day % prescribers.count].handle }
    func desk(day: Int) -> String { desk[day % desk.count].handle }
}

extension Staff {
    /// Enrolments, the renewals of licences and certificates some weeks before they end, and who left.
    func chart(_ setting: Setting, _ log: ClinicLog) {
        var chance = setting.chance("papers")
        var events: [Draft] = []
        for (place, person) in everyone.enumerated() {
            let isClinician = person.roles.contains("nurse") || person.roles.contains("prescriber")
            var papers = isClinician ? ["licence_expires_on": chance.between(120, 900), "acls_expires_on": chance.between(90, 700)] : [:]
            let licence = "EX-\(person.roles.contains("prescriber") ? "P" : "RN")-\(chance.between(100_000, 999_999))"
            func enrol(at time: Timestamp) -> Draft {
                var data: [String: JSON] = [
                    "staff": .string(person.handle), "name": .string(person.name), "roles": .array(person.roles.map { .string($0) }),
                ]
                if isClinician { data["licence"] = .string(licence) }
                for (paper, day) in papers { data[paper] = .string(setting.date(day: person.from + day).description) }
                return log.draft("StaffEnrolled", on: "clinic", by: administrator.handle, at: time, data)
            }
            // A new colleague is enrolled on the morning of the first day.
            events.append(enrol(at: setting.time(day: person.from, minute: (person.from == 0 ? 360 : 380) + place)))
            let last = person.to ?? setting.days + 40
            // The paper that ends first is renewed first, so that each enrolment shows both as they stand.
            while let next = papers.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }), person.from + next.value <= last {
                let renewal = setting.nextOpen(day: person.from + next.value - chance.between(20, 34))
                papers[next.key] = next.value + 730
                events.append(enrol(at: setting.time(day: renewal, minute: 465 + place)))
            }
            if let to = person.to {
                let left: [String: JSON] = ["staff": .string(person.handle), "reason": "Left the clinic"]
                events.append(
                    log.draft("StaffRevoked", on: "clinic", by: administrator.handle, at: setting.time(day: to, minute: 1300), left))
            }
        }
        log.chart(events, &chance)
    }
}
