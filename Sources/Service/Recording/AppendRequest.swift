public import Canonical
public import Clinic
public import Foundation
import Ledger
import Projections

/// What a client asks to be recorded, read and checked as far as that goes without knowing the log: the body of a POST, the command's input,
/// a line of an import file.
public struct AppendRequest: Sendable, Hashable {
    public struct Event: Sendable, Hashable {
        public let type: String
        public let occurredAt: Timestamp
        public let body: EventBody
        public internal(set) var signatures: [Signature] = []
        /// The canonical JSON of what was read: times in UTC, ids in lower case, so that the same content is the same bytes.
        public internal(set) var payload: String
    }

    /// Where a request comes from decides what it may hold.
    public enum Form: Sendable {
        /// Clinic and actor come from beside the request.
        case single
        /// As `single`, from people who sign themselves: its signatures are handles and passwords, and what must be signed is.
        case door
        /// A line of an import file names its clinic and actor, and may say when it was charted.
        case importLine
    }

    /// Events in one request.
    public static let maximumEvents = 500

    public let command: UUID
    public let stream: StreamID
    public let expectedVersion: Int64?
    public internal(set) var events: [Event]
    public let override: Proposal.OverrideRequest?
    /// What is to be verified before the events are signed; `.door` only.
    let credentials: [SigningCredential]
    let form: Form
    /// Whether a single event stood flat beside the command.
    public let isFlat: Bool
    /// Import lines only.
    public let clinic: String?
    public let actor: String?
    public let chartedAt: Timestamp?

    /// - Throws: `ValidationError` with every problem of the request, its pointers into the request.
    public init(_ json: JSON, form: Form) throws(ValidationError) {
        guard case .object = json else { throw ValidationError([Problem(pointer: "", message: "a request must be an object")]) }
        let isFlat = json["events"] == nil
        let head: Head
        do {
            head = try FieldReader.read(json) { Head(&$0, form: form, isFlat: isFlat) }
        } catch {
            throw ValidationError(error.problems + Self.problemsOfData(in: json))
        }
        var problems: [Problem] = []
        var events: [Event] = []
        for (index, item) in head.events.enumerated() {
            do {
                events.append(try Event(item))
            } catch {
                problems += error.under(isFlat ? "" : "/events/\(index)").problems
            }
        }
        guard problems.isEmpty else { throw ValidationError(problems) }
        command = head.command
        stream = head.stream
        expectedVersion = head.expectedVersion
        override = head.override
        clinic = head.clinic
        actor = head.actor
        chartedAt = head.chartedAt
        self.form = form
        credentials = head.credentials
        self.events = events.map { $0.signed(head.signatures) }
        self.isFlat = isFlat
    }

    /// What is wrong with types and data, where the members around them are wrong too: so that all is said at once.
    private static func problemsOfData(in json: JSON) -> [Problem] {
        var items: [(pointer: String, event: JSON)] = [("", json)]
        if case .array(let events)? = json["events"] { items = events.prefix(maximumEvents).enumerated().map { ("/events/\($0)", $1) } }
        var problems: [Problem] = []
        for (pointer, event) in items {
            guard case .string(let type)? = event["type"], !type.isEmpty, let data = event["data"], case .object = data else { continue }
            do {
                _ = try Event.body(type: type, data: data)
            } catch {
                problems += error.under(pointer).problems
            }
        }
        return problems
    }

    /// The proposal that `decide` judges.
    /// - Parameter roles: those that the actor acts in, where that may be fewer than they hold.
    func proposal(actor: String, roles: Set<StaffRole>? = nil) -> Proposal {
        Proposal(
            stream: stream, actor: actor, command: command,
            events: events.enumerated().map { index, event in
                Proposal.Event(
                    id: UUID.v5(namespace: command, name: String(index)), occurredAt: event.occurredAt, body: event.body,
                    signatures: event.signatures)
            },
            override: override, chartedAt: chartedAt, roles: roles, requiresSignatures: form == .door, isFlat: isFlat)
    }

    /// What goes to the log once the proposal is accepted.
    /// - Parameter dropsConditions: leaves out those of the decision, and keeps the expected version.
    func appendCommand(actor: String, acceptance: Acceptance, dropsConditions: Bool = false) -> AppendCommand {
        var conditions =
            dropsConditions
            ? []
            // A log knows its own streams only.
            : acceptance.conditions.filter { $0.stream.kind.log == stream.kind.log }.map {
                StreamCondition(stream: $0.stream.description, version: $0.version)
            }
        if let expectedVersion {
            // Beside the decision's own condition, not in its place: a decision on an old history must not pass for one on the expected version.
            let expected = StreamCondition(stream: stream.description, version: expectedVersion)
            if !conditions.contains(expected) { conditions.append(expected) }
        }
        return AppendCommand(
            id: command, actor: actor, chartedAt: chartedAt, conditions: conditions,
            events: zip(events, acceptance.subjects).map { event, subject in
                NewEvent(
                    stream: stream.description, type: event.type, v: Int16(event.body.type.currentVersion), occurredAt: event.occurredAt,
                    subject: subject?.description,
                    override: acceptance.override.map { .init(gate: $0.gate.rawValue, reason: $0.reason) }, payload: event.payload)
            })
    }
}

extension AppendRequest.Event {
    fileprivate init(_ item: EventFields) throws(ValidationError) {
        body = try Self.body(type: item.type, data: item.data)
        type = item.type
        occurredAt = item.occurredAt
        payload = body.data.canonical
    }

    /// The same event with these signatures on it.
    func signed(_ signatures: [Signature]) -> AppendRequest.Event {
        guard signatures != self.signatures else { return self }
        var signed = self
        signed.signatures = signatures
        signed.payload = EventContent(body, signatures: signatures).payload.canonical
        return signed
    }

    fileprivate static func body(type: String, data: JSON) throws(ValidationError) -> EventBody {
        let isKnown = EventType(rawValue: type) != nil
        do {
            return try EventBody(type: type, data: data)
        } catch {
            guard !isKnown else { throw error.under("/data") }
            throw ValidationError(error.problems.map { Problem(pointer: "/type", message: $0.message) })
        }
    }
}

/// The members of a request around its events' data.
private struct Head {
    var command: UUID
    var stream: StreamID
    var expectedVersion: Int64?
    var events: [EventFields] = []
    var override: Proposal.OverrideRequest?
    var credentials: [SigningCredential] = []
    var signatures: [Signature] = []
    var clinic: String?
    var actor: String?
    var chartedAt: Timestamp?

    init(_ fields: inout FieldReader, form: AppendRequest.Form, isFlat: Bool) {
        command = fields.required("command", .uuid)
        stream = fields.required("stream", .streamName)
        expectedVersion = fields.optional("expected_version", .integer(0...Int(Int32.max))).map(Int64.init)
        override = fields.optionalMembers(of: "override") { fields in
            Proposal.OverrideRequest(
                gate: fields.required("gate", .text(.identifier)), reason: fields.required("reason", .text(.note)))
        }
        if isFlat {
            events = [EventFields(reading: &fields)]
        } else {
            events = fields.required("events", .list(of: GroupRule<EventFields>.group(), 1...AppendRequest.maximumEvents))
        }
        let count = 1...Signature.maximumCount
        if form == .door {
            credentials = fields.optional("signatures", .list(of: GroupRule<SigningCredential>.group(), count)) ?? []
        } else {
            signatures = (fields.optional("signatures", .list(of: GroupRule<ToldSignature>.group(), count)) ?? []).map(\.signature)
        }
        guard form == .importLine else { return }
        clinic = fields.required("clinic", .clinicName)
        actor = fields.required("actor", .handle)
        chartedAt = fields.optional("charted_at", .time)
    }
}

/// One event's members, its data not yet read as its type.
private struct EventFields: FieldGroup {
    var type = ""
    var occurredAt = Timestamp(microseconds: 0)
    var data = JSON.null

    init() {}

    init(reading fields: inout FieldReader) {
        type = fields.required("type", .text(.identifier))
        occurredAt = fields.required("occurred_at", .time)
        data = fields.required("data", .anyObject)
    }

    func write(to fields: inout FieldWriter) {
        fields.put("type", type)
        fields.put("occurred_at", occurredAt)
        fields.put("data", data)
    }
}

// MARK: - Rules for the members of a request

private struct StreamNameRule: FieldRule {
    var placeholder: StreamID { .clinic }
    var expectation: String { "must be clinic, access, or patient/, session/, vial/ or access/ with a UUID" }

    var schema: JSON {
        let id = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
        return ["type": "string", "pattern": .string("^(clinic|access|(patient|session|vial|access)/\(id))$")]
    }

    func read(_ json: JSON, _ findings: inout Findings) -> StreamID {
        if let text = json.text, let stream = StreamID(text) { return stream }
        findings.fail(expectation)
        return placeholder
    }
}

private struct ClinicNameRule: FieldRule {
    var placeholder: String { "" }
    var expectation: String { "must be the clinic's name: 1 to 63 of a-z, 0-9 and -" }

    var schema: JSON { ["type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,62}$"] }

    func read(_ json: JSON, _ findings: inout Findings) -> String {
        if let text = json.text, LogName(clinic: text) != nil { return text }
        findings.fail(expectation)
        return placeholder
    }
}

private struct AnyObjectRule: FieldRule {
    var placeholder: JSON { .null }
    var expectation: String { "must be an object" }

    var schema: JSON { ["type": "object"] }

    func read(_ json: JSON, _ findings: inout Findings) -> JSON {
        if case .object = json { return json }
        findings.fail(expectation)
        return placeholder
    }
}

extension FieldRule where Self == StreamNameRule {
    fileprivate static var streamName: Self { StreamNameRule() }
}
extension FieldRule where Self == ClinicNameRule {
    fileprivate static var clinicName: Self { ClinicNameRule() }
}
extension FieldRule where Self == AnyObjectRule {
    fileprivate static var anyObject: Self { AnyObjectRule() }
}
