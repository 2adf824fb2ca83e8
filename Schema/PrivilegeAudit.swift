public import Postgres

/// Compares what a database allows with what ``Schema`` makes: owners, grants, roles, triggers and functions. Whatever is looser is found.
///
/// It reads the catalogue only, as any login may. A superuser can change all of it, and can change it back before anybody looks.
public struct PrivilegeAudit: Sendable {
    /// Something that is looser than it should be.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        /// What it is about, e.g. `table dripline.events`.
        public let object: String
        /// What is wrong, and the way back.
        public let what: String

        public var description: String { "\(object): \(what)" }
    }

    public private(set) var findings: [Finding] = []

    static let owner = "dripline_owner"
    static let roles = [
        owner, "dripline_service", "dripline_projector", "dripline_sealer", "dripline_reporting", "dripline_reports", "dripline_accounts",
        "dripline_eraser",
    ]
    /// The tables that hold the log and what is signed of it.
    static let logTables = ["schema_version", "logs", "events", "commands", "tiles", "checkpoints", "cosignatures"]

    public static func findings(on connection: isolated Connection) throws -> [Finding] {
        var audit = PrivilegeAudit()
        try audit.checkRoles(on: connection)
        try audit.checkMembers(on: connection)
        try audit.checkOwners(on: connection)
        try audit.checkGrants(on: connection)
        try audit.checkTriggers(on: connection)
        try audit.checkTables(on: connection)
        try audit.checkFunctions(on: connection)
        try audit.checkSettings(on: connection)
        try audit.checkReadModels(on: connection)
        return audit.findings
    }

    mutating func found(_ object: String, _ what: String) { findings.append(Finding(object: object, what: what)) }

    /// Rows of two texts: what it is about, and what is wrong with it.
    mutating func collect(_ sql: String, _ parameters: [(any SQLValue)?] = [], on connection: isolated Connection) throws {
        for row in try connection.query(sql, parameters) {
            let (object, what) = try row.decode(String.self, String.self)
            found(object, what)
        }
    }
}
