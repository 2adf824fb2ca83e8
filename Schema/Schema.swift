public import Postgres

/// The SQL of the log, and how it comes into a database.
public enum Schema {
    /// Goes up with every change to an existing database; `updates/` holds the way from each older version.
    public static let version = 7

    /// What brings an existing database to the next version, by the version that it has. It alters and drops what the objects alone would leave as
    /// it was; where a new version only adds or replaces objects, there is none.
    static let updates: [Int: [UInt8]] = [
        1: PackageResources.update_2_event_versions_sql, 2: PackageResources.update_3_log_sql,
        3: PackageResources.update_4_append_many_sql,
    ]

    /// The objects in the order in which they depend on each other. Every statement may be run again.
    static let objects: [[UInt8]] = [
        PackageResources.roles_dripline_sql,
        PackageResources.schema_dripline_sql,
        PackageResources.table_schema_version_sql,
        PackageResources.table_logs_sql,
        PackageResources.table_events_sql,
        PackageResources.table_commands_sql,
        PackageResources.table_tiles_sql,
        PackageResources.table_checkpoints_sql,
        PackageResources.table_reporting_clinics_sql,
        PackageResources.table_accounts_sql,
        PackageResources.table_sessions_sql,
        PackageResources.table_tokens_sql,
        PackageResources.function_refuse_change_sql,
        PackageResources.function_refuse_rewind_sql,
        PackageResources.function_refuse_update_sql,
        PackageResources.function_refuse_alteration_sql,
        PackageResources.function_tell_credentials_sql,
        PackageResources.function_entry_sql,
        PackageResources.function_is_stream_sql,
        PackageResources.function_is_in_bounds_sql,
        PackageResources.function_is_well_formed_sql,
        PackageResources.function_check_append_sql,
        PackageResources.function_judge_repeats_sql,
        PackageResources.function_all_conditions_hold_sql,
        PackageResources.function_judge_conditions_sql,
        PackageResources.function_is_sound_call_sql,
        PackageResources.function_write_events_sql,
        PackageResources.function_append_sql,
        PackageResources.function_append_many_sql,
        PackageResources.function_stream_events_sql,
        PackageResources.function_erase_sql,
        PackageResources.function_guard_log_sql,
        PackageResources.function_reported_clinics_sql,
        PackageResources.trigger_append_only_sql,
        PackageResources.trigger_guard_log_sql,
        PackageResources.trigger_credentials_sql,
        PackageResources.view_record_sql,
        PackageResources.privileges_log_sql,
        PackageResources.privileges_accounts_sql,
    ]

    /// Brings the database to `version`, in one transaction, whoever else does the same at this moment.
    /// The connection's user must be a superuser, or may create roles and own the database.
    /// - Returns: the version the database held before; 0 for a fresh one.
    /// - Throws: `PostgresError`; `SchemaError.newer` where the database was made by a newer Dripline.
    @discardableResult
    public static func migrate(_ connection: Connection) async throws -> Int {
        try await connection.transaction { connection in
            // Migrations of one database take turns by this lock ("drip"). The roles belong to the whole server: their script bears a neighbour's.
            // The guard of the log lets this transaction pass, and none after it.
            try connection.script(
                """
                SET LOCAL client_min_messages = warning; SET LOCAL dripline.migration = on; SELECT pg_advisory_xact_lock(1685219696)
                """)
            let before = try installedVersion(connection)
            guard before <= version else { throw SchemaError.newer(installed: before, known: version) }
            // In a fresh database there is nothing to update: the objects make all that there is.
            for update in before == 0 ? [] : (before..<version).compactMap({ updates[$0] }) {
                try connection.script(String(decoding: update, as: UTF8.self))
            }
            for object in objects { try connection.script(String(decoding: object, as: UTF8.self)) }
            try connection.execute("INSERT INTO dripline.schema_version (version) VALUES ($1) ON CONFLICT DO NOTHING", [Int32(version)])
            return before
        }
    }

    /// The schema's version in this database; 0 where there is none.
    public static func installedVersion(_ connection: isolated Connection) throws -> Int {
        guard let row = try connection.query("SELECT to_regclass('dripline.schema_version') IS NOT NULL").first,
            try row.decode(Bool.self)
        else { return 0 }
        guard let row = try connection.query("SELECT coalesce(max(version), 0) FROM dripline.schema_version").first else { return 0 }
        return Int(try row.value(0, as: Int32.self))
    }
}

/// The database's schema does not fit this program.
public enum SchemaError: Error, Sendable, CustomStringConvertible {
    case newer(installed: Int, known: Int)
    case older(installed: Int, known: Int)

    public var description: String {
        switch self {
        case .newer(let installed, let known):
            "The database holds schema version \(installed), and this program knows \(known): run the newer Dripline that made it."
        case .older(let installed, let known):
            "The database holds schema version \(installed), and this program needs \(known): run `dripline migrate` first."
        }
    }
}
