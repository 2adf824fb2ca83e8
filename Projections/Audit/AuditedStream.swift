public import Canonical
public import Clinic
public import Foundation

/// A stream as an audit names it to people.
public struct AuditedStream: Sendable, Hashable {
    public let id: StreamID
    public let patient: UUID?
    /// The patient's medical record number: by it a chart is found, and a report need not name the patient.
    public let mrn: String?
    /// The number of the session in its series.
    public let session: Int?
    /// When the session took place: the arrival, else the time it is booked for.
    public let at: Timestamp?
    /// The lot of a vial.
    public let lot: String?

    /// `Session 3 of 2026-03-02, MRN HK-01146`.
    public var label: String {
        let mrn = mrn.map { "MRN \($0)" } ?? patient.map { "patient \($0.lowercase)" }
        let parts: [String?] =
            switch id.kind {
            case .session: ["Session\(session.map { " \($0)" } ?? "")\(at.map { " of \($0.date)" } ?? "")", mrn]
            case .patient: ["Patient", mrn]
            case .vial: ["Vial", lot.map { "lot \($0)" }]
            case .clinic: ["Clinic"]
            case .access: ["Accesses", mrn]
            }
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    var json: JSON {
        var members: [String: JSON] = ["stream": .string(id.description), "label": .string(label)]
        members["patient"] = patient.map { .string($0.lowercase) }
        members["mrn"] = mrn.map { .string($0) }
        members["session"] = session.map { .number(JSONNumber($0)) }
        members["session_at"] = at.map { .string($0.description) }
        members["lot"] = lot.map { .string($0) }
        return .object(members)
    }

    /// Sessions by their time, then the other streams by name.
    static func precedes(_ left: AuditedStream, _ right: AuditedStream) -> Bool {
        let far = Timestamp(microseconds: .max)
        return (left.at ?? far, left.id.description) < (right.at ?? far, right.id.description)
    }
}
