import Foundation
import Postgres
import TestSupport

/// A way to alter the log, and who tries it.
struct Attempt: Sendable {
    enum Who: String, Sendable, CaseIterable {
        /// A login that is a member of the service's role.
        case login
        /// The superuser after `SET ROLE dripline_service`.
        case service
        case projector
        case owner
        case superuser

        var settings: ConnectionSettings {
            let own = TestDatabase.current.settings
            return switch self {
            case .login: own.setting(user: "ledger_tests_login")
            case .service: own.setting(role: "dripline_service")
            case .projector: own.setting(role: "dripline_projector")
            case .owner: own.setting(role: "dripline_owner")
            case .superuser: own
            }
        }
    }

    let who: Who
    let sql: String

    /// By the triggers, which hold for everybody.
    static let refusedToAll = [
        "UPDATE dripline.events SET payload = '{}'",
        "UPDATE dripline.events SET type = 'A' WHERE false",
        "UPDATE dripline.commands SET events = events + 1",
        "UPDATE dripline.logs SET size = size - 1",
        "UPDATE dripline.logs SET clinic = 'walnut'",
        "UPDATE dripline.logs SET recorded_at = '-infinity'",
        "DELETE FROM dripline.events",
        "DELETE FROM dripline.events WHERE position = 3",
        "DELETE FROM dripline.events e USING dripline.logs l WHERE l.log_id = e.log_id",
        "WITH gone AS (DELETE FROM dripline.events RETURNING 1) SELECT count(*) FROM gone",
        "DELETE FROM dripline.commands",
        "DELETE FROM dripline.logs",
        "TRUNCATE dripline.events",
        "TRUNCATE ONLY dripline.events",
        "TRUNCATE dripline.events CASCADE",
        "TRUNCATE dripline.commands",
        "TRUNCATE dripline.logs CASCADE",
        """
        TRUNCATE dripline.logs, dripline.events, dripline.commands, dripline.tiles, dripline.checkpoints, dripline.cosignatures \
        RESTART IDENTITY
        """,
        "UPDATE dripline.checkpoints SET note = note",
        "DELETE FROM dripline.checkpoints",
        "TRUNCATE dripline.checkpoints CASCADE",
        "UPDATE dripline.cosignatures SET line = ''",
        "DELETE FROM dripline.cosignatures",
        "INSERT INTO dripline.events SELECT * FROM dripline.events ON CONFLICT (log_id, position) DO UPDATE SET payload = '{}'",
        "INSERT INTO dripline.commands SELECT * FROM dripline.commands ON CONFLICT (log_id, command) DO UPDATE SET events = 9",
        "MERGE INTO dripline.events e USING dripline.logs l ON l.log_id = e.log_id WHEN MATCHED THEN UPDATE SET type = 'A'",
        "MERGE INTO dripline.events e USING dripline.logs l ON l.log_id = e.log_id WHEN MATCHED THEN DELETE",
        "PREPARE p AS DELETE FROM dripline.events; EXECUTE p",
        "DO $$ BEGIN DELETE FROM dripline.events; END $$",
        "BEGIN; DECLARE c CURSOR FOR SELECT * FROM dripline.commands; FETCH c; DELETE FROM dripline.commands WHERE CURRENT OF c",
    ]

    /// By the privileges: whoever serves the clinic.
    static let refusedToTheService = [
        "INSERT INTO dripline.events SELECT * FROM dripline.events",
        "INSERT INTO dripline.events DEFAULT VALUES",
        "INSERT INTO dripline.commands SELECT log_id, gen_random_uuid(), first_position, events FROM dripline.commands",
        "INSERT INTO dripline.logs (clinic, log) VALUES ('walnut', 'record')",
        "INSERT INTO dripline.schema_version VALUES (99)",
        "COPY dripline.events FROM STDIN",
        "COPY dripline.commands FROM '/dev/null'",
        "COPY dripline.events TO PROGRAM 'true'",
        "SELECT * FROM dripline.events FOR UPDATE",
        "BEGIN; LOCK TABLE dripline.events IN ACCESS EXCLUSIVE MODE",
        "SET session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', false)",
        "ALTER TABLE dripline.events DISABLE TRIGGER append_only",
        "ALTER TABLE dripline.events DISABLE TRIGGER ALL",
        "ALTER TABLE dripline.events ADD COLUMN x integer",
        "ALTER TABLE dripline.events OWNER TO CURRENT_USER",
        "ALTER TABLE dripline.events SET SCHEMA public",
        "DROP TRIGGER append_only ON dripline.events",
        "CREATE TRIGGER mine BEFORE INSERT ON dripline.events EXECUTE FUNCTION dripline.refuse_change()",
        "CREATE RULE mine AS ON INSERT TO dripline.events DO INSTEAD NOTHING",
        "CREATE INDEX ON dripline.events (type)",
        "CREATE TABLE dripline.mine ()",
        "CREATE FUNCTION dripline.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION dripline.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "ALTER FUNCTION dripline.append SECURITY INVOKER",
        "DROP FUNCTION dripline.append",
        "DROP TABLE dripline.events",
        "DROP SCHEMA dripline CASCADE",
        "ALTER SCHEMA dripline RENAME TO other",
        "GRANT INSERT ON dripline.events TO PUBLIC; INSERT INTO dripline.events DEFAULT VALUES",
        "GRANT dripline_owner TO CURRENT_USER",
        "REASSIGN OWNED BY dripline_owner TO CURRENT_USER",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "SELECT nextval('dripline.logs_log_id_seq')",
        "SELECT setval('dripline.logs_log_id_seq', 1)",
        "SELECT dripline.judge_conditions(1, '{}', '{}', '{}', '{}', '{}', '{}')",
        "SELECT dripline.all_conditions_hold('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
        "SELECT dripline.write_events('{1}', '{0}', '{now}', '{walnut}', '{record}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
        "SELECT dripline.is_sound_call('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
        "SELECT dripline.judge_repeats(1, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
        "SELECT dripline.is_stream('clinic')",
        "SELECT dripline.entry('', NULL, '', NULL, NULL, '', NULL, NULL, NULL, NULL, 1, NULL, '', NULL, '', 1::smallint, 1)",
        "SELECT dripline.refuse_change()",
        "UPDATE dripline.record SET type = 'A'",
        "DELETE FROM dripline.record",
        "INSERT INTO dripline.record (clinic) VALUES ('walnut')",
    ]

    static let all: [Attempt] =
        Who.allCases.flatMap { who in refusedToAll.map { Attempt(who: who, sql: $0) } }
        + [Who.login, .service, .projector].flatMap { who in refusedToTheService.map { Attempt(who: who, sql: $0) } }
        // Only a login that may not is held by SET ROLE: it asks who signed in.
        + ["SET ROLE dripline_owner", "SET SESSION AUTHORIZATION dripline_owner"].map { Attempt(who: .login, sql: $0) }
}
