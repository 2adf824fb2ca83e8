import Foundation
import Testing

@testable import Postgres

struct ConnectionSettingsTests {
    @Test func aURLIsTakenApart() throws {
        let settings = try ConnectionSettings(
            url: "postgres://ada:p%40ss@db1:5433,db2/clinic?sslmode=require&target_session_attrs=read-write")
        #expect(settings.hosts == ["db1", "db2"] && settings.user == "ada" && settings.database == "clinic")
        #expect(settings.keywords["password"] == "p@ss" && settings.keywords["target_session_attrs"] == "read-write")
        #expect(settings.keywords["sslmode"] == "require")
        #expect(settings.description == "postgres://ada@db1:5433,db2:5432/clinic")
    }

    @Test func addressesAndSocketsAreHosts() throws {
        #expect(try ConnectionSettings(url: "postgresql://[::1]:5555/x").description == "postgres://[::1]:5555/x")
        let socket = try ConnectionSettings(url: "postgres://ada@%2Frun%2Fpostgresql/clinic")
        #expect(socket.hosts == ["/run/postgresql"] && socket.description == "postgres://ada@/run/postgresql/clinic")
    }

    @Test(arguments: [
        ("mysql://x:topsecret@h/d", "starts with postgres://"),
        ("host=h password=topsecret", "starts with postgres://"),
        ("postgres://u:topsecret%zz@h/d", "two hexadecimal digits"),
        ("postgres://u:topsecret%@h/d", "two hexadecimal digits"),
        ("postgres://u:topsecret%00@h/d", "two hexadecimal digits"),
        ("postgres://u:top@secret@h/d", "written %40"),
        ("postgres://u:topsecret@h:54x/d", "a port must be a number"),
        ("postgres://u:topsecret@h:70000/d", "a port must be a number"),
        ("postgres://u:top/secret@h/d", "a port must be a number"),
        ("postgres://u:topsecret@h/d?sslmod=require", "does not know: sslmod"),
        ("postgres://u:topsecret@[::1/d", "of the form"),
    ])
    func badURLsAreExplainedWithoutThePassword(_ url: String, _ part: String) throws {
        let error = try #require(#expect(throws: SettingsError.self) { try ConnectionSettings(url: url) })
        #expect(error.description.contains(part))
        #expect(!error.description.contains("secret"))
    }

    @Test func nothingPrintsThePassword() throws {
        let settings = try ConnectionSettings(url: "postgres://ada:topsecret@h/d").setting(role: "reader")
        var dumped = ""
        dump(settings, to: &dumped)
        dump(["a": settings], to: &dumped)
        for text in [dumped, "\(settings)", String(reflecting: settings), "\([settings])"] { #expect(!text.contains("topsecret")) }
    }

    @Test func theEnvironmentNamesAServer() throws {
        let settings = try ConnectionSettings(environment: [
            "PGHOST": "a,b", "PGPORT": "1,2", "PGUSER": "ada", "PGPASSWORD": "topsecret", "PGDATABASE": "clinic", "PGSSLMODE": "disable",
            "PATH": "/",
        ])
        #expect(settings.description == "postgres://ada@a:1,b:2/clinic")
        #expect(settings.keywords["password"] == "topsecret" && settings.keywords["sslmode"] == "disable")
        #expect(throws: SettingsError.self) { try ConnectionSettings(environment: ["PGUSER": "ada", "PGHOST": ""]) }
        #expect(ConnectionSettings.isConfigured(in: ["PGSERVICE": "x"]) && !ConnectionSettings.isConfigured(in: ["PGPASSWORD": "x"]))
    }

    @Test func defaultsStandUnderWhatIsGiven() throws {
        let settings = try ConnectionSettings(url: "postgres://h/d?connect_timeout=3&options=-c%20geqo%3Doff")
            .setting(searchPath: "a, b\\c").setting(statementTimeoutMilliseconds: 500)
        let parameters = Dictionary(uniqueKeysWithValues: settings.parameters)
        #expect(parameters["connect_timeout"] == "3" && parameters["keepalives_idle"] == "30" && parameters["client_encoding"] == "UTF8")
        #expect(parameters["options"] == "-c geqo=off -c TimeZone=UTC -c search_path=a,\\ b\\\\c -c statement_timeout=500")
        let other = Dictionary(uniqueKeysWithValues: try ConnectionSettings(url: "postgres://h/d").parameters)
        #expect(other["connect_timeout"] == "10")
    }
}
