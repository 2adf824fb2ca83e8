import Canonical
import Clinic
import Foundation

@testable import Projections

/// A small clinic with one patient and one session, written event by event. Times are `HH:MM`, with seconds or not, on one day, UTC.
///
/// `Scenario()` has the staff, a form, a policy, a candidate with a plan and a signed consent, a booking and an arrival: what a test says is what
/// it is about.
struct Scenario {
    static let clinic = "elm"
    static let day = "2026-03-10"
    static let patient = uuid(1)
    static let session = uuid(2)
    static let plan = uuid(3)
    static let vial = uuid(4)

    private(set) var events: [StreamID: [ChartEvent]] = [:]
    private var count: Int64 = 0

    /// Nothing at all has happened.
    static var empty: Scenario { Scenario(isEmpty: true) }

    private init(isEmpty: Bool) {}

    init(arrived: Bool = true) {
        enrol("ada", "administrator")
        enrol("nia", "nurse")
        enrol("petra", "prescriber")
        enrol("dora", "front_desk")
        record(.consentFormPublished, on: .clinic, "2026-01-05", by: "ada", ["form": "ketamine", "version": "1", "text": "You agree."])
        adopt("2026-1", from: "2026-01-06")
        record(
            .patientRegistered, "2026-02-01", by: "dora",
            ["mrn": "E-17", "family": "Moor", "given": ["Ana", "Lu"], "birth_date": "1984-03-11", "sex": "female"])
        consult("2026-02-02")
        plan("2026-02-02T10:00")
        consent("2026-02-02T11:00")
        record(
            .sessionBooked, "2026-02-03", by: "dora",
            [
                "patient": .id(Self.patient), "plan": .id(Self.plan), "number": 1, "scheduled_at": .string(Self.day + "T09:00:00Z"),
                "duration_min": 60, "chair": "2",
            ])
        if arrived { arrive() }
    }

    // MARK: Reading

    func history(_ stream: StreamID, position: Int64? = nil) -> History { History(events[stream] ?? [], position: position) }

    /// - Parameter asOf: when the last event was recorded that is known; the last of the scenario, unless a test says otherwise.
    func dossier(_ stream: StreamID = .session(session), position: Int64? = nil, asOf: Timestamp? = nil) -> Dossier {
        Dossier(
            clinic: Self.clinic, stream: stream, history: history(stream, position: position),
            patient: stream.kind == .session ? history(.patient(Self.patient), position: position) : History(),
            clinicHistory: history(.clinic, position: position),
            asOf: asOf ?? events.values.joined().filter { $0.position <= position ?? .max }.map(\.recordedAt).max())
    }

    func judge(_ rule: String, _ stream: StreamID = .session(session), position: Int64? = nil, asOf: Timestamp? = nil) -> Finding {
        guard let found = Judgement.all(of: dossier(stream, position: position, asOf: asOf)).first(where: { $0.rule == rule }) else {
            preconditionFailure("\(rule) does not judge \(stream)")
        }
        return found.finding
    }

    /// The position of the last event.
    var position: Int64 { count }

    var chart: Chart {
        Chart(patient: Chart.Patient(Self.patient, history(.patient(Self.patient))), sessions: [sheet])
    }

    var sheet: Chart.Session { Chart.Session(Self.session, history(.session(Self.session))) }

    // MARK: Writing

    /// Adds one event. `data` is read as the log's would be, so a wrong one stops the test.
    @discardableResult
    mutating func record(
        _ type: EventType, on stream: StreamID? = nil, _ time: String, by actor: String = "nia", override: Override? = nil,
        charted: String? = nil, recorded: String? = nil, _ data: JSON
    ) -> UUID {
        let body: EventBody
        do { body = try EventBody(type: type, data: data) } catch { preconditionFailure("\(type): \(error)") }
        count += 1
        let stream = stream ?? (type.streams.contains(.session) ? .session(Self.session) : .patient(Self.patient))
        let occurred = Timestamp.of(time)
        let event = ChartEvent(
            position: count, version: Int64(events[stream]?.count ?? 0) + 1, id: uuid(1000 + count), stream: stream, actor: actor,
            command: uuid(5000 + count), occurredAt: occurred, recordedAt: recorded.map(Timestamp.of) ?? occurred.adding(seconds: 30),
            chartedAt: charted.map(Timestamp.of), override: override, body: body)
        events[stream, default: []].append(event)
        return event.id
    }

    /// Clinicians with a licence and ACLS, both good to the end of the year unless the test says otherwise; nil for none.
    mutating func enrol(
        _ staff: String, _ roles: String..., at time: String = "2026-01-02", name: String? = nil, licence: String? = "2026-12-31",
        acls: String? = "2026-12-31"
    ) {
        var data: [String: JSON] = [
            "staff": .string(staff), "name": .string(name ?? staff.capitalized), "roles": .array(roles.map { .string($0) }),
        ]
        if !Set(roles).isDisjoint(with: ["nurse", "prescriber"]) {
            data["licence_expires_on"] = licence.map { .string($0) }
            data["acls_expires_on"] = acls.map { .string($0) }
        }
        record(.staffEnrolled, on: .clinic, time, by: "ada", .object(data))
    }

    mutating func adopt(_ version: String, from time: String, _ values: [String: JSON] = [:]) {
        var data = values
        data["version"] = .string(version)
        data["effective_at"] = .string(Timestamp.of(time).description)
        record(.policyAdopted, on: .clinic, time, by: "ada", .object(data))
    }

    @discardableResult
    mutating func consult(_ time: String, _ candidacy: String = "candidate", screen: [String] = ["psychosis"], override: Override? = nil)
        -> UUID
    {
        record(
            .consultationRecorded, time, by: "petra",
            [
                "diagnosis": ["code": "1.3", "text": "Chronic migraine"], "headache_days_per_month": 20, "migraine_days_per_month": 12,
                "symptoms": ["nausea"], "prior_treatments": [["class": "triptan", "outcome": "partial"]], "medications": [],
                "allergies": [],
                "asa_class": 2, "contraindications": .array(screen.map { ["code": .string($0), "status": "absent"] }),
                "candidacy": .string(candidacy), "rationale": "Failed two preventives.",
            ])
    }

    @discardableResult
    mutating func plan(_ time: String, id: UUID = plan, maximum: JSON = "0.5", rate: JSON = "0.5", bolus: JSON? = nil) -> UUID {
        var data: [String: JSON] = [
            "plan": .id(id), "sessions": 4, "interval_days": 14, "target_mg_per_kg": .decimal("0.4"), "max_mg_per_kg": .decimal(maximum),
            "max_rate_mg_per_kg_per_h": .decimal(rate), "duration_min": 60, "prescriber": "petra",
        ]
        data["bolus_max_mg_per_kg"] = bolus.map(JSON.decimal)
        return record(.treatmentPlanned, time, by: "petra", .object(data))
    }

    @discardableResult
    mutating func consent(_ time: String, version: String = "1", digest: String = agreed) -> UUID {
        record(
            .consentSigned, time,
            [
                "form": "ketamine", "form_version": .string(version), "form_digest": .string(digest),
                "signer": ["name": "Ana Lu Moor", "role": "patient"], "method": "ink", "meaning": "I agree.",
                "signed_at": .string(Timestamp.of(time).description),
            ])
    }

    /// SHA-256 of "You agree.", the text of version 1.
    static let agreed = "2db106f68bd4ef8e4f8e7d58939d3d123670e6f1cea430e0e22ef810e505133c"

    @discardableResult
    mutating func withdraw(_ time: String) -> UUID {
        record(.consentWithdrawn, time, ["reason": "No more.", "taken_by": "nia"])
    }

    @discardableResult
    mutating func arrive(_ time: String = "09:00", kilograms: JSON = "60", fasting: [String: String] = fasting) -> UUID {
        var data: [String: JSON] = ["patient": .id(Self.patient), "weight_kg": .decimal(kilograms)]
        for (field, time) in fasting { data[field] = .string(Timestamp.of(time).description) }
        return record(.patientArrived, time, by: "dora", .object(data))
    }

    /// Three hours from water and fourteen from supper, at the usual start.
    static let fasting = ["last_clear_liquid_at": "06:30", "last_light_meal_at": "2026-03-09T19:30"]

    @discardableResult
    mutating func removeIV(_ time: String = "10:24") -> UUID {
        record(.ivRemoved, time, ["site": "forearm", "side": "left", "intact": true])
    }

    @discardableResult
    mutating func insert(_ time: String = "09:20", override: Override? = nil, by actor: String = "nia") -> UUID {
        record(
            .ivInserted, time, by: actor, override: override,
            ["site": "forearm", "side": "left", "gauge": 20, "attempts": 1, "patent": true])
    }

    @discardableResult
    mutating func start(_ time: String = "09:30", _ rate: JSON = "20", bolus: JSON? = nil, override: Override? = nil) -> UUID {
        var data: [String: JSON] = [
            "drug": "ketamine", "vial": .id(Self.vial), "concentration_mg_per_ml": 1, "rate_mg_per_h": .decimal(rate), "planned_min": 60,
            "prescriber": "petra",
        ]
        data["bolus_mg"] = bolus.map(JSON.decimal)
        return record(.infusionStarted, time, by: override == nil ? "nia" : "petra", override: override, .object(data))
    }

    @discardableResult
    mutating func adjust(_ time: String, _ from: JSON, _ to: JSON, _ reason: String = "titration", override: Override? = nil) -> UUID {
        record(
            .doseAdjusted, time, by: override == nil ? "nia" : "petra", override: override,
            [
                "from_rate_mg_per_h": .decimal(from), "to_rate_mg_per_h": .decimal(to), "reason": .string(reason), "ordered_by": "petra",
            ])
    }

    @discardableResult
    mutating func stop(_ time: String = "10:00", total: JSON = "10") -> UUID {
        record(.infusionStopped, time, ["reason": "complete", "total_mg": .decimal(total), "total_ml": .decimal(total)])
    }

    /// Heart rate and blood pressure, unless `data` says otherwise.
    @discardableResult
    mutating func vitals(_ time: String, _ phase: String = "infusion", recorded: String? = nil, data: [String: JSON] = full) -> UUID {
        var data = data
        data["phase"] = .string(phase)
        data["source"] = "manual"
        return record(.vitalsRecorded, time, recorded: recorded, .object(data))
    }

    static let full: [String: JSON] = ["heart_rate": 72, "systolic_mmhg": 120, "diastolic_mmhg": 76, "spo2_percent": 98]

    /// Full sets of vitals every `step` minutes from one time to another, both included.
    mutating func vitals(from: String, to: String, every step: Int64) {
        var (time, end) = (Timestamp.of(from), Timestamp.of(to))
        while time <= end {
            vitals(time.description)
            time = time.adding(minutes: step)
        }
        end = time
    }

    @discardableResult
    mutating func score(_ time: String = "10:20", _ total: Int = 9) -> UUID {
        let items: JSON = ["activity": 2, "respiration": 2, "circulation": 2, "consciousness": 1, "oxygen": .number(JSONNumber(total - 7))]
        return record(.recoveryScored, time, ["scale": "aldrete", "items": items, "total": .number(JSONNumber(total))])
    }

    @discardableResult
    mutating func driver(_ time: String = "10:25", _ stage: String = "release", adult: Bool = true) -> UUID {
        record(
            .driverConfirmed, time, by: "dora",
            ["name": "Rui Moor", "relationship": "brother", "adult": .bool(adult), "method": "in_person", "stage": .string(stage)])
    }

    @discardableResult
    mutating func order(_ time: String = "10:28", by prescriber: String = "petra") -> UUID {
        record(.dischargeOrdered, time, by: "petra", ["by": .string(prescriber)])
    }

    @discardableResult
    mutating func discharge(_ time: String = "10:35", override: Override? = nil) -> UUID {
        record(
            .discharged, time, by: override == nil ? "nia" : "petra", override: override,
            ["instructions_version": "1", "condition": "awake, walking", "released_to": "Rui Moor"])
    }

    @discardableResult
    mutating func void(_ target: UUID, _ time: String = "11:00", on stream: StreamID? = nil, by actor: String = "nia") -> UUID {
        record(
            .eventVoided, on: stream ?? .session(Self.session), time, by: actor, ["target": .id(target), "reason": "Charted by mistake"])
    }

    @discardableResult
    mutating func amend(
        _ target: UUID, at time: String = "11:00", on stream: StreamID? = nil, by actor: String = "nia", _ data: JSON
    ) -> UUID {
        let data: JSON = ["target": .id(target), "reason": "Digits swapped", "data": data]
        return record(.eventAmended, on: stream ?? .session(Self.session), time, by: actor, data)
    }

    /// An uneventful session from IV to discharge that no rule finds fault with.
    mutating func uneventful() {
        vitals("09:25", "baseline")
        insert()
        start()
        vitals(from: "09:35", to: "09:55", every: 5)
        stop()
        vitals("10:05", "recovery")
        score()
        removeIV()
        driver()
        order()
        discharge()
    }

    static func uneventful() -> Scenario {
        var scenario = Scenario()
        scenario.uneventful()
        return scenario
    }
}

func uuid(_ number: Int64) -> UUID {
    let digits = String(number)
    guard let id = UUID(uuidString: "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits) else {
        preconditionFailure("a number of at most 12 digits makes a UUID")
    }
    return id
}

extension JSON {
    static func id(_ id: UUID) -> JSON { .string(id.lowercase) }

    /// A decimal written as text in a test, because a literal would be an integer.
    static func decimal(_ json: JSON) -> JSON {
        guard let text = json.text, let number = try? JSON.parse(text) else { return json }
        return number
    }
}

extension Timestamp {
    /// `09:30`, `09:30:10.5`, `2026-02-03`, `2026-02-03T10:00`, or a whole RFC 3339 time.
    static func of(_ text: String) -> Timestamp {
        var full = text.contains("-") ? text : Scenario.day + "T" + text
        if !full.contains("T") { full += "T09:00" }
        if full.split(separator: ":").count == 2 { full += ":00" }
        if !full.hasSuffix("Z") { full += "Z" }
        guard let time = Timestamp(rfc3339: full) else { preconditionFailure("\(text) is no time") }
        return time
    }
}

extension Override {
    static func gate(_ gate: Gate) -> Override { Override(gate: gate, reason: "Seen and decided") }
}
