/// An instant in microseconds since 1970-01-01T00:00:00Z, sent as `timestamptz`.
///
/// PostgreSQL counts from 2000-01-01 and reaches the year 294276; the last 30 years of that do not fit here and are refused on
/// reading. `Int64.max` and `Int64.min` stand for PostgreSQL's `infinity` and `-infinity`.
public struct SQLTimestamp: Sendable, Hashable, Comparable {
    public var microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public static let infinity = SQLTimestamp(microseconds: .max)
    public static let minusInfinity = SQLTimestamp(microseconds: .min)

    public static func < (left: SQLTimestamp, right: SQLTimestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// 2000-01-01T00:00:00Z in microseconds since 1970.
    private static let epoch: Int64 = 946_684_800_000_000
}

extension SQLTimestamp: SQLElement {
    public static var sqlType: SQLType { .timestamptz }
    public static var sqlArrayType: SQLType { .timestamptzArray }
    public static func accepts(_ type: SQLType) -> Bool { type == .timestamptz || type == .timestamp }
    public static func acceptsArray(_ type: SQLType) -> Bool { type == .timestamptzArray || type == .timestampArray }

    public func encode(into writer: inout SQLWriter) {
        let (value, overflow) = microseconds.subtractingReportingOverflow(Self.epoch)
        // What lies before PostgreSQL's first instant (4713 BC) is sent as one less than it allows, so that the server refuses it;
        // wrapping around would store another instant.
        writer.append(microseconds == .max || microseconds == .min ? microseconds : overflow ? Int64.min + 1 : value)
    }

    public static func decode(_ bytes: RawSpan) -> SQLTimestamp? {
        guard bytes.byteCount == 8 else { return nil }
        let value = bytes.load(Int64.self)
        if value == .max || value == .min { return SQLTimestamp(microseconds: value) }
        let (microseconds, overflow) = value.addingReportingOverflow(epoch)
        return overflow ? nil : SQLTimestamp(microseconds: microseconds)
    }
}

/// A calendar date in days since 1970-01-01, sent as `date`.
public struct SQLDate: Sendable, Hashable {
    public var days: Int32

    public init(days: Int32) {
        self.days = days
    }

    /// 2000-01-01 in days since 1970.
    private static let epoch: Int32 = 10_957
}

extension SQLDate: SQLElement {
    public static var sqlType: SQLType { .date }
    public static var sqlArrayType: SQLType { .dateArray }

    public func encode(into writer: inout SQLWriter) {
        let (value, overflow) = days.subtractingReportingOverflow(Self.epoch)
        // As with SQLTimestamp: an impossible date is refused by the server, never wrapped.
        writer.append(overflow ? Int32.min + 1 : value)
    }

    public static func decode(_ bytes: RawSpan) -> SQLDate? {
        guard bytes.byteCount == 4 else { return nil }
        let (days, overflow) = bytes.load(Int32.self).addingReportingOverflow(epoch)
        return overflow ? nil : SQLDate(days: days)
    }
}
