import Canonical
import Clinic
import Foundation
import Ledger
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Projections

/// The schema `reporting`: what is in it, who may read it, and that it outlives every switch of the tables behind it.
@Suite(.projections, .timeLimit(.minutes(10))) struct ReportingTests {
    private func reports() -> Reports {
        Reports(TestDatabase.current.settings.setting(user: "projections_tests_projector"), logger: .silent)
    }

    private func lines(
        _ name: String, _ format: ReportFormat = .json, clinic: LogName = Workbench.hickory, _ period: ReportPeriod = ReportPeriod()
    ) async throws -> [String] {
        let lines = Mutex<[String]>([])
        try await reports().write(name, clinic: clinic, format: format, period: period) { line in
            lines.withLock { $0.append(line) }
            return true
        }
        return lines.withLock(\.self)
    }

    @Test func everyViewAndColumnIsCommentedAndNamesItsClinic() async throws {
        try await Workbench.open { bench in
            try await bench.projector.catchUp()
            let all = try await reports().all()
            let owned = allProjections.filter { $0.reporting != nil }
            #expect(all.count > owned.count)
            for report in all {
                #expect(!report.comment.isEmpty, "\(report.name)")
                #expect(report.columns.contains { $0.name == "clinic" && $0.type == "text" }, "\(report.name)")
                for column in report.columns { #expect(!column.comment.isEmpty, "\(report.name).\(column.name)") }
            }
            for projection in allProjections { #expect(projection.reporting != nil, "\(projection.name) has no view for reports") }
        }
    }

    /// Least of all: names are in the one view that is named for them.
    @Test func theRoleReadsViewsAndNothingElse() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 91)
            try await bench.append(clinic.work(events: 120))
            try await bench.projector.catchUp()
            let role = try await Connection.connect(
                TestDatabase.current.settings.setting(user: "projections_tests_projector").setting(role: "dripline_reporting"),
                logger: .silent)
            for report in try await reports().all() { _ = try await role.query("SELECT count(*) FROM reporting.\(report.name)") }
            var closed = ["projections.checkpoints", "projections.models", "dripline.events", "dripline.record", "dripline.logs"]
            for projection in allProjections { closed += projection.tables.map { "\(projection.name).\($0.name)" } }
            for table in closed {
                let error = await #expect(throws: PostgresError.self, "\(table)") {
                    _ = try await role.query("SELECT count(*) FROM \(table)")
                }
                #expect(error?.sqlState == "42501", "\(table)")
            }
            await role.close()
            let name = try #require(try await bench.ledger.patients(matching: "", clinic: "hickory").first?.family)
            for report in try await reports().all() {
                let names = try await lines(report.name).contains { $0.contains(name) }
                #expect(names == (report.name == "patient_names"), "\(report.name)")
            }
        }
    }

    /// Views bind to tables by their identity: without being made anew they would go with the old tables.
    @Test func viewsAndWhatIsBuiltOnThemOutliveARebuild() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 92)
            try await bench.append(clinic.work(events: 200))
            try await bench.projector.catchUp()
            let names = try await reports().all().map(\.name)
            var before: [String: [String]] = [:]
            for name in names where name != "read_models" { before[name] = try await lines(name) }
            #expect(before["vitals"]?.isEmpty == false)
            try await bench.superuser.script("CREATE VIEW public.busy AS SELECT session, count(*) AS sets FROM reporting.vitals GROUP BY 1")
            try await bench.projector.rebuild()
            #expect(try await reports().all().map(\.name) == names)
            for name in names where name != "read_models" { #expect(try await lines(name) == before[name], "\(name)") }
            #expect(try await leftovers(bench).isEmpty, "no view holds the old tables")
            #expect(try await bench.superuser.query("SELECT FROM public.busy").isEmpty == false)
            // And they show the tables that serve, not others.
            try await bench.append(clinic.work(events: 60))
            try await bench.projector.catchUp()
            let shown = try await bench.superuser.query("SELECT count(*) FROM reporting.vitals").first?.value(0, as: Int64.self)
            let held = try await bench.superuser.query("SELECT count(*) FROM session_flowsheet.vitals WHERE NOT voided").first?.value(
                0, as: Int64.self)
            #expect(shown == held)
        }
    }

    /// Tables of another version have other columns: then the views are dropped and made, not replaced.
    @Test func viewsOfAnotherDefinitionAreMadeAnew() async throws {
        try await Workbench.open { bench in
            try await bench.projector.catchUp()
            let right = try await reports().all()
            try await bench.superuser.script(
                """
                DROP VIEW reporting.boluses, reporting.vitals;
                CREATE VIEW reporting.vitals AS SELECT clinic, 1 AS other FROM session_flowsheet.vitals;
                CREATE VIEW reporting.gone AS SELECT clinic FROM session_flowsheet.boluses;
                ALTER VIEW reporting.vitals OWNER TO dripline_projector; ALTER VIEW reporting.gone OWNER TO dripline_projector;
                GRANT SELECT ON session_flowsheet.vitals TO dripline_reporting;
                UPDATE projections.models SET reporting = 'another' WHERE name = 'session_flowsheet'
                """)
            try await bench.projector.catchUp()
            #expect(try await reports().all() == right)
            let open = try await bench.superuser.query(
                "SELECT has_table_privilege('dripline_reporting', 'session_flowsheet.vitals', 'SELECT')")
            #expect(try open.first?.value(0, as: Bool.self) == false)
        }
    }

    /// Whoever reads a report holds up the switch, and nothing else.
    @Test func aReportThatIsReadHoldsUpTheSwitchAndNotTheClinic() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 93)
            try await bench.append(clinic.work(events: 100))
            try await bench.projector.catchUp()
            let reader = try await TestDatabase.current.connect()
            try await reader.script("BEGIN; SELECT count(*) FROM reporting.vitals")
            let done = Flag()
            let rebuild = Task {
                defer { done.raise() }
                try await bench.projector.rebuild(["session_flowsheet"])
            }
            // It has come to the switch, and has given way at least once.
            try await bench.until {
                try await !bench.superuser.query("SELECT FROM pg_namespace WHERE nspname = 'session_flowsheet_next'").isEmpty
            }
            try await Task.sleep(for: Projector.viewPatience * 2)
            for _ in 0..<5 {
                try await bench.append(clinic.work(events: 10))
                try await bench.projector.catchUp()
                try await bench.ledger.waitForProjection(
                    SessionFlowsheet.self, of: Workbench.hickory, position: clinic.position, limit: .seconds(20))
            }
            #expect(!done.isRaised)
            await reader.close()
            try await rebuild.value
            let live = try await bench.tables()
            try await bench.cleanRun().expectEqual(live)
        }
    }

    @Test func csvAndJSONSayTheSame() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 94)
            try await bench.append(clinic.work(events: 150))
            try await bench.append(RandomClinic.founded(seed: 95, events: 40), to: Workbench.alder)
            try await bench.projector.catchUp()
            let (csv, json) = (try await lines("vitals", .csv), try await lines("vitals"))
            #expect(csv.count == json.count + 1)
            let head = try #require(csv.first).split(separator: ",").map(String.init)
            #expect(head.first == "clinic")
            for (line, object) in zip(csv.dropFirst(), json) {
                let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                let object = try JSON.parse(object)
                try #require(cells.count == head.count)
                for (name, cell) in zip(head, cells) {
                    switch object[name] {
                    case .string(let text)? where name.hasSuffix("_at"): #expect(Timestamp(rfc3339: text) == Timestamp(rfc3339: cell))
                    case .string(let text)?: #expect(cell == text)
                    case .null?, nil: #expect(cell == "")
                    case .bool(let bool)?: #expect(cell == (bool ? "true" : "false"))
                    case .number?: #expect(Double(cell) != nil)
                    default: Issue.record("\(name)")
                    }
                }
                #expect(object["clinic"] == "hickory")
            }
        }
    }

    @Test func aPeriodHasItsStartAndNotItsEnd() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 96)
            try await bench.append(clinic.work(events: 200))
            try await bench.projector.catchUp()
            let times = try await lines("vitals").map { line in
                try #require(try JSON.parse(line)["taken_at"]?.text.flatMap { Timestamp(rfc3339: $0) })
            }
            #expect(times == times.sorted())
            let (from, before) = (times[times.count / 4], times[times.count * 3 / 4])
            let some = try await lines("vitals", .json, ReportPeriod(from: from, before: before))
            #expect(some.count == times.count { $0 >= from && $0 < before })
            #expect(some.count > 0 && some.count < times.count)
            await #expect(throws: ReportError.self) { _ = try await lines("patient_name", .csv) }
            let unbounded = await #expect(throws: ReportError.self) {
                _ = try await lines("plain", .csv, ReportPeriod(from: from))
            }
            #expect("\(try #require(unbounded))".contains("There is no report 'plain'"))
        }
    }

    @Test func aReaderThatGoesAwayEndsIt() async throws {
        try await Workbench.open { bench in
            var clinic = RandomClinic(seed: 97)
            try await bench.append(clinic.work(events: 100))
            try await bench.projector.catchUp()
            let count = Mutex(0)
            let written = try await reports().write("vitals", clinic: Workbench.hickory, format: .csv) { _ in
                count.withLock { count in
                    count += 1
                    return count < 4
                }
            }
            #expect(written == 3)
            #expect(count.withLock(\.self) == 4, "the header and three rows")
        }
    }
}

extension RandomClinic {
    static func founded(seed: UInt64, events: Int) -> [AppendCommand] {
        var clinic = RandomClinic(seed: seed)
        return clinic.work(events: events)
    }
}
