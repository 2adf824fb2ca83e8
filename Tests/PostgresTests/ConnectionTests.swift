import Postgres
import TestSupport
import Testing

@Suite(.database) struct ConnectionTests {
    @Test func sessionSettingsArrive() async throws {
        let plain = try await TestDatabase.current.connect()
        try await plain.script(
            "DO $$ BEGIN CREATE ROLE connection_tests_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$; CREATE SCHEMA odd")
        let settings = TestDatabase.current.settings
            .setting(role: "connection_tests_reader").setting(searchPath: "odd, public").setting(applicationName: "the tests")
        let connection = try await Connection.connect(settings, logger: .silent)
        let row = try await connection.query(
            "SELECT current_user, current_setting('search_path'), current_setting('application_name'), current_setting('TimeZone')"
        ).only()
        #expect(
            try row.decode(String.self, String.self, String.self, String.self) == (
                "connection_tests_reader", "odd, public", "the tests", "UTC"
            ))
        #expect(await connection.serverVersion >= 150_000)
    }

    @Test func scriptsRunAllTheirStatementsOrNone() async throws {
        let connection = try await TestDatabase.current.connect()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.script("CREATE TABLE a (id int); CREATE TABLE b (id int); SELECT 1/0; CREATE TABLE c (id int)")
        }
        #expect(error?.sqlState == "22012")
        #expect(try await connection.query("SELECT 1 FROM pg_class WHERE relname IN ('a', 'b', 'c')").isEmpty)
    }

    @Test func rowsAffectedAreCounted() async throws {
        let connection = try await TestDatabase.current.connect()
        #expect(try await connection.execute("CREATE TABLE a (id int)") == 0)
        #expect(try await connection.execute("INSERT INTO a SELECT generate_series(1, 7)") == 7)
        #expect(try await connection.execute("DELETE FROM a WHERE id > $1", [5]) == 2)
    }

    @Test func aMissingDatabaseIsSaid() async throws {
        let settings = TestDatabase.current.settings.setting(database: "nowhere")
        let error = await #expect(throws: PostgresError.self) { try await Connection.connect(settings, logger: .silent) }
        #expect(error?.sqlState == "3D000")
        #expect(error?.message == "can't connect to \(settings): the database does not exist")
    }

    @Test func aDeadHostIsPassedOver() async throws {
        let live = TestDatabase.current.settings
        let settings = try ConnectionSettings(
            url: "postgres://dripline_admin@127.0.0.1:1,\(live.host.replacing("/", with: "%2F")):5432/\(TestDatabase.current.name)")
        let connection = try await Connection.connect(settings, logger: .silent)
        #expect(try await connection.query("SELECT 1").count == 1)
    }

    @Test func targetSessionAttributesChooseTheHost() async throws {
        let host = TestDatabase.current.settings.host.replacing("/", with: "%2F")
        let settings = try ConnectionSettings(
            url: "postgres://dripline_admin@\(host):5432,127.0.0.1:1/\(TestDatabase.current.name)?target_session_attrs=standby")
        let error = await #expect(throws: PostgresError.self) { try await Connection.connect(settings, logger: .silent) }
        #expect(error?.sqlState == "08001" && error?.isConnectionFailure == true)
    }

    @Test func noServerIsSaid() async throws {
        let settings = try ConnectionSettings(url: "postgres://ada:topsecret@127.0.0.1:1/clinic")
        let error = try #require(await #expect(throws: PostgresError.self) { try await Connection.connect(settings, logger: .silent) })
        #expect(error.message == "can't connect to postgres://ada@127.0.0.1:1/clinic: the server can't be reached")
        #expect(!"\(error) \(error.sensitiveDetail ?? "")".contains("topsecret"))
    }

    @Test func aKilledSessionIsBroken() async throws {
        let connection = try await TestDatabase.current.connect()
        let killer = try await TestDatabase.current.connect()
        try await killer.query("SELECT pg_terminate_backend($1)", [connection.processID])
        let error = await #expect(throws: PostgresError.self) {
            // The end may be noticed by the first statement or the second.
            for _ in 0..<2 { try await connection.query("SELECT 1") }
        }
        #expect(error?.isConnectionFailure == true)
        #expect(await connection.isBroken)
    }
}
