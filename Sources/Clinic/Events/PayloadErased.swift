public import Canonical
public import Foundation

/// The data of one patient was erased: the payloads and salts of the events named are gone, their entries and every proof stay.
///
/// Recorded by an erasure alone, in the transaction that erases: one on the patient's stream in the record, and where the access log holds accesses to
/// their chart, one there. Both name the positions of their own log.
public struct PayloadErased: EventData {
    public static var eventType: EventType { .payloadErased }
    public static var streams: Set<StreamKind> { [.patient, .access] }

    /// Positions from the first to the last, both erased and all between them.
    public struct Stretch: FieldGroup {
        public let from: Int
        public let to: Int
    }

    public let patient: UUID
    /// On what authority: the law, or the order, in words.
    public let authority: String
    /// Whether that is an order of a court or an authority, which does not wait for the retention date.
    public let isLegalOrder: Bool
    /// Two members of staff, by handle.
    public let approvedBy: [String]
    /// The last day on which care was charted.
    public let lastCareOn: CalendarDate
    /// The year in which the chart's retention ended or ends. No more than the year: for somebody who was a minor it tells when they were born.
    public let retainedThrough: Int
    /// Ascending, none touching another.
    public let positions: [Stretch]

    /// Stretches in one event; an entry of a log is at most 1 MiB.
    public static let maximumStretches = 30_000
}

extension PayloadErased {
    public init(reading fields: inout FieldReader) {
        patient = fields.required("patient", .uuid)
        authority = fields.required("authority", .text(.note))
        isLegalOrder = fields.required("legal_order", .flag)
        approvedBy = fields.required("approved_by", .list(of: .handle, 2...2))
        lastCareOn = fields.required("last_care_on", .date)
        retainedThrough = fields.required("retained_through", .integer(1...9_999))
        positions = fields.required("positions", .list(of: .group(), 1...Self.maximumStretches))
        fields.check(Set(approvedBy).count == approvedBy.count, "approved_by", "must name two different people")
        fields.check(
            positions.allSatisfy { $0.from <= $0.to } && zip(positions, positions.dropFirst()).allSatisfy { $0.to + 1 < $1.from },
            "positions", "must ascend without touching")
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("patient", patient)
        fields.put("authority", authority)
        fields.put("legal_order", isLegalOrder)
        fields.put("approved_by", approvedBy)
        fields.put("last_care_on", lastCareOn)
        fields.put("retained_through", retainedThrough)
        fields.put("positions", positions)
    }

    /// How many events were erased.
    public var count: Int { positions.reduce(0) { $0 + $1.to - $1.from + 1 } }

    public var summary: String {
        let what = count == 1 ? "The payload of 1 event was" : "The payloads of \(count) events were"
        return "\(what) erased on the authority of \(authority.onOneLine), approved by \(approvedBy.joined(separator: " and "))"
    }

    public var subject: StreamID? { .patient(patient) }
}

extension PayloadErased.Stretch {
    public init(reading fields: inout FieldReader) {
        from = fields.required("from", .integer(1...Int(Int32.max)))
        to = fields.required("to", .integer(1...Int(Int32.max)))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("from", from)
        fields.put("to", to)
    }

    /// Ascending positions as the fewest stretches.
    public static func covering(_ positions: some Sequence<Int64>) -> [PayloadErased.Stretch] {
        positions.reduce(into: []) { stretches, position in
            let position = Int(position)
            if let last = stretches.last, last.to + 1 == position {
                stretches[stretches.count - 1] = PayloadErased.Stretch(from: last.from, to: position)
            } else {
                stretches.append(PayloadErased.Stretch(from: position, to: position))
            }
        }
    }
}
