public import Canonical
import Clinic
import Foundation

/// Where an item stands in its list, as a page says where the next one begins.
extension PatientSummary {
    /// `[family or null, [given …], id]`.
    public var place: JSON {
        [family.map { JSON.string($0) } ?? .null, .array(given.map { .string($0) }), .string(id.lowercase)]
    }

    /// An item that stands there; nil for what is no place.
    public init?(place: JSON) {
        guard let parts = place.elements, parts.count == 3, let given = parts[1].elements?.map(\.text),
            let id = parts[2].text.flatMap(UUID.init(canonical:)), parts[0] == .null || parts[0].text != nil
        else { return nil }
        let texts = given.compactMap(\.self)
        // PostgreSQL has no NUL in text.
        guard texts.count == given.count, !(texts + [parts[0].text ?? ""]).contains(where: { $0.utf8.contains(0) }) else { return nil }
        self.init(id: id, mrn: nil, family: parts[0].text, given: texts, birthDate: nil)
    }
}

extension SessionSummary {
    /// `[time or null, id]`.
    public var place: JSON { [(arrivedAt ?? scheduledAt).map { JSON.string($0.description) } ?? .null, .string(id.lowercase)] }

    /// An item that stands there; nil for what is no place.
    public init?(place: JSON) {
        guard let parts = place.elements, parts.count == 2, let id = parts[1].text.flatMap(UUID.init(canonical:)) else { return nil }
        let time = parts[0].text.flatMap { Timestamp(rfc3339: $0) }
        guard parts[0] == .null || time != nil else { return nil }
        self.init(
            id: id, patient: nil, number: nil, state: nil, scheduledAt: nil, arrivedAt: time, startedAt: nil, stoppedAt: nil,
            dischargedAt: nil)
    }
}

extension Judgement {
    /// Where a verdict stands in the list of a clinic's verdicts.
    public struct Place: Sendable, Hashable {
        let sessionAt: Timestamp?
        let stream: String
        let rule: String

        /// `[time or null, stream, rule]`; nil for anything else.
        public init?(_ json: JSON) {
            guard let parts = json.elements, parts.count == 3, let stream = parts[1].text, StreamID(stream) != nil,
                let rule = parts[2].text,
                RuleSet.rule(rule) != nil
            else { return nil }
            sessionAt = parts[0].text.flatMap { Timestamp(rfc3339: $0) }
            guard parts[0] == .null || sessionAt != nil else { return nil }
            self.stream = stream
            self.rule = rule
        }

        func stands(before judgement: Judgement) -> Bool {
            let far = Timestamp(microseconds: .max)
            return (sessionAt ?? far, stream, rule) < (judgement.sessionAt ?? far, judgement.stream.description, judgement.rule)
        }
    }

    /// As `Place` reads it.
    public var place: JSON {
        [sessionAt.map { JSON.string($0.description) } ?? .null, .string(stream.description), .string(rule)]
    }
}
