/// What came of holding a clinic's read models against its logs.
public struct ReadModelVerification: Sendable {
    /// A place where a read model is not what the log makes of it. Without clinical content.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        public let projection: String
        /// Nil where it concerns the read model as a whole.
        public let table: String?
        public let stream: String?
        /// What tells the row from the stream's others: the rest of its key.
        public let row: String?
        public let column: String?
        public let what: String

        init(_ projection: String, table: String? = nil, stream: String? = nil, row: String? = nil, column: String? = nil, what: String) {
            self.projection = projection
            self.table = table
            self.stream = stream
            self.row = row
            self.column = column
            self.what = what
        }

        public var description: String {
            let place = table.map { "\(projection).\($0)" } ?? projection
            let parts = [place, stream, row.map { "row \($0)" }, column.map { "column \($0)" }]
            return parts.compactMap(\.self).joined(separator: ", ") + ": " + what
        }
    }

    /// Findings that are kept; further ones are only counted.
    public static let maximumFindings = 100

    public let clinic: String
    /// The read models that were compared.
    public internal(set) var compared: [String] = []
    /// Streams that were folded anew, over all read models.
    public internal(set) var streams = 0
    /// Rows that are as the log makes them.
    public internal(set) var rows = 0
    public private(set) var findings: [Finding] = []
    public private(set) var findingCount = 0

    public init(clinic: String) { self.clinic = clinic }

    public var isIntact: Bool { findingCount == 0 }

    mutating func found(_ finding: Finding) {
        findingCount += 1
        if findings.count < Self.maximumFindings { findings.append(finding) }
    }
}
