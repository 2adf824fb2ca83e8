import Foundation
import TestSupport
import Testing

@testable import Postgres

@Suite(.database) struct PostgresErrorTests {
    private func failure(_ sql: String, _ parameters: [(any SQLValue)?] = []) async throws -> PostgresError {
        let connection = try await TestDatabase.current.connect()
        try await connection.script(
            """
            CREATE TABLE IF NOT EXISTS patient (
                mrn text CONSTRAINT patient_mrn_key UNIQUE, weight integer CONSTRAINT weight_check CHECK (weight > 0), x int NOT NULL);
            INSERT INTO patient VALUES ('Hopper', 60, 1) ON CONFLICT DO NOTHING
            """)
        return try #require(await #expect(throws: PostgresError.self) { try await connection.query(sql, parameters) })
    }

    @Test func constraintsAreNamed() async throws {
        let error = try await failure("INSERT INTO patient VALUES ($1, 1, 1)", ["Hopper"])
        #expect(error.sqlState == "23505" && error.isUniqueViolation && error.isConstraintViolation)
        #expect(error.constraint == "patient_mrn_key" && error.table == "patient" && error.schema == "public")
        #expect(!error.isRetryable && !error.isConnectionFailure && !error.resultUnknown)
        let missing = try await failure("SELECT 1 FROM nowhere")
        #expect(missing.sqlState == "42P01" && missing.message == "relation \"nowhere\" does not exist")
    }

    /// Whatever the server quotes, no description holds it; the detail on request does.
    @Test(arguments: [
        "INSERT INTO patient VALUES ('Hopper', 1, 1)",
        "INSERT INTO patient VALUES ('Hopper', -1, 1)",
        "INSERT INTO patient VALUES ('Hopper', 1, NULL)",
        "SELECT 'Hopper'::integer",
        "SELECT 'Hopper'::timestamptz",
        "SELECT '\"Hopper'::json",
        "SELECT 'Hopper'::uuid",
        "SELECT Hopper SELECT Hopper",
    ])
    func descriptionsHoldNoValues(_ sql: String) async throws {
        let error = try await failure(sql)
        var dumped = ""
        dump(error, to: &dumped)
        for text in ["\(error)", String(reflecting: error), error.message, dumped, "\([error])", error.localizedDescription] {
            #expect(!text.contains("Hopper"))
        }
        #expect(error.sensitiveDetail?.contains("Hopper") == true)
        #expect(error.description.contains("SQLSTATE \(error.sqlState)"))
    }

    @Test func parametersAreNotQuoted() async throws {
        let error = try await failure("SELECT $1::text::integer", ["Grace \"Hopper\""])
        #expect(error.message == "invalid input syntax for type integer: \"…\"" || !error.message.contains("Grace"))
        #expect(!error.description.contains("Hopper"))
    }

    @Test func classesOfErrors() {
        func error(_ state: String, unknown: Bool = false) -> PostgresError {
            PostgresError(sqlState: state, message: "", resultUnknown: unknown)
        }
        #expect(error("40001").isRetryable && error("40P01").isRetryable)
        #expect(!error("40001", unknown: true).isRetryable)
        #expect(error("08006").isConnectionFailure && error("57P01").isConnectionFailure && error("57P03").isConnectionFailure)
        #expect(!error("57014").isConnectionFailure && error("57014").isCancelled)
        #expect(!error("23505").isRetryable)
    }

    @Test func whatStandsBetweenQuotesGoesFromDataErrors() {
        let kept = "duplicate key value violates unique constraint \"k\""
        #expect(PostgresError.withoutValues(kept, sqlState: "23505") == kept)
        #expect(PostgresError.withoutValues("value \"a\"b\" is out of range", sqlState: "22003") == "value \"…\" is out of range")
        #expect(PostgresError.withoutValues("division by zero", sqlState: "22012") == "division by zero")
    }
}
