import Canonical
import Clinic
import Foundation
import Testing

@testable import Projections

@Suite struct ProjectionRowsTests {
    private func rows<P: Projection>(_: P.Type, _ dossier: Dossier) throws -> [[[String: String]]] {
        var sink = RowSink(P.tables)
        sink.open(dossier)
        try P.rows(of: dossier, into: &sink)
        return zip(P.tables, sink.rows).map { table, rows in
            rows.map { row in
                let values = row.map { value in value.map { "\($0)" } ?? "NULL" }
                return Dictionary(zip(["clinic", "stream"] + table.columns, values)) { first, _ in first }
            }
        }
    }

    @Test func aPatientIsOneRow() throws {
        let rows = try rows(PatientChart.self, Scenario().dossier(.patient(Scenario.patient)))
        #expect(rows[1].isEmpty)
        let row = try #require(rows[0].first)
        #expect(row["clinic"] == "elm" && row["stream"] == "patient/" + Scenario.patient.lowercase)
        #expect(row["family"] == "Moor" && row["given"] == #"["Ana", "Lu"]"# && row["birth_date"] == "1984-03-11")
        #expect(row["diagnosis_code"] == "1.3" && row["candidacy"] == "candidate" && row["consent"] == "signed")
        #expect(row["plan_sessions"] == "4" && row["events"] == "4" && row["corrections"] == "0" && row["last_position"] == "10")
    }

    @Test func aSessionIsOneRow() throws {
        let rows = try rows(PatientChart.self, Scenario.eventful().dossier())
        #expect(rows[0].isEmpty)
        let row = try #require(rows[1].first)
        #expect(row["state"] == "discharged" && row["number"] == "1" && row["weight_g"] == "61500" && row["given_ug"] == "10911")
        #expect(row["side_effects"] == "2" && row["worst_grade"] == "2" && row["corrections"] == "2" && row["events"] == "23")
    }

    @Test func anEmptyStreamHasNoRows() throws {
        for stream in [StreamID.patient(Scenario.patient), .session(Scenario.session), .clinic, .vial(Scenario.vial)] {
            let dossier = Dossier(clinic: "elm", stream: stream, history: History())
            #expect(try rows(PatientChart.self, dossier).allSatisfy(\.isEmpty))
            #expect(try rows(SessionFlowsheet.self, dossier).allSatisfy(\.isEmpty))
            #expect(try rows(DrugLedger.self, dossier).allSatisfy(\.isEmpty))
        }
    }

    @Test func vitalsCarryTheRateInForce() throws {
        let vitals = try rows(SessionFlowsheet.self, Scenario.eventful().dossier())[0]
        #expect(vitals.map(\.["rate_ug_per_h"]) == ["NULL", "18450", "24600", "24600", "0", "0", "NULL"])
        #expect(vitals.map(\.["heart_rate"]) == ["71.0", "72.0", "76.0", "72.0", "80.0", "72.0", "72.0"])
        #expect(vitals.map(\.["amended"]) == ["false", "false", "true", "false", "false", "false", "false"])
        #expect(vitals.map(\.["voided"]) == ["false", "false", "false", "true", "false", "false", "false"])
        #expect(vitals[0]["temperature_c"] == "36.6" && vitals[4]["spo2_percent"] == "NULL")
    }

    @Test func dosesAreWholeMicrograms() throws {
        let rows = try rows(SessionFlowsheet.self, Scenario.eventful().dossier())
        #expect(rows[1].map(\.["rate_ug_per_h"]) == ["18450", "24600", "0", "18450"])
        #expect(rows[1].map(\.["given_ug"]) == ["1640", "3348", "0", "923"])
        #expect(rows[1].map(\.["reason"]) == ["NULL", "titration", "side_effect", "resume"])
        #expect(rows[1].allSatisfy { $0["run"] == "1" && $0["ordered_by"] == "petra" })
        #expect(rows[2].map(\.["dose_ug"]) == ["5000"])
    }

    @Test func aRunningInfusionHasAnOpenSegment() throws {
        var scenario = Scenario()
        scenario.start("09:30", "20")
        scenario.vitals("09:45")
        let segments = try rows(SessionFlowsheet.self, scenario.dossier())[1]
        #expect(segments.map(\.["to_at"]) == ["NULL"])
        #expect(segments.map(\.["given_ug"]) == ["5000"], "up to the last fact")
    }

    @Test func sideEffectsCarryTheirEnd() throws {
        let effects = try rows(SessionFlowsheet.self, Scenario.eventful().dossier())[3]
        #expect(effects.map(\.["effect"]) == ["dissociation", "other"])
        #expect(effects.map(\.["resolved_by"]) == ["nia", "NULL"])
        #expect(effects.map(\.["grade"]) == ["2", "1"])
    }

    @Test func aVialIsOneRowAndItsMovementsARowEach() throws {
        let rows = try rows(DrugLedger.self, Scenario.accountedFor().vialDossier())
        let vial = try #require(rows[0].first)
        #expect(rows[0].count == 1)
        #expect(
            vial["drug"] == "ketamine" && vial["lot"] == "K-7" && vial["concentration_ug_per_ml"] == "50000" && vial["volume_ul"] == "2000")
        #expect(vial["received_ug"] == "100000" && vial["dispensed_ug"] == "20000" && vial["given_ug"] == "10000")
        #expect(vial["wasted_ug"] == "10000" && vial["expected_ug"] == "80000" && vial["counted_ug"] == "80000")
        #expect(vial["unexplained_ug"] == "0" && vial["sessions"] == "1" && vial["in_use"] == "false" && vial["counted_by"] == "nia")
        #expect(rows[1].map(\.["kind"]) == ["received", "dispensed", "given", "wasted", "counted"])
        #expect(rows[1].map(\.["in_ug"]) == ["100000", "0", "0", "0", "0"])
        #expect(rows[1].map(\.["out_ug"]) == ["0", "0", "10000", "10000", "0"])
        #expect(rows[1].map(\.["balance_ug"]) == ["100000", "100000", "90000", "80000", "80000"])
        #expect(rows[1].map(\.["unexplained_ug"]) == ["NULL", "NULL", "NULL", "NULL", "0"])
        #expect(rows[1].map(\.["witness"]) == ["NULL", "NULL", "NULL", "ada", "ada"])
    }

    @Test func verdictsAreOneRowARule() throws {
        let rows = try rows(Compliance.self, Scenario.eventful().dossier())[0]
        #expect(rows.map(\.["rule"]) == RuleSet.rules.filter { $0.streams.contains(.session) }.map(\.id))
        let gap = try #require(rows.first)
        #expect(gap["verdict"] == "fail" && gap["session_number"] == "1" && gap["deciding_positions"] == "[25, 27]")
        #expect(gap["policy_version"] == "2026-1" && gap["rule_set"] == "2026-11.2")
    }

    @Test func theDefinitionsMakeTheTablesThatTheRowsAreFor() {
        check(PatientChart.self)
        check(SessionFlowsheet.self)
        check(Compliance.self)
        check(DrugLedger.self)
        check(Outcomes.self)
    }

    /// Each table's columns stand in the SQL in the order of the rows, after clinic and stream, and each has a comment.
    private func check<P: Projection>(_: P.Type) {
        let sql = String(decoding: P.definition, as: UTF8.self)
        for table in P.tables {
            let body =
                sql.split(separator: "CREATE TABLE \(table.name) (", maxSplits: 1).last?.split(separator: "\n);", maxSplits: 1).first ?? ""
            let columns = body.split(separator: "\n").filter {
                $0.hasPrefix("    ") && !$0.hasPrefix("     ") && !$0.contains("PRIMARY KEY")
            }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
            #expect(columns == ["clinic", "stream"] + table.columns, "\(P.name).\(table.name)")
            for column in columns { #expect(sql.contains("COMMENT ON COLUMN \(table.name).\(column) IS '"), "\(table.name).\(column)") }
            #expect(sql.contains("COMMENT ON TABLE \(table.name) IS '"))
        }
    }
}
