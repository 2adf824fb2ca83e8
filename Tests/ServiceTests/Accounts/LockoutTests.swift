import Canonical
import Foundation
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Service

@Suite(.service, .serialized) struct LockoutTests {
    private let clinic = TestClinic()
    private let wrong = "wrong wrong wrong"

    private func withNurse(_ body: @Sendable @escaping (HTTPClient, Database) async throws -> Void) async throws {
        try await withService { [clinic] client, database async throws in
            try await clinic.record(clinic.founding, in: database)
            _ = try await database.accounts.add(clinic: clinic.name, staff: TestClinic.nurse, password: TestClinic.password)
            try await body(client, database)
        }
    }

    /// Pauses of a second may be over before a slow machine asks again.
    private static func prolongPauses() async throws {
        try await withSuperuser {
            try await $0.script(
                "UPDATE dripline.attempts SET locked_until = clock_timestamp() + interval '1 hour' WHERE locked_until > last_at + interval '0.5 s'"
            )
        }
    }

    @Test func failuresAreFollowedByPausesThatGrow() async throws {
        try await withNurse { [clinic, wrong] client, database async throws in
            let key = AttemptKey.account(clinic: clinic.name, staff: TestClinic.nurse)
            for _ in 0..<AttemptKey.Scope.account.allowance {
                #expect(try await Browser(client).signIn(TestClinic.nurse, wrong).status == 401)
            }
            try await Self.prolongPauses()
            // During the pause the right password isn't looked at either, and nothing is counted.
            for _ in 0..<2 {
                let refused = try await Browser(client).signIn(TestClinic.nurse, TestClinic.password)
                #expect(refused.status == 429 && (Int(refused.headers["retry-after"] ?? "") ?? 0) > 60)
                #expect(try refused.problem == "too-many-attempts")
            }
            var pauses: [Double] = []
            for _ in 0..<14 {
                try await withSuperuser {
                    try await $0.script("UPDATE dripline.attempts SET locked_until = clock_timestamp()")
                    try await database.accounts.store.begin([key])
                    let row = try await $0.query(
                        "SELECT extract(epoch FROM locked_until - last_at)::float8 FROM dripline.attempts WHERE scope = 'account'")
                    pauses.append(try #require(row.first).decode(Double.self).rounded())
                }
            }
            #expect(pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900])
            // Nobody is locked out for good: the operator lets them in, or an hour passes.
            try await database.accounts.setDisabled(false, clinic: clinic.name, staff: TestClinic.nurse)
            #expect(try await Browser(client).signIn(TestClinic.nurse, TestClinic.password).status == 200)
        }
    }

    /// Attempts at once don't slip past the count.
    @Test func manyGuessesAtOnceAreCounted() async throws {
        try await withNurse { [wrong] client, _ async throws in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await Browser(client).signIn(TestClinic.nurse, wrong).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 401 || $0 == 429 })
            // However long it took: each password that was looked at was counted.
            try await withSuperuser {
                let failures = try await $0.query("SELECT failures FROM dripline.attempts WHERE scope = 'account'")
                #expect(try failures.first?.decode(Int32.self) == Int32(statuses.count { $0 == 401 }))
            }
        }
    }

    @Test func strangersDoNotKeepOutWhoSignedInHereBefore() async throws {
        try await withNurse { [wrong] client, _ async throws in
            let own = Browser(client)
            #expect(try await own.signIn(TestClinic.nurse, TestClinic.password).status == 200)
            own.cookies["dripline"] = nil
            for _ in 0..<7 { _ = try await Browser(client).signIn(TestClinic.nurse, wrong) }
            try await Self.prolongPauses()
            #expect(try await Browser(client).signIn(TestClinic.nurse, TestClinic.password).status == 429)
            #expect(try await own.signIn(TestClinic.nurse, TestClinic.password).status == 200)
            // The mark is good for its account alone, and has a count of its own.
            #expect(try await own.signIn("f.desk", wrong).status == 401)
            for _ in 0..<5 { _ = try await own.signIn(TestClinic.nurse, wrong) }
            try await Self.prolongPauses()
            #expect(try await own.signIn(TestClinic.nurse, TestClinic.password).status == 429)
        }
    }

    /// An address is slowed down whichever accounts it tries, and one success does not wash it clean.
    @Test func anAddressIsCountedAcrossAccounts() async throws {
        try await withNurse { [wrong] client, _ async throws in
            for number in 0..<AttemptKey.Scope.address.allowance - 1 {
                #expect(try await Browser(client).signIn("guess.\(number)", wrong).status == 401)
            }
            #expect(try await Browser(client).signIn(TestClinic.nurse, TestClinic.password).status == 200)
            #expect(try await Browser(client).signIn("guess.again", wrong).status == 401)
            try await Self.prolongPauses()
            #expect(try await Browser(client).signIn("guess.more", wrong).status == 429)
        }
    }

    @Test func anAccountThatIsNotThereIsLockedAsWell() async throws {
        try await withNurse { [wrong] client, _ async throws in
            for _ in 0..<AttemptKey.Scope.account.allowance { _ = try await Browser(client).signIn("nobody", wrong) }
            try await Self.prolongPauses()
            #expect(try await Browser(client).signIn("nobody", wrong).status == 429)
        }
    }

    @Test func aPauseOutlivesTheProcess() async throws {
        try await withNurse { [wrong] client, _ async throws in
            for _ in 0..<AttemptKey.Scope.account.allowance + 1 { _ = try await Browser(client).signIn(TestClinic.nurse, wrong) }
            try await Self.prolongPauses()
            try await withDatabase { other in
                let proof = PasswordProof(clinic: "hickory", staff: TestClinic.nurse, password: TestClinic.password, code: nil)
                await #expect(throws: AccountError.self) {
                    _ = try await other.accounts.signIn(proof, client: ClientDescription(address: "192.0.2.1", agent: nil), device: nil)
                }
            }
        }
    }
}
