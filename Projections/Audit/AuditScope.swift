public import Canonical
public import Ledger

/// What an audit is about, and all that its report depends on: the same scope gives the same bytes.
public struct AuditScope: Sendable, Hashable {
    public let clinic: String
    /// The first day, UTC, inclusive; nil for no bound.
    public let from: CalendarDate?
    /// The last day, UTC, inclusive; nil for no bound.
    public let to: CalendarDate?
    /// How far each log is read.
    public let bounds: LogBounds

    public init(clinic: String, from: CalendarDate? = nil, to: CalendarDate? = nil, bounds: LogBounds) {
        self.clinic = clinic
        self.from = from
        self.to = to
        self.bounds = bounds
    }

    public var hasPeriod: Bool { from != nil || to != nil }

    /// Whether this instant lies in the period.
    public func contains(_ instant: Timestamp) -> Bool {
        guard hasPeriod else { return true }
        let date = instant.date
        return from.map { $0 <= date } ?? true && to.map { date <= $0 } ?? true
    }

    /// `2026-02-01 to 2026-02-28`.
    public var period: String {
        switch (from, to) {
        case (nil, nil): "everything recorded"
        case (let from?, nil): "from \(from) on"
        case (nil, let to?): "up to \(to)"
        case (let from?, let to?): from == to ? "\(from)" : "\(from) to \(to)"
        }
    }

    /// What to type to get this report again.
    public var command: String {
        var command = "dripline audit --clinic \(clinic)"
        if let from { command += " --from \(from)" }
        if let to { command += " --to \(to)" }
        return command + " --position \(bounds.record) --access-position \(bounds.access)"
    }
}
