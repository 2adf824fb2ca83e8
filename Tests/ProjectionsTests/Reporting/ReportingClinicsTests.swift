import Clinic
import Ledger
import Logging
import Postgres
import Schema
import TestSupport
import Testing

@testable import Projections

/// A login for reports sees the rows of the clinics that it was granted, whatever it asks.
@Suite(.projections, .timeLimit(.minutes(10))) struct ReportingClinicsTests {
    private func filled(_ body: (Workbench, String) async throws -> Void) async throws {
        try await Workbench.open { bench in
            for (log, seed) in [(Workbench.hickory, UInt64(81)), (Workbench.alder, 82)] {
                try await bench.append(RandomClinic.founded(seed: seed, events: 120), to: log)
            }
            try await bench.projector.catchUp()
            let login = "reader_\(TestDatabase.current.name)"
            try await bench.superuser.script("CREATE ROLE \(login) LOGIN IN ROLE dripline_reporting")
            try await body(bench, login)
        }
    }

    /// For each view of the schema `reporting`, the clinics that are seen in it.
    private func seen(_ login: String) async throws -> [String: Set<String>] {
        let connection = try await Connection.connect(TestDatabase.current.settings.setting(user: login), logger: .silent)
        let views = try await connection.query(
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'reporting'::regnamespace AND relkind = 'v'"
        ).map { try $0.value(0, as: String.self) }
        var seen: [String: Set<String>] = [:]
        for view in views {
            let rows = try await connection.query("SELECT DISTINCT clinic FROM reporting.\(view)")
            seen[view] = Set(try rows.map { try $0.value(0, as: String.self) })
        }
        await connection.close()
        return seen
    }

    private func findings(_ bench: Workbench) async throws -> [PrivilegeAudit.Finding] {
        try await bench.ledger.read { try await PrivilegeAudit.findings(on: $0) }
    }

    @Test func aLoginSeesTheClinicsThatItWasGranted() async throws {
        try await filled { bench, login in
            let none = try await seen(login)
            #expect(none.count > 15 && none.values.allSatisfy(\.isEmpty))
            try await bench.superuser.execute("INSERT INTO dripline.reporting_clinics VALUES ($1::text::name, 'hickory')", [login])
            let one = try await seen(login)
            #expect(one.values.allSatisfy { $0.isSubset(of: ["hickory"]) })
            #expect(one["vitals"] == ["hickory"] && one["read_models"] == ["hickory"] && one["verdicts"] == ["hickory"])
            try await bench.superuser.execute("UPDATE dripline.reporting_clinics SET clinic = '*'")
            let all = try await seen(login)
            #expect(all["vitals"] == ["hickory", "alder"] && all["read_models"] == ["hickory", "alder"])
            // A rebuild makes new tables, and the views over them.
            try await bench.superuser.execute("UPDATE dripline.reporting_clinics SET clinic = 'alder'")
            try await bench.projector.rebuild()
            #expect(try await seen(login)["vitals"] == ["alder"])
        }
    }

    @Test func itSeesNothingElse() async throws {
        try await filled { bench, login in
            try await bench.superuser.execute("INSERT INTO dripline.reporting_clinics VALUES ($1::text::name, 'hickory')", [login])
            let connection = try await Connection.connect(TestDatabase.current.settings.setting(user: login), logger: .silent)
            for sql in [
                "SELECT FROM session_flowsheet.vitals", "SELECT FROM projections.checkpoints", "SELECT FROM dripline.events",
                "SELECT FROM dripline.reporting_clinics", "SET ROLE dripline_reports", "SET ROLE dripline_service",
                "INSERT INTO dripline.reporting_clinics VALUES (current_user, 'alder')", "SET SESSION AUTHORIZATION dripline_service",
                "CREATE VIEW reporting.mine AS SELECT 1", "UPDATE reporting.vitals SET clinic = 'hickory'",
            ] {
                let error = await #expect(throws: PostgresError.self, "\(sql)") { try await connection.script(sql) }
                #expect(error?.sqlState == "42501" || error?.sqlState == "55000", "\(sql): \(error?.message ?? "")")
            }
            // Row-level security cannot be switched off by whom it holds.
            try await connection.script("SET ROLE dripline_reporting; SET row_security = on")
            let clinics = try await connection.query("SELECT DISTINCT clinic FROM reporting.vitals")
            #expect(try clinics.map { try $0.value(0, as: String.self) } == ["hickory"])
            await connection.close()
        }
    }

    /// `dripline report` signs in as the service, and names the clinic itself.
    @Test func theServiceSeesAllOfThem() async throws {
        try await filled { _, _ in
            let reports = Reports(TestDatabase.current.settings.setting(user: "projections_tests_projector"), logger: .silent)
            for log in [Workbench.hickory, Workbench.alder] {
                let rows = try await reports.write("vitals", clinic: log, format: .json) { _ in true }
                #expect(rows > 0)
            }
        }
    }

    /// Tables and views of a Dripline from before the row-level security are brought to it.
    @Test func olderTablesAreHeldToo() async throws {
        try await filled { bench, login in
            let models = allProjections.flatMap { projection in projection.tables.map { "\(projection.name).\($0.name)" } }
            let tables = models + ["projections.checkpoints"]
            for table in tables {
                try await bench.superuser.script(
                    """
                    ALTER TABLE \(table) DISABLE ROW LEVEL SECURITY;
                    DROP POLICY reports_by_clinic ON \(table); DROP POLICY service_sees_all ON \(table)
                    """)
            }
            for view in try await seen(login).keys {
                try await bench.superuser.script("ALTER VIEW reporting.\(view) OWNER TO dripline_projector")
            }
            let loose = try await findings(bench).map(\.object)
            #expect(tables.allSatisfy { loose.contains("table \($0)") } && loose.contains("view reporting.vitals"))
            try await bench.projector.catchUp()
            #expect(try await findings(bench).filter { !$0.object.hasPrefix("event") } == [])
            #expect(try await seen(login).values.allSatisfy(\.isEmpty))
        }
    }

    @Test func whatIsLooserIsFound() async throws {
        try await filled { bench, _ in
            for (sql, finding) in [
                ("GRANT SELECT ON outcomes.series TO dripline_reporting", "table outcomes.series: dripline_reporting has SELECT"),
                ("GRANT UPDATE ON compliance.verdicts TO dripline_service", "table compliance.verdicts: dripline_service has UPDATE"),
                ("GRANT SELECT ON reporting.vitals TO PUBLIC", "view reporting.vitals: PUBLIC has SELECT"),
                ("ALTER TABLE outcomes.series DISABLE ROW LEVEL SECURITY", "table outcomes.series: reports read it"),
                ("CREATE POLICY more ON outcomes.series TO PUBLIC USING (true)", "table outcomes.series: reports read it"),
                ("ALTER VIEW reporting.vitals OWNER TO dripline_projector", "view reporting.vitals: its owner is dripline_projector"),
            ] {
                try await bench.superuser.script(sql)
                let found = try await findings(bench).map(\.description)
                #expect(found.contains { $0.hasPrefix(finding) }, "\(sql): \(found)")
            }
        }
    }
}
