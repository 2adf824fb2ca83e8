public import Foundation

/// How the patient fares some days after a session, or after the series. Of the licensed MIDAS and HIT-6 forms only the score is kept.
public struct FollowUpRecorded: EventData {
    public static var eventType: EventType { .followUpRecorded }
    public static var streams: Set<StreamKind> { [.patient] }

    /// The session that it follows; nil for the series as a whole.
    public let session: UUID?
    /// 0–3,650.
    public let daysAfter: Int
    /// Numeric rating scale, 0–10.
    public let painNrs: Int?
    /// 0–100.
    public let reliefPercent: Percent?
    /// 0–31.
    public let headacheDaysPerMonth: Int?
    /// 0–31, never more than the headache days.
    public let migraineDaysPerMonth: Int?
    /// 0–270 days.
    public let midas: Int?
    /// 36–78.
    public let hit6: Int?
    public let note: String?
}

extension FollowUpRecorded {
    public init(reading fields: inout FieldReader) {
        session = fields.optional("session", .uuid)
        daysAfter = fields.required("days_after", .integer(0...3_650))
        painNrs = fields.optional("pain_nrs", .integer(0...10))
        reliefPercent = fields.optional("relief_percent", .quantity(.from(0, through: 100)))
        headacheDaysPerMonth = fields.optional("headache_days_per_month", .integer(0...31))
        migraineDaysPerMonth = fields.optional("migraine_days_per_month", .integer(0...31))
        midas = fields.optional("midas", .integer(0...270))
        hit6 = fields.optional("hit6", .integer(36...78))
        note = fields.optional("note", .text(.note))
        fields.check(
            (migraineDaysPerMonth ?? 0) <= (headacheDaysPerMonth ?? 31), "migraine_days_per_month",
            "must not be more than headache_days_per_month", with: "headache_days_per_month")
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("session", session)
        fields.put("days_after", daysAfter)
        fields.put("pain_nrs", painNrs)
        fields.put("relief_percent", reliefPercent)
        fields.put("headache_days_per_month", headacheDaysPerMonth)
        fields.put("migraine_days_per_month", migraineDaysPerMonth)
        fields.put("midas", midas)
        fields.put("hit6", hit6)
        fields.put("note", note)
    }

    public var summary: String {
        let parts = [
            painNrs.map { "pain \($0)/10" }, reliefPercent.map { "relief \($0.withUnit)" },
            headacheDaysPerMonth.map { "\($0) headache days a month" }, migraineDaysPerMonth.map { "\($0) migraine days a month" },
            midas.map { "MIDAS \($0)" }, hit6.map { "HIT-6 \($0)" }, note.map(\.onOneLine),
        ].compactMap(\.self)
        return "Follow-up after \(daysAfter) d" + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
    }
}
