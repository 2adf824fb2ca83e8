import Canonical
import Foundation
import Postgres
import TestSupport
import Testing

/// Commands on a server that someone else runs.
@Suite(.database) struct DatabaseCommandTests {
    private let command = DriplineCommand()

    private func run(_ arguments: String..., as login: String? = nil, input: String = "") async throws -> DriplineCommand.Result {
        let database = TestDatabase.current
        let user = login ?? PostgresServer.adminRole
        let socket = database.server.socketDirectory.replacing("/", with: "%2F")
        return try await command.run(arguments + ["--database", "postgres://\(user)@\(socket):5432/\(database.name)"], input: input)
    }

    @Test func aServerIsMigratedOnceAndThenServes() async throws {
        let fresh = try await run("status")
        #expect(fresh.exitCode == 2 && fresh.errors.contains("dripline migrate"), "\(fresh.errors)")
        let first = try await run("migrate")
        #expect(first.exitCode == 0 && first.output.contains("(it was 0)"))
        #expect(try await run("migrate").output.contains("already"))
        #expect(try await run("import", "-", input: Requests.file()).exitCode == 0)
        let status = try await run("status")
        #expect(status.exitCode == 0 && status.output.contains("willow/record"))
        #expect(try await run("chart", "--clinic", "willow", "W-1").exitCode == 0)
    }

    @Test func aLoginWithoutRightsIsToldWhatItNeeds() async throws {
        #expect(try await run("migrate").exitCode == 0)
        let login = "stranger_\(TestDatabase.current.name)"
        try await superuser("CREATE ROLE \(login) LOGIN")
        let refused = try await run("status", as: login)
        let grant = "GRANT dripline_service, dripline_projector, dripline_sealer, dripline_accounts TO"
        #expect(refused.exitCode == 2 && refused.errors.contains(grant), "\(refused.errors)")
        try await superuser("GRANT dripline_service, dripline_projector, dripline_sealer, dripline_accounts TO \(login)")
        #expect(try await run("import", "-", as: login, input: Requests.file()).exitCode == 0)
        #expect(try await run("compliance", "--clinic", "willow", as: login).exitCode == 0)
        #expect(try await run("verify", "--clinic", "willow", as: login).exitCode == 0)
        let migrate = try await run("migrate", as: login)
        #expect(migrate.exitCode == 0 || migrate.exitCode == 2)
    }

    @Test func aNewerSchemaIsNotTouched() async throws {
        #expect(try await run("migrate").exitCode == 0)
        try await superuser("UPDATE dripline.schema_version SET version = 999")
        for subcommand in ["status", "migrate"] {
            let result = try await run(subcommand)
            #expect(result.exitCode == 2 && result.errors.contains("999"), "\(result.errors)")
        }
    }

    @Test func tamperingIsFound() async throws {
        #expect(try await run("migrate").exitCode == 0)
        #expect(try await run("import", "-", input: Requests.file()).exitCode == 0)
        #expect(try await run("verify", "--clinic", "willow").exitCode == 0)
        try await superuser(
            """
            SET dripline.migration = on; ALTER TABLE dripline.events DISABLE TRIGGER ALL;
            UPDATE dripline.events SET payload = replace(payload::text, 'Reed', 'Rood')::json WHERE type = 'PatientRegistered'
            """)
        let result = try await run("verify", "--clinic", "willow")
        #expect(result.exitCode == 1)
        #expect(result.output.contains("NOT intact") && result.output.contains("position 4: the payload does not match its digest"))
        #expect(!result.output.contains("Rood") && result.errors == "")
        let json = try #require(try await run("verify", "--clinic", "willow", "--json").json.first)
        #expect(json["intact"] == false && json["findings"]?.asArray.map { $0["position"] } == [4])
    }

    @Test func whatIsLooserThanItShouldBeIsTold() async throws {
        #expect(try await run("migrate").exitCode == 0)
        let login = "clerk_\(TestDatabase.current.name)"
        try await superuser("CREATE ROLE \(login) LOGIN IN ROLE dripline_service, dripline_projector, dripline_sealer")
        #expect(try await run("import", "-", as: login, input: Requests.file()).exitCode == 0)
        #expect(try await run("compliance", "--clinic", "willow", as: login).exitCode == 0)
        let whole = try await run("status", as: login)
        #expect(whole.exitCode == 0 && whole.output.contains("Privileges: none is looser than it should be."), "\(whole.output)")
        try await superuser("GRANT UPDATE ON dripline.events TO \(login)")
        let loose = try await run("status", as: login)
        #expect(loose.output.contains("LOOSE table dripline.events: \(login) has UPDATE: REVOKE UPDATE"), "\(loose.output)")
        let json = try #require(try await run("status", "--json", as: login).json.first)
        #expect(json["privileges"]?.asArray.map { $0["object"] } == ["table dripline.events"])
        let superuser = try await run("status")
        #expect(superuser.output.contains("it serves as a superuser"))
    }

    @Test func readModelsAreHeldAgainstTheLog() async throws {
        #expect(try await run("migrate").exitCode == 0)
        #expect(try await run("import", "-", input: Requests.file()).exitCode == 0)
        #expect(try await run("compliance", "--clinic", "willow").exitCode == 0)
        let whole = try await run("verify", "--clinic", "willow")
        #expect(whole.exitCode == 0 && whole.output.contains("Read models of willow: as the log makes them, 7 of "), "\(whole.output)")
        try await superuser("UPDATE patient_chart.patients SET family = 'Rood'")
        let result = try await run("verify", "--clinic", "willow")
        let says = "patient_chart.patients, patient/\(Requests.patient), column family: it differs from what the log makes"
        #expect(result.exitCode == 1 && result.output.contains(says), "\(result.output)")
        #expect(!result.output.contains("Rood") && !result.output.contains("Reed"))
        let json = try #require(try await run("verify", "--clinic", "willow", "--json").json.last)
        #expect(json["read_models"] == "willow" && json["findings"]?.asArray.map { $0["column"] } == ["family"])
        #expect(try await run("verify", "--clinic", "willow", "--log-only").exitCode == 0)
    }

    private func superuser(_ sql: String) async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.script(sql)
        await connection.close()
    }
}
