import Canonical
import Foundation
import Postgres

/// What a session or a token that is good now stands for.
struct FoundCredential: Sendable {
    let id: UUID
    let isSession: Bool
    let account: UUID
    let clinic: String
    let staff: String
    /// Tokens only: the most that it may do.
    let roles: [String]?
    let authenticatedAt: Timestamp?
    /// The clinic stream's version: whether staff have changed since they were last read.
    let clinicVersion: Int64
    /// How long it was good for when it was read, if nothing happens: until it expires, or its session has been idle for too long.
    let remaining: Duration
}

/// Looks credentials up in the database, where the cache does not know them from a moment ago. While one statement is under way, the requests that come
/// gather, and the next takes them all: under load a lookup costs a share of a statement.
actor CredentialLookup {
    private let store: AccountStore
    private let idle: Duration
    private var waiting: [[UInt8]: [CheckedContinuation<Result<FoundCredential?, AccountError>, Never>]] = [:]
    /// Those of them whose last use is now.
    private var used: Set<[UInt8]> = []
    private var waiters = 0
    private var running = 0

    /// Statements at once.
    static let maximumRunning = 2
    /// Requests that wait.
    static let maximumWaiters = 8192
    /// Credentials in one statement.
    static let maximumBatch = 512
    /// How exactly the last use of a credential is kept, in seconds: not every request is to write.
    static let useResolution: Double = 60

    init(_ store: AccountStore, idle: Duration) {
        self.store = store
        self.idle = idle
    }

    /// Nil where the credential is unknown, expired or revoked, or its account is off.
    /// - Parameter isUse: whether somebody does something with it: that keeps a session from ending idle.
    nonisolated func find(_ secret: AccountSecret, isUse: Bool) async throws(AccountError) -> FoundCredential? {
        let digest = secret.digest
        if let known = store.cache.find(digest) { return known }
        store.watch.start()
        return try await lookUp(digest, isUse: isUse)
    }

    private func lookUp(_ digest: [UInt8], isUse: Bool) async throws(AccountError) -> FoundCredential? {
        guard waiters < Self.maximumWaiters else { throw .busy }
        waiters += 1
        if isUse { used.insert(digest) }
        defer { waiters -= 1 }
        let result = await withCheckedContinuation { continuation in
            waiting[digest, default: []].append(continuation)
            startIfPossible()
        }
        return try result.get()
    }

    private func startIfPossible() {
        guard running < Self.maximumRunning, !waiting.isEmpty else { return }
        running += 1
        Task { await self.work() }
    }

    private func work() async {
        while !waiting.isEmpty {
            var batch: [[UInt8]: [CheckedContinuation<Result<FoundCredential?, AccountError>, Never>]] = [:]
            for (digest, continuations) in waiting.prefix(Self.maximumBatch) {
                batch[digest] = continuations
                waiting[digest] = nil
            }
            let touched = used.intersection(batch.keys)
            used.subtract(touched)
            let found: Result<[[UInt8]: FoundCredential], AccountError>
            do {
                found = .success(try await look(Array(batch.keys), touching: touched))
            } catch {
                found = .failure(error)
            }
            for (digest, continuations) in batch {
                for continuation in continuations { continuation.resume(returning: found.map { $0[digest] }) }
            }
        }
        running -= 1
    }

    private func look(_ digests: [[UInt8]], touching touched: Set<[UInt8]>) async throws(AccountError) -> [[UInt8]: FoundCredential] {
        let sql = """
            WITH found AS ( \
                SELECT s.secret, s.session AS id, true AS is_session, s.account, NULL::text[] AS roles, s.authenticated_at, \
                    least(s.expires_at, s.last_used_at + make_interval(secs => $2)) AS ends_at, \
                    s.last_used_at < clock_timestamp() - make_interval(secs => $3) AS is_stale \
                FROM dripline.sessions s WHERE s.secret = ANY ($1) AND s.ended_at IS NULL AND s.expires_at > clock_timestamp() \
                    AND s.last_used_at > clock_timestamp() - make_interval(secs => $2) \
                UNION ALL \
                SELECT t.secret, t.token, false, t.account, t.roles, NULL, t.expires_at, \
                    coalesce(t.last_used_at < clock_timestamp() - make_interval(secs => $3), true) \
                FROM dripline.tokens t WHERE t.secret = ANY ($1) AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp()) \
            SELECT f.secret, f.id, f.is_session, f.account, a.clinic, a.staff, f.roles, f.authenticated_at, f.is_stale, coalesce(( \
                SELECT e.version FROM dripline.logs l JOIN dripline.events e ON e.log_id = l.log_id AND e.stream = 'clinic' \
                WHERE l.clinic = a.clinic AND l.log = 'record' ORDER BY e.version DESC LIMIT 1), 0), \
                extract(epoch FROM f.ends_at - clock_timestamp())::double precision \
            FROM found f JOIN dripline.accounts a USING (account) WHERE a.disabled_at IS NULL
            """
        var stale: [[UInt8]] = []
        var isKeepable = true
        let (epoch, time) = (store.cache.epoch, ContinuousClock.now)
        let found = try await store.unchangedRows(sql, [digests, Double(idle.wholeSeconds), Self.useResolution]) { row in
            let (digest, id, isSession, account, clinic, staff, roles, authenticatedAt, isStale, version, remaining) = try row.decode(
                [UInt8].self, UUID.self, Bool.self, UUID.self, String.self, String.self, [String]?.self, SQLTimestamp?.self, Bool.self,
                Int64.self, Double.self)
            // Its next use is to be written down: it is kept once it has been.
            if isStale { isKeepable = false }
            if isStale, touched.contains(digest) { stale.append(digest) }
            let credential = FoundCredential(
                id: id, isSession: isSession, account: account, clinic: clinic, staff: staff, roles: roles,
                authenticatedAt: authenticatedAt.map { Timestamp(microseconds: $0.microseconds) }, clinicVersion: version,
                remaining: .seconds(max(0, remaining)))
            return (digest, credential)
        }
        let credentials = Dictionary(found) { first, _ in first }
        if isKeepable { store.cache.keep(credentials, readIn: epoch, at: time) }
        if !stale.isEmpty { try await touch(stale) }
        return credentials
    }

    private func touch(_ digests: [[UInt8]]) async throws(AccountError) {
        for table in ["sessions", "tokens"] {
            try await store.execute(
                """
                UPDATE dripline.\(table) SET last_used_at = clock_timestamp() WHERE secret IN ( \
                    SELECT secret FROM dripline.\(table) WHERE secret = ANY ($1) \
                    AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - make_interval(secs => $2)) FOR UPDATE SKIP LOCKED)
                """, [digests, Self.useResolution])
        }
    }
}
