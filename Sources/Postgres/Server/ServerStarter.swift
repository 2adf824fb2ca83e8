import Foundation
import Logging

/// Brings the server of one data directory up and down. Everything here happens while the directory's lock is held.
struct ServerStarter: Sendable {
    let files: ServerFiles
    let user: ServerUser
    let configuration: ServerConfiguration
    let logger: Logger

    private static let limitSeconds = 60

    init(dataDirectory: String, configuration: ServerConfiguration, logger: Logger) throws {
        user = try ServerUser.current()
        let absolute = URL(filePath: dataDirectory).standardizedFileURL.path
        files = ServerFiles(data: try Self.makeDataDirectory(absolute, for: user))
        self.configuration = configuration
        self.logger = logger
    }

    /// Root's server user must be able to pass through; otherwise the directory is for its owner alone.
    private static func makeDataDirectory(_ path: String, for user: ServerUser) throws -> String {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: user.isDropped ? 0o711 : 0o700])
        } catch {
            throw PostgresServerError(
                .unreachable, "the data directory \(path) can't be made: \(error.localizedDescription); choose another with --data")
        }
        guard let real = realpath(path, nil) else { throw ServerUser.cantMake(path) }
        defer { free(real) }
        let resolved = String(cString: real)
        if let blocking = user.blockingDirectory(onTheWayTo: resolved) {
            throw PostgresServerError(
                .unreachable,
                "the database server runs as the user \(user.name), who can't enter \(blocking): choose a data directory that can be reached "
                    + "(such as /var/lib/dripline), or allow it with chmod o+x \(blocking)")
        }
        guard access(resolved, W_OK) == 0 else { throw ServerUser.cantMake(resolved) }
        return resolved
    }

    func start() async throws -> PostgresServer {
        let lock = try await FileLock.take(files.lock, .exclusive)
        defer { withExtendedLifetime(lock) {} }
        files.removeUnfinished()
        let major = try files.clusterMajor(for: user)
        let binaries = try ServerBinaries.find(major: major, path: ProcessInfo.processInfo.environment["PATH"] ?? "")
        if major == nil { try await initialise(binaries) }
        do {
            return try await attach(started: try await run(binaries))
        } catch {
            // What was started and can't be used, or is not wanted any more, does not stay behind, unless another process uses it.
            if let nobody = try FileLock.attempt(files.users, .exclusive) {
                try? await Task { try await stop() }.value
                withExtendedLifetime(nobody) {}
            }
            throw error
        }
    }

    private func attach(started: Bool) async throws -> PostgresServer {
        guard let postmaster = Postmaster(cluster: files.cluster) else {
            throw PostgresServerError(.failed, "the database server stopped right after its start; see \(files.log)")
        }
        try await makeDatabase(postmaster.socketDirectory)
        guard let use = try FileLock.attempt(files.users, .shared) else {
            throw PostgresServerError(.failed, "\(files.users) is locked by another program")
        }
        return PostgresServer(starter: self, socketDirectory: postmaster.socketDirectory, startedHere: started, use: use)
    }

    /// Makes the cluster beside its place and renames it when it is whole, so that a killed `initdb` leaves nothing that looks finished.
    private func initialise(_ binaries: ServerBinaries) async throws {
        let unfinished = files.newUnfinished()
        try user.makePrivateDirectory(unfinished)
        logger.info("making a PostgreSQL data directory", metadata: ["directory": "\(files.cluster)"])
        // C orders by code point everywhere, whatever the machine's locale; C.UTF-8 knows the letters beyond ASCII.
        var (ending, output) = try await initdb(binaries, unfinished, ["--lc-ctype=C.UTF-8"])
        if ending != .exited(0), output.contains("locale") {
            try? FileManager.default.removeItem(atPath: unfinished)
            try user.makePrivateDirectory(unfinished)
            (ending, output) = try await initdb(binaries, unfinished, [])
        }
        guard ending == .exited(0) else {
            try? FileManager.default.removeItem(atPath: unfinished)
            throw PostgresServerError(.failed, "initdb failed for \(files.cluster): \(Self.lastLines(output))")
        }
        let file = unfinished + "/postgresql.conf"
        let own = try String(contentsOfFile: file, encoding: .utf8)
        try Data((own + "\ninclude 'dripline.conf'\n").utf8).write(to: URL(filePath: file))
        try user.own(file)
        ServerFiles.sync(unfinished)
        guard rename(unfinished, files.cluster) == 0 else { throw ServerUser.cantMake(files.cluster) }
        ServerFiles.sync(files.data)
    }

    private func initdb(_ binaries: ServerBinaries, _ directory: String, _ more: [String]) async throws -> (ChildProcess.Ending, String) {
        var arguments = [
            binaries.initdb, "--pgdata=\(directory)", "--data-checksums", "--encoding=UTF8", "--locale=C", "--auth=trust",
            "--username=\(PostgresServer.adminRole)",
        ]
        if !configuration.durable { arguments.append("--no-sync") }
        return try await ChildProcess.run(user.command(arguments + more), environment: Self.environment)
    }

    /// True where it was started here, false where it ran already.
    private func run(_ binaries: ServerBinaries) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(Self.limitSeconds)
        while ContinuousClock.now < deadline {
            if let postmaster = Postmaster(cluster: files.cluster), postmaster.isRunning(in: files.cluster) {
                if postmaster.status == "ready", await answers(postmaster.socketDirectory) { return false }
            } else if try await startServer(binaries, until: deadline) {
                return true
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw PostgresServerError(
            .failed, "the database server in \(files.cluster) did not get ready within \(Self.limitSeconds) s; see \(files.log)")
    }

    /// False where it should be tried again. The server is run directly: pg_ctl would pass the paths through a shell without quoting.
    private func startServer(_ binaries: ServerBinaries, until deadline: ContinuousClock.Instant) async throws -> Bool {
        Postmaster.removeIfMisleading(cluster: files.cluster)
        let text = configuration.text(socketDirectory: try makeSocketDirectory())
        try Data(text.utf8).write(to: URL(filePath: files.configuration))
        try user.own(files.configuration)
        let log = open(files.log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw ServerUser.cantMake(files.log) }
        defer { close(log) }
        let child = try ChildProcess.start(
            user.command([binaries.server, "-D", files.cluster]), environment: Self.environment, directory: "/", output: log, errors: log)
        // Waited for as long as it lives, so that it does not stay behind as a zombie of ours.
        let ending = EndingProcess(child)
        while ContinuousClock.now < deadline {
            if ending.hasEnded {
                // After a SIGKILL the old server's children may need a moment to notice and go.
                let log = Self.lastLines((try? String(contentsOfFile: files.log, encoding: .utf8)) ?? "")
                if log.contains("pre-existing shared memory block") || log.contains("postmaster.pid") { return false }
                throw PostgresServerError(.failed, "the database server does not start: \(log) (see \(files.log))")
            }
            if let postmaster = Postmaster(cluster: files.cluster), postmaster.processID == child.processID, postmaster.status == "ready" {
                return true
            }
            do {
                try await Task.sleep(for: .milliseconds(20))
            } catch {
                // Not wanted any more. It may not have written its process number yet, by which `stop` would find it.
                kill(child.processID, SIGINT)
                throw error
            }
        }
        return false
    }

    /// In the data directory, or where its path is too long for a socket, in a short private directory made for this run.
    private func makeSocketDirectory() throws -> String {
        if ServerFiles.socketFits(files.sockets) {
            try user.makePrivateDirectory(files.sockets)
            return files.sockets
        }
        var template = Array("/tmp/dripline-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ServerUser.cantMake("/tmp/dripline-…") }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        try user.makePrivateDirectory(path)
        return path
    }

    private func answers(_ socketDirectory: String) async -> Bool {
        guard let connection = try? await Connection.connect(admin(socketDirectory), logger: logger) else { return false }
        await connection.close()
        return true
    }

    private func makeDatabase(_ socketDirectory: String) async throws {
        let connection = try await Connection.connect(admin(socketDirectory), logger: logger)
        let exists = try await !connection.query("SELECT 1 FROM pg_database WHERE datname = $1", [PostgresServer.database]).isEmpty
        if !exists { try await connection.execute("CREATE DATABASE \(PostgresServer.database)") }
        await connection.close()
    }

    private func admin(_ socketDirectory: String) -> ConnectionSettings {
        .socket(directory: socketDirectory, user: PostgresServer.adminRole, database: "postgres")
    }

    /// Ends the server's sessions and stops it, with everything on disk.
    func stop() async throws {
        guard let postmaster = Postmaster(cluster: files.cluster), postmaster.isRunning(in: files.cluster) else { return }
        // PostgreSQL's "fast shutdown".
        kill(postmaster.processID, SIGINT)
        let deadline = ContinuousClock.now + .seconds(Self.limitSeconds)
        while postmaster.isRunning(in: files.cluster) {
            guard ContinuousClock.now < deadline else {
                throw PostgresServerError(
                    .failed, "the database server did not stop within \(Self.limitSeconds) s (see \(files.log)); it goes on stopping")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        if postmaster.socketDirectory != files.sockets { rmdir(postmaster.socketDirectory) }
    }

    /// For PostgreSQL's programs: none of the PG* variables of ours.
    private static let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"]

    private static func lastLines(_ text: String) -> String {
        text.split(separator: "\n").suffix(4).joined(separator: " / ")
    }
}
