public import Canonical

/// RFC 3339 with an offset, to the microsecond.
public struct TimeRule: FieldRule {
    public var placeholder: Timestamp { Timestamp(microseconds: 0) }
    public var expectation: String { "must be a time with an offset such as 2026-11-22T15:30:00Z, to the microsecond at most" }

    public var schema: JSON { ["type": "string", "format": "date-time"] }

    public func read(_ json: JSON, _ findings: inout Findings) -> Timestamp {
        guard case .string(let text) = json else {
            findings.fail(json, expectation)
            return placeholder
        }
        guard let time = Timestamp(rfc3339: text) else {
            findings.fail(expectation)
            return placeholder
        }
        return time
    }
}

/// A calendar date that exists, no earlier than `earliest`.
public struct DateRule: FieldRule {
    let earliest: CalendarDate?

    public var placeholder: CalendarDate { CalendarDate(dayNumber: 0) }
    public var expectation: String { "must be a real date such as 1984-02-29" }

    public var schema: JSON { ["type": "string", "format": "date"] }

    public func read(_ json: JSON, _ findings: inout Findings) -> CalendarDate {
        guard case .string(let text) = json else {
            findings.fail(json, expectation)
            return placeholder
        }
        guard let date = CalendarDate(text) else {
            findings.fail(expectation)
            return placeholder
        }
        if let earliest, date < earliest { findings.fail("must not be before \(earliest)") }
        return date
    }
}

extension FieldRule where Self == TimeRule {
    public static var time: Self { TimeRule() }
}

extension FieldRule where Self == DateRule {
    public static var date: Self { DateRule(earliest: nil) }
    public static func date(notBefore earliest: CalendarDate?) -> Self { DateRule(earliest: earliest) }
}
