import Foundation
import TestSupport
import Testing

@testable import Postgres

/// The embedded server, each test with one of its own. Serialized, since each cluster takes some 40 MB.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PostgresServerTests {
    private static let quick = ServerConfiguration(durable: false, settings: ["shared_buffers": "16MB"])

    /// What is committed outlives a killed server, though not a power cut.
    private static let keepsCommits = ServerConfiguration(durable: false, settings: ["synchronous_commit": "on"])

    private func start(_ directory: String, _ configuration: ServerConfiguration = quick) async throws -> PostgresServer {
        try await PostgresServer.start(dataDirectory: directory, configuration: configuration, logger: .silent)
    }

    private func withConnection<T: Sendable>(_ server: PostgresServer, _ body: (Connection) async throws -> T) async throws -> T {
        let connection = try await Connection.connect(server.settings(), logger: .silent)
        let value = try await body(connection)
        await connection.close()
        return value
    }

    private func postmaster(_ server: PostgresServer) throws -> Postmaster {
        try #require(Postmaster(cluster: server.starter.files.cluster))
    }

    @Test func startsWithTheSettingsThatKeepData() async throws {
        try await TemporaryDirectory.with { directory in
            let server = try await PostgresServer.start(dataDirectory: directory + "/new/data", logger: .silent)
            #expect(server.startedHere)
            let shown = try await withConnection(server) { connection in
                try await connection.query(
                    """
                    SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums',
                        'listen_addresses', 'server_encoding', 'lc_collate', 'unix_socket_permissions') ORDER BY name COLLATE "C"
                    """
                ).map { try $0.decode(String.self, String.self) }
            }
            #expect(
                shown.map { "\($0.0)=\($0.1)" } == [
                    "data_checksums=on", "fsync=on", "full_page_writes=on", "lc_collate=C", "listen_addresses=", "server_encoding=UTF8",
                    "synchronous_commit=on", "unix_socket_permissions=0700",
                ])
            var status = stat()
            #expect(stat(server.socketDirectory, &status) == 0 && status.st_mode & 0o777 == 0o700)
            #expect(stat(server.starter.files.cluster, &status) == 0 && status.st_mode & 0o777 == 0o700)
            if geteuid() == 0 { #expect(status.st_uid != 0) }
            try await server.stop()
        }
    }

    @Test func theLastUserStopsIt() async throws {
        try await TemporaryDirectory.with { directory in
            try await TestCluster.shared.copyCluster(to: directory)
            let first = try await start(directory)
            try await withConnection(first) { try await $0.script("CREATE TABLE kept AS SELECT 42 AS n") }
            let second = try await start(directory)
            #expect(first.startedHere && !second.startedHere)
            let running = try postmaster(first)
            try await first.stop()
            try await first.stop()
            #expect(running.isRunning(in: directory + "/postgres"))
            #expect(try await withConnection(second) { try await $0.query("SELECT n FROM kept").only().decode(Int.self) } == 42)
            try await second.stop()
            #expect(!running.isRunning(in: directory + "/postgres"))

            let third = try await start(directory)
            #expect(third.startedHere)
            #expect(try await withConnection(third) { try await $0.query("SELECT n FROM kept").only().decode(Int.self) } == 42)
            try await third.stop()
        }
    }

    @Test func aCancelledTaskStopsItToo() async throws {
        try await TemporaryDirectory.with { directory in
            try await TestCluster.shared.copyCluster(to: directory)
            let server = try await start(directory)
            let running = try postmaster(server)
            try await Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await server.stop()
            }.value
            #expect(!running.isRunning(in: directory + "/postgres"))
        }
    }

    @Test func aCancelledStartLeavesNothingRunning() async throws {
        try await TemporaryDirectory.with { directory in
            try await TestCluster.shared.copyCluster(to: directory)
            let starting = Task { try await start(directory) }
            var running: Postmaster?
            while running == nil {
                running = Postmaster(cluster: directory + "/postgres")
                await Task.yield()
            }
            starting.cancel()
            // The start may have been through before it was told; then it is stopped in the usual way.
            if case .success(let server) = await starting.result { try await server.stop() }
            while let running, running.isRunning(in: directory + "/postgres") { await Task.yield() }
            let again = try await start(directory)
            #expect(again.startedHere)
            try await again.stop()
        }
    }

    @Test func anotherProcessKeepsItRunning() async throws {
        try await TemporaryDirectory.with { directory in
            try await TestCluster.shared.copyCluster(to: directory)
            let server = try await start(directory)
            let other = try ChildProcess.start(
                [
                    "/usr/bin/flock", "--shared", "--nonblock", server.starter.files.users, "/bin/sh", "-c",
                    "touch \(directory)/held; sleep 600",
                ],
                environment: ["PATH": "/usr/bin:/bin"])
            while access(directory + "/held", F_OK) != 0 { await Task.yield() }
            let running = try postmaster(server)
            try await server.stop()
            #expect(running.isRunning(in: directory + "/postgres"))
            // The other one is killed and can stop nothing; the next user takes the running server over, and stops it.
            kill(-other.processID, SIGKILL)
            _ = await other.wait()
            let next = try await start(directory)
            #expect(!next.startedHere)
            try await next.stop()
            #expect(!running.isRunning(in: directory + "/postgres"))
        }
    }

    @Test func manyStartersMakeOneCluster() async throws {
        try await TemporaryDirectory.with { directory in
            let servers = try await withThrowingTaskGroup { group in
                for _ in 0..<6 { group.addTask { try await start(directory) } }
                return try await group.reduce(into: [PostgresServer]()) { $0.append($1) }
            }
            #expect(servers.filter(\.startedHere).count == 1)
            #expect(Set(try servers.map { try postmaster($0).processID }).count == 1)
            try await withThrowingTaskGroup { group in
                for server in servers { group.addTask { try await server.stop() } }
                try await group.waitForAll()
            }
            #expect(Postmaster(cluster: directory + "/postgres") == nil)
        }
    }

    @Test func aKilledServerIsRecovered() async throws {
        try await TemporaryDirectory.with { directory in
            try await TestCluster.shared.copyCluster(to: directory)
            let first = try await start(directory, Self.keepsCommits)
            try await withConnection(first) { try await $0.script("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n") }
            let victim = try postmaster(first)
            kill(victim.processID, SIGKILL)
            let second = try await start(directory, Self.keepsCommits)
            #expect(try postmaster(second).processID != victim.processID)
            #expect(try await withConnection(second) { try await $0.query("SELECT count(*) FROM kept").only().decode(Int.self) } == 1000)
            try await second.stop()
            try await first.stop()
        }
    }

    @Test func aPoolOutlivesAKilledServer() async throws {
        try await TemporaryDirectory.with { directory in
            try await TestCluster.shared.copyCluster(to: directory)
            let server = try await start(directory, Self.keepsCommits)
            let pool = Pool(settings: server.settings(), limit: 2, waitLimit: .seconds(120), logger: .silent)
            try await pool.withConnection { try await $0.script("CREATE TABLE kept (n int)") }
            kill(try postmaster(server).processID, SIGKILL)
            // The borrower comes while nobody serves, and waits for the server that comes back.
            let borrowed = Task {
                while true {
                    do {
                        return try await pool.withConnection { try await $0.query("SELECT count(*) FROM kept").only().decode(Int.self) }
                    } catch let error as PostgresError where error.isConnectionFailure {
                        // A session that outlived its server for a moment.
                    }
                }
            }
            let again = try await start(directory, Self.keepsCommits)
            #expect(try await borrowed.value == 0)
            await pool.close()
            try await again.stop()
            try await server.stop()
        }
    }

    @Test func aStaleProcessNumberOfSomebodyElseDoesNotStopIt() async throws {
        try await TemporaryDirectory.with { directory in
            try await TestCluster.shared.copyCluster(to: directory)
            let first = try await start(directory)
            try await first.stop()
            let file = directory + "/postgres/postmaster.pid"
            try "\(getpid())\n\(directory)/postgres\n0\n5432\n\(directory)/socket\n\n\nready   \n".write(
                toFile: file, atomically: false, encoding: .utf8)
            let second = try await start(directory)
            #expect(second.startedHere)
            try await second.stop()
        }
    }

    @Test func anUnfinishedClusterIsMadeAnew() async throws {
        try await TemporaryDirectory.with { directory in
            let half = directory + "/postgres.initdb-0000"
            try FileManager.default.createDirectory(atPath: half + "/base", withIntermediateDirectories: true)
            try "15\n".write(toFile: half + "/PG_VERSION", atomically: false, encoding: .utf8)
            let server = try await start(directory)
            #expect(access(half, F_OK) != 0)
            try await server.stop()
        }
    }

    @Test func aLongPathHasItsSocketElsewhere() async throws {
        try await TemporaryDirectory.with { directory in
            let long = directory + "/" + String(repeating: "x", count: 100)
            let server = try await start(long)
            #expect(!server.socketDirectory.hasPrefix(long) && ServerFiles.socketFits(server.socketDirectory))
            let second = try await start(long)
            #expect(second.socketDirectory == server.socketDirectory)
            #expect(try await withConnection(second) { try await $0.query("SELECT 1").count } == 1)
            try await second.stop()
            try await server.stop()
            #expect(access(server.socketDirectory, F_OK) != 0)
        }
    }

    @Test func oddPathsWork() async throws {
        try await TemporaryDirectory.with { directory in
            let server = try await start(directory + "/it's, a \"b\\c\" d")
            #expect(try await withConnection(server) { try await $0.query("SELECT 1").count } == 1)
            try await server.stop()
        }
    }

    @Test func anotherMajorVersionIsExplained() async throws {
        try await TemporaryDirectory.with { directory in
            let user = try ServerUser.current()
            try user.makePrivateDirectory(directory + "/postgres")
            try "9\n".write(toFile: directory + "/postgres/PG_VERSION", atomically: false, encoding: .utf8)
            let error = await #expect(throws: PostgresServerError.self) { try await start(directory) }
            #expect(error?.kind == .otherVersion && error?.description.contains("PostgreSQL 9") == true)
        }
    }

    @Test func aStrangeDirectoryIsNotTouched() async throws {
        try await TemporaryDirectory.with { directory in
            try ServerUser.current().makePrivateDirectory(directory + "/postgres")
            try "mine".write(toFile: directory + "/postgres/letter.txt", atomically: false, encoding: .utf8)
            let error = await #expect(throws: PostgresServerError.self) { try await start(directory) }
            #expect(error?.description.contains("\(directory)/postgres is not a PostgreSQL data directory") == true)
            #expect(access(directory + "/postgres/letter.txt", F_OK) == 0)
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func aDirectoryOutOfReachOfTheServersUserIsNamed() async throws {
        try await TemporaryDirectory.with { directory in
            let closed = directory + "/closed"
            try FileManager.default.createDirectory(
                atPath: closed, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            let error = await #expect(throws: PostgresServerError.self) { try await start(closed + "/data") }
            #expect(error?.kind == .unreachable)
            #expect(error?.description.contains("who can't enter \(closed): choose") == true)
            #expect(PostgresServer.defaultDataDirectory(environment: ["XDG_DATA_HOME": closed]) == "/var/lib/dripline")
        }
    }

    @Test(.enabled(if: geteuid() != 0)) func aDirectoryThatCannotBeMadeIsNamed() async throws {
        let error = await #expect(throws: PostgresServerError.self) { try await start("/proc/dripline") }
        #expect(error?.kind == .unreachable && error?.description.contains("/proc/dripline") == true)
    }

    @Test func theDefaultDirectory() {
        let given = PostgresServer.defaultDataDirectory(environment: ["XDG_DATA_HOME": "/tmp", "HOME": "/nowhere"])
        #expect(given == "/tmp/dripline")
    }

    /// A commit that waits for a standby and is told not to: it stands here, perhaps nowhere else, and the server says only WARNING.
    @Test func aWaitForAStandbyThatIsCutShortIsUnknown() async throws {
        try await TemporaryDirectory.with { directory in
            try await TestCluster.shared.copyCluster(to: directory)
            let server = try await start(
                directory, ServerConfiguration(durable: false, settings: ["synchronous_standby_names": "nobody"]))
            let connection = try await Connection.connect(server.settings(), logger: .silent)
            let observer = try await Connection.connect(server.settings(), logger: .silent)
            // The checkpointer tells the others that there are standbys to wait for; after a checkpoint it has.
            try await connection.script("CREATE TABLE kept (n int)")
            try await connection.script("CHECKPOINT")
            try await connection.script("SET synchronous_commit = on")
            let write = Task {
                try await connection.transaction { connection in try connection.execute("INSERT INTO kept VALUES (1)") }
            }
            while try await observer.query(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            ).isEmpty {}
            let error = await #expect(throws: PostgresError.self) { _ = try await write.value }
            #expect(error?.resultUnknown == true && error?.sqlState == "40003" && error?.isRetryable == false)
            #expect(try await observer.query("SELECT n FROM kept").count == 1)
            await connection.close()
            await observer.close()
            try await server.stop()
        }
    }
}
