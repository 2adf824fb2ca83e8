public import Canonical
public import Foundation

/// A session is given a time. The first event of its stream, unless the patient walks in.
public struct SessionBooked: EventData {
    public static var eventType: EventType { .sessionBooked }
    public static var streams: Set<StreamKind> { [.session] }

    public let patient: UUID
    /// The plan it belongs to; without it the patient's latest plan holds.
    public let plan: UUID?
    /// Which session of the series, from 1; at most 1,000.
    public let number: Int
    public let scheduledAt: Timestamp
    /// 1–1,440.
    public let durationMin: Int
    public let chair: String?
}

extension SessionBooked {
    public init(reading fields: inout FieldReader) {
        patient = fields.required("patient", .uuid)
        plan = fields.optional("plan", .uuid)
        number = fields.required("number", .integer(1...1_000))
        scheduledAt = fields.required("scheduled_at", .time)
        durationMin = fields.required("duration_min", .integer(1...1_440))
        chair = fields.optional("chair", .text(.identifier))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("patient", patient)
        fields.put("plan", plan)
        fields.put("number", number)
        fields.put("scheduled_at", scheduledAt)
        fields.put("duration_min", durationMin)
        fields.put("chair", chair)
    }

    public var summary: String {
        "Session \(number) booked for \(scheduledAt.clock), \(durationMin) min" + (chair.map { ", chair \($0)" } ?? "")
    }

    public var subject: StreamID? { .patient(patient) }
}
