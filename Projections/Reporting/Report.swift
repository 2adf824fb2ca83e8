public import Canonical

/// A view of the schema `reporting`, as the database describes it.
public struct Report: Sendable, Hashable {
    public struct Column: Sendable, Hashable {
        public let name: String
        /// PostgreSQL's name of the type, e.g. `timestamp with time zone`.
        public let type: String
        public let comment: String
    }

    public let name: String
    public let comment: String
    public let columns: [Column]

    /// The column that a period bounds: the first that is a time or a day. Nil where there is none.
    public var period: Column? { columns.first { $0.isTime || $0.isDay } }

    /// `{"columns":[{"comment","name","type"}],"comment","name","period"?}`.
    public var json: JSON {
        var members: [String: JSON] = [
            "name": .string(name), "comment": .string(comment),
            "columns": .array(
                columns.map { ["name": .string($0.name), "type": .string($0.type), "comment": .string($0.comment)] }),
        ]
        members["period"] = period.map { .string($0.name) }
        return .object(members)
    }
}

extension Report.Column {
    var isTime: Bool { type == "timestamp with time zone" }
    var isDay: Bool { type == "date" }
    /// Whether it holds text that somebody typed. Numbers, times, ids and truth values are not of that kind.
    var isText: Bool { type == "text" || type.hasPrefix("character") || type.hasSuffix("[]") || type.hasPrefix("json") }
}

/// How a report is written.
public enum ReportFormat: String, Sendable, Hashable, CaseIterable {
    /// RFC 4180 with a header line: see `CSV`.
    case csv
    /// An object a line; times with an offset, numbers as they are.
    case json
}

/// A span of time: `from` is in it, `before` is not. Nil: no bound.
public struct ReportPeriod: Sendable, Hashable {
    public let from: Timestamp?
    public let before: Timestamp?

    public init(from: Timestamp? = nil, before: Timestamp? = nil) {
        self.from = from
        self.before = before
    }

    var isBounded: Bool { from != nil || before != nil }
}

/// Why a report cannot be written.
public enum ReportError: Error, Sendable, CustomStringConvertible {
    case unknown(String, known: [String])
    case noPeriod(String)
    /// Where to go on is not a place in this report.
    case foreignKey

    public var description: String {
        switch self {
        case .unknown(let name, let known): "There is no report '\(name)'; there are \(known.joined(separator: ", "))."
        case .foreignKey: "This is no place in the report: take it from the page before, as it is."
        case .noPeriod(let name): "The report \(name) has no time in its rows: leave --from and --to out."
        }
    }
}
