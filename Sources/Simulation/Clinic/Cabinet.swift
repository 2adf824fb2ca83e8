import Canonical

/// One vial: what came in, and what went out of it and when.
final class Vial {
    let id: String
    /// Micrograms.
    let content: Int
    private(set) var takings: [(at: Timestamp, amount: Int)] = []
    let openedDay: Int

    init(id: String, content: Int, day: Int) {
        (self.id, self.content, openedDay) = (id, content, day)
    }

    var stream: String { "vial/\(id)" }
    var left: Int { content - takings.reduce(0) { $0 + $1.amount } }

    func take(_ amount: Int, at time: Timestamp) { takings.append((time, amount)) }

    var lastTaken: Timestamp { takings.map(\.at).max() ?? Timestamp(microseconds: .min) }

    func held(at time: Timestamp) -> Int { content - takings.filter { $0.at <= time }.reduce(0) { $0 + $1.amount } }
}

/// The drug cabinet. Vials are opened in the order of need, were received some days before, and are counted.
final class Cabinet {
    private let setting: Setting
    private let log: ClinicLog
    private var open: Vial?
    private(set) var vials: [Vial] = []
    private var events: [Draft] = []
    /// Vials of 500 mg that were drawn from, by day: they are counted in the evening.
    private var used: [(day: Int, vial: Vial, nurse: String, witness: String)] = []
    private var chance: Chance

    /// Multi-dose vials are thrown away 28 days after they were opened.
    private static let keptOpenDays = 28
    private static let inventoryEveryDays = 182

    init(_ setting: Setting, _ log: ClinicLog) {
        (self.setting, self.log) = (setting, log)
        chance = setting.chance("cabinet")
    }

    private var content: Int { setting.usesSingleDoses ? 100_000 : 500_000 }

    /// Draws up what a session may need at most. Calls come in the order of time.
    func draw(for weight: Int, at time: Timestamp, day: Int, nurse: String, witness: String) -> (vial: Vial, amount: Int) {
        let amount = setting.usesSingleDoses ? content : (weight * Patient.maxDose + 4_999) / 5_000 * 5_000
        if let vial = open, vial.left < amount || day - vial.openedDay >= Cabinet.keptOpenDays { discard(vial, at: time, nurse, witness) }
        let vial = open ?? unseal(day: day)
        vial.take(amount, at: time)
        open = setting.usesSingleDoses ? nil : vial
        if !setting.usesSingleDoses, used.last?.day != day || used.last?.vial !== vial { used.append((day, vial, nurse, witness)) }
        return (vial, amount)
    }

    private func unseal(day: Int) -> Vial {
        let vial = Vial(id: log.identifier("vial/\(vials.count)"), content: content, day: day)
        vials.append(vial)
        return vial
    }

    /// The rest of a vial that is too little or too old.
    private func discard(_ vial: Vial, at time: Timestamp, _ nurse: String, _ witness: String) {
        open = nil
        guard vial.left > 0 else { return }
        let rest: [String: JSON] = [
            "amount_mg": .thousandths(vial.left), "manner": "poured into the cartridge that makes it irretrievable",
            "witness": .string(witness),
        ]
        // Shortly before the next vial is opened, but never before somebody on another chair has drawn the last from this one.
        let wasted = max(time.adding(minutes: -2), vial.lastTaken.adding(seconds: 30))
        events.append(log.draft("DrugWasted", on: vial.stream, by: nurse, at: wasted, rest))
        let empty: [String: JSON] = ["on_hand_mg": 0, "witness": .string(witness)]
        events.append(log.draft("VialCounted", on: vial.stream, by: nurse, at: wasted.adding(seconds: 30), empty))
        vial.take(vial.left, at: wasted)
    }

    /// Once every session has been drawn for: deliveries, evening counts, inventories.
    func chart(_ staff: Staff) -> [Draft] {
        let vials = vials + [unseal(day: setting.days - 1)]
        let received = receive(vials, staff)
        for (day, vial, nurse, witness) in used {
            let evening = setting.time(day: day, minute: 1110)
            guard vial.held(at: evening) > 0 else { continue }
            let counted: [String: JSON] = ["on_hand_mg": .thousandths(vial.held(at: evening)), "witness": .string(witness)]
            events.append(log.draft("VialCounted", on: vial.stream, by: nurse, at: evening, counted))
        }
        breakOne(staff)
        for day in stride(from: 0, to: setting.days, by: Cabinet.inventoryEveryDays) {
            takeInventory(on: setting.nextOpen(day: day), received, staff)
        }
        return events
    }

    private func receive(_ vials: [Vial], _ staff: Staff) -> [(vial: Vial, at: Timestamp)] {
        var received: [(Vial, Timestamp)] = []
        for (place, vial) in vials.enumerated() {
            // The first open day of the week before, and at the opening what is needed first.
            let day = setting.nextOpen(day: max(0, (vial.openedDay - 7) / 7 * 7))
            let time = setting.time(day: day, minute: 420, second: place % 600)
            received.append((vial, time))
            let strength = setting.usesSingleDoses ? 10 : 50
            let data: [String: JSON] = [
                "drug": "ketamine hydrochloride",
                "form": .string(setting.usesSingleDoses ? "injection, single-dose vial" : "injection, multi-dose vial"),
                "lot": .string("SIM-\(setting.handle.prefix(3).uppercased())-\(day / 30)"), "concentration_mg_per_ml": .whole(strength),
                "volume_ml": 10,
                "expires_on": .string(setting.date(day: day + 500).description), "supplier": "Example Pharmacy Supply",
                "invoice": .string("EX-\(10_000 + day)"),
            ]
            events.append(log.draft("DrugReceived", on: vial.stream, by: staff.nurses(day: day)[0], at: time, data))
        }
        return received
    }

    /// A vial falls and breaks. It is reported with its form on the same day, and counted as gone.
    private func breakOne(_ staff: Staff) {
        let day = setting.nextOpen(day: setting.days / 3)
        let vial = Vial(id: log.identifier("vial/broken"), content: content, day: day)
        let nurses = staff.nurses(day: day)
        let time = setting.time(day: day, minute: 700)
        vials.append(vial)
        let received = receive([vial], staff)
        vial.take(content, at: time)
        brokenReceived = received
        let lost: [String: JSON] = [
            "amount_mg": .thousandths(content), "form_106": .string("EX-106-\(1000 + day)"), "note": "Fell and broke; cleaned up by two",
        ]
        events.append(log.draft("DrugLossReported", on: vial.stream, by: nurses[0], at: time, lost))
        let gone: [String: JSON] = ["on_hand_mg": 0, "witness": .string(nurses[1])]
        events.append(log.draft("VialCounted", on: vial.stream, by: nurses[0], at: time.adding(minutes: 6), gone))
    }

    private var brokenReceived: [(vial: Vial, at: Timestamp)] = []

    private func takeInventory(on day: Int, _ received: [(vial: Vial, at: Timestamp)], _ staff: Staff) {
        let isFirst = day < Cabinet.inventoryEveryDays / 2
        let time = setting.time(day: day, minute: isFirst ? 440 : 1125)
        let lines = (received + brokenReceived).filter { $0.at <= time && $0.vial.held(at: time) > 0 }.map { line in
            ["vial": .string(line.vial.id), "on_hand_mg": .thousandths(line.vial.held(at: time))] as JSON
        }
        let data: [String: JSON] = ["taken_at": .time(time), "at": isFirst ? "open" : "close", "lines": .array(Array(lines.prefix(500)))]
        events.append(log.draft("InventoryTaken", on: "clinic", by: staff.nurses(day: day)[0], at: time.adding(minutes: 15), data))
    }
}
