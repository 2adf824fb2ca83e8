import Canonical
import Clinic
import Foundation
import Logging
import Postgres
import TestSupport
import Testing

@testable import Service

@Suite struct CredentialCacheTests {
    private let found = FoundCredential(
        id: UUID(), isSession: false, account: UUID(), clinic: "hickory", staff: "n.nurse", roles: nil, authenticatedAt: nil,
        clinicVersion: 1, remaining: .seconds(3600))

    @Test func keepsNothingWhileNobodyHears() {
        let cache = CredentialCache(lifetime: .seconds(60))
        cache.keep([[1]: found], readIn: cache.epoch, at: .now)
        #expect(cache.find([1]) == nil)
        cache.hears(true)
        cache.keep([[1]: found], readIn: cache.epoch, at: .now)
        #expect(cache.find([1])?.id == found.id)
        cache.hears(false)
        #expect(cache.find([1]) == nil)
    }

    @Test func keepsNothingThatWasReadBeforeAChange() {
        let cache = CredentialCache(lifetime: .seconds(60))
        cache.hears(true)
        let epoch = cache.epoch
        cache.forgetAll()
        cache.keep([[1]: found], readIn: epoch, at: .now)
        #expect(cache.find([1]) == nil)
    }

    @Test func keepsNothingForLong() {
        let cache = CredentialCache(lifetime: .milliseconds(100))
        cache.hears(true)
        cache.keep([[1]: found], readIn: cache.epoch, at: .now - .milliseconds(101))
        #expect(cache.find([1]) == nil)
    }

    @Test func keepsNothingThatIsOver() {
        let cache = CredentialCache(lifetime: .seconds(60))
        let over = FoundCredential(
            id: UUID(), isSession: true, account: UUID(), clinic: "hickory", staff: "n.nurse", roles: nil, authenticatedAt: nil,
            clinicVersion: 1, remaining: .milliseconds(100))
        cache.hears(true)
        cache.keep([[1]: over], readIn: cache.epoch, at: .now - .milliseconds(101))
        #expect(cache.find([1]) == nil)
    }

    /// Looking one up is no change: it once emptied what it was about to fill, and every request asked the database.
    @Test(.service) func whatWasLookedUpIsKept() async throws {
        let clinic = TestClinic()
        try await withDatabase { database async throws in
            try await clinic.record(clinic.founding, in: database)
            let text = try await database.accounts.newToken(
                clinic: clinic.name, staff: TestClinic.nurse, roles: [.nurse], name: "pump", lifetime: .seconds(3600)
            ).text
            let secret = try #require(AccountSecret(text))
            let limit = ContinuousClock.now + .seconds(30)
            // The first use is written down, and listening starts with it.
            while database.accounts.store.cache.find(secret.digest) == nil, ContinuousClock.now < limit {
                #expect(try await database.accounts.principal(of: secret) != nil)
            }
            #expect(database.accounts.store.cache.find(secret.digest) != nil)
        }
    }

    /// Each of these ends a credential, or what it may do, in another process: it is heard of long before what is kept would have expired.
    @Test(
        .service,
        arguments: [
            "UPDATE dripline.tokens SET revoked_at = clock_timestamp()", "UPDATE dripline.tokens SET expires_at = clock_timestamp()",
            "UPDATE dripline.accounts SET disabled_at = clock_timestamp()",
            "UPDATE dripline.sessions SET ended_at = clock_timestamp(), end_reason = 'revoked'", "DELETE FROM dripline.sessions",
        ])
    func changesAreHeardOf(_ change: String) async throws {
        try await expectHeard { try await withSuperuser { try await $0.script(change) } }
    }

    @Test(.service) func staffThatChangesIsHeardOf() async throws {
        let clinic = TestClinic()
        try await expectHeard {
            try await withDatabase { other async throws in try await clinic.record(clinic.founding, in: other) }
        }
    }

    private func expectHeard(_ change: () async throws -> Void) async throws {
        let cache = CredentialCache(lifetime: .seconds(3600))
        let watch = CredentialWatch(TestDatabase.current.settings, cache: cache, logger: .init(label: "test"))
        watch.start()
        var kept = false
        while !kept {
            try await Task.sleep(for: .milliseconds(5))
            cache.keep([[1]: found], readIn: cache.epoch, at: .now)
            kept = cache.find([1]) != nil
        }
        try await change()
        let limit = ContinuousClock.now + .seconds(30)
        while cache.find([1]) != nil, ContinuousClock.now < limit { try await Task.sleep(for: .milliseconds(5)) }
        #expect(cache.find([1]) == nil)
        await watch.close()
    }

    /// That a token was used is written down now and then, and is no change.
    @Test(.service) func useIsNoChange() async throws {
        let connection = try await TestDatabase.current.connect()
        try await connection.execute("LISTEN \(CredentialWatch.channel)")
        try await withSuperuser {
            try await $0.script("UPDATE dripline.tokens SET last_used_at = clock_timestamp()")
            try await $0.script("NOTIFY \(CredentialWatch.channel), 'end'")
        }
        #expect(try await connection.nextNotification(timeoutMilliseconds: 30_000)?.payload == "end")
        await connection.close()
    }
}
