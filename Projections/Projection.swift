public import Canonical
public import Clinic
public import Ledger
public import Postgres

/// A read model: one pure fold and its tables.
///
/// An implementation holds to this:
/// - `rows(of:into:)` depends on nothing but the dossier: no clock, no randomness, no I/O. The same dossier gives the same rows,
///   whether they are folded live, by a rebuild, or as of a position.
/// - `Dossier.asOf` moves with every event of the clinic, and a stream is not folded again for that alone. So rows may depend on it only through
///   a deadline: as long as none of the instants that the rows name in the column `deadline` has come, the rows stay the same.
/// - Every row belongs to the dossier's stream; when the dossier changes, all its rows are replaced.
/// - When the fold or a table changes, `version` goes up, and the tables are rebuilt.
public protocol Projection: Sendable {
    /// The schema that its tables live in; snake case.
    static var name: String { get }
    static var version: Int { get }
    /// In the order in which the DDL makes them.
    static var tables: [ProjectionTable] { get }
    /// The SQL that makes the tables, unqualified: it runs with `search_path` set to their schema.
    static var definition: [UInt8] { get }
    /// The logs that it takes events from. Where it asks for a context, it follows the clinical record too, whatever stands here.
    static var logs: Set<LogName.Kind> { get }
    /// The streams that it keeps rows for.
    static var streams: Set<StreamKind> { get }
    /// What else of the log the rows of a stream depend on: a change there refolds them.
    static var context: Set<DossierContext> { get }
    /// Where its rows name the instants at which their stream is to be folded again though nothing happened to it; nil for none.
    static var deadline: ProjectionDeadline? { get }
    /// Whether somebody waits for it at the chairside: then it is brought up to date without a rest.
    static var isUrgent: Bool { get }
    /// SQL that makes its views for reports, `CREATE OR REPLACE VIEW reporting.…`, each view and column with a comment; nil for none. The views
    /// read the tables of this projection and no others, have a column `clinic`, and name patients by id only, unless their own name says otherwise.
    static var reporting: [UInt8]? { get }

    static func rows(of dossier: Dossier, into rows: inout RowSink) throws
}

extension Projection {
    public static var logs: Set<LogName.Kind> { [.record] }
    public static var deadline: ProjectionDeadline? { nil }
    public static var isUrgent: Bool { false }
    public static var reporting: [UInt8]? { nil }
}

/// A column of type `timestamptz`, null where nothing is awaited, with an index for (clinic, column).
public struct ProjectionDeadline: Sendable, Hashable {
    public let table: String
    public let column: String

    public init(table: String, column: String) {
        self.table = table
        self.column = column
    }
}

/// What a stream's rows may depend on beside its own events.
public enum DossierContext: Sendable, Hashable {
    /// The patient's stream, for the streams of their sessions.
    case patient
    /// The clinic's stream: policies, forms, staff, inventories.
    case clinic
    /// The sessions that draw from a vial, for the streams of vials.
    case sessions
    /// The sessions of a patient, for the streams of patients.
    case patientSessions
}

/// A table of a read model.
public struct ProjectionTable: Sendable, Hashable {
    public let name: String
    /// The columns after `clinic` and `stream`, which every table starts with, in the order of the DDL.
    public let columns: [String]

    public init(_ name: String, _ columns: [String]) {
        self.name = name
        self.columns = columns
    }
}

/// All that a fold may look at: the events of one stream, and what they depend on, all up to the same bound.
public struct Dossier: Sendable {
    public let clinic: String
    public let stream: StreamID
    public let history: History
    /// The patient's stream, where `stream` is one of their sessions and the projection asks for it; else empty.
    public let patient: History
    /// The clinic's stream, where the projection asks for it; else empty.
    public let clinicHistory: History
    /// The sessions that a vial is or was said to be drawn for, or those that name a patient, where `stream` is a vial or a patient and the projection
    /// asks for them; else empty.
    public let sessions: [StreamID: History]
    /// The time at which all of this is known: when the last event within the bound was recorded, whatever its stream. Nil for an empty log.
    /// Deadlines are judged by it: a fold has no clock of its own.
    public let asOf: Timestamp?

    /// Whether the data of events that its rows would rest on was erased: of the stream itself, or of a session that it brings along.
    public var isPartlyErased: Bool { !history.erased.isEmpty || sessions.values.contains { !$0.erased.isEmpty } }

    public init(
        clinic: String, stream: StreamID, history: History, patient: History = History(), clinicHistory: History = History(),
        sessions: [StreamID: History] = [:], asOf: Timestamp? = nil
    ) {
        self.clinic = clinic
        self.stream = stream
        self.history = history
        self.patient = patient
        self.clinicHistory = clinicHistory
        self.sessions = sessions
        self.asOf = asOf
    }
}

/// Takes the rows of dossiers, table by table: as values, or straight as a binary COPY carries them.
public struct RowSink: Sendable {
    /// For each table of the projection, its rows: clinic and stream first, then the table's columns. Empty where rows are encoded.
    public private(set) var rows: [[[(any SQLValue)?]]]
    /// The same, encoded.
    private(set) var encoded: [CopyRows]
    private let tables: [ProjectionTable]
    private let encodes: Bool
    private var clinic = ""
    private var stream = ""
    private var leading = CopyFields()

    public init(_ tables: [ProjectionTable]) { self.init(tables, encodes: false) }

    init(_ tables: [ProjectionTable], encodes: Bool) {
        self.tables = tables
        self.encodes = encodes
        rows = Array(repeating: [], count: tables.count)
        encoded = tables.map { CopyRows(columns: 2 + $0.columns.count) }
    }

    mutating func open(_ dossier: Dossier) {
        clinic = dossier.clinic
        stream = dossier.stream.description
        leading = CopyFields()
        leading.add(clinic)
        leading.add(stream)
    }

    /// Adds a row to table `table` (its index in the projection's `tables`): one value a column, in order.
    public mutating func add(_ table: Int, _ values: [(any SQLValue)?]) {
        precondition(values.count == tables[table].columns.count, "a row of \(tables[table].name) does not fit its columns")
        if encodes { encoded[table].add(leading, values) } else { rows[table].append([clinic, stream] + values) }
    }

    public var isEmpty: Bool { rows.allSatisfy(\.isEmpty) && encoded.allSatisfy(\.isEmpty) }
}
