import Foundation

/// What `postmaster.pid` says of the server of a cluster.
struct Postmaster: Sendable, Hashable {
    let processID: pid_t
    let socketDirectory: String
    /// `starting`, `ready` or `stopping`; empty where the file isn't complete yet.
    let status: String

    /// Lines: pid, data directory, start time, port, socket directory, listen address, shared memory key, status.
    init?(cluster: String) {
        guard let text = try? String(contentsOfFile: cluster + "/postmaster.pid", encoding: .utf8) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
        guard let first = lines.first, let processID = pid_t(first), processID > 1 else { return nil }
        self.processID = processID
        socketDirectory = lines.count > 4 ? lines[4] : ""
        status = lines.count > 7 ? lines[7] : ""
    }

    /// Whether that process lives and works in the cluster's directory, where a server changes to. A number alone proves nothing: after a
    /// restart of the machine it may be anybody's.
    func isRunning(in cluster: String) -> Bool {
        guard kill(processID, 0) == 0 || errno == EPERM else { return false }
        #if os(Linux)
            return Self.works(processID, in: Self.resolved(cluster))
        #else
            return true
        #endif
    }

    /// Removes a stale `postmaster.pid` that would stop the server from starting because its number is somebody else's by now. Kept where any
    /// process still works in the cluster: then the server must judge by its shared memory.
    static func removeIfMisleading(cluster: String) {
        #if os(Linux)
            guard let left = Postmaster(cluster: cluster), kill(left.processID, 0) == 0, !left.isRunning(in: cluster) else { return }
            let processes = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
            let place = resolved(cluster)
            guard !processes.contains(where: { works($0, in: place) }) else { return }
            unlink(cluster + "/postmaster.pid")
            // The lock of its socket names the same process.
            if !left.socketDirectory.isEmpty { unlink(left.socketDirectory + "/.s.PGSQL.5432.lock") }
        #endif
    }

    #if os(Linux)
        /// A process that ended but was not waited for (nobody does in a container without an init) works nowhere.
        /// Where the kernel does not show us the directory (root in a container, another user's process), being a PostgreSQL process is enough.
        private static func works(_ processID: pid_t, in directory: String) -> Bool {
            guard let status = try? String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8), !status.contains("State:\tZ")
            else {
                return false
            }
            if let at = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(processID)/cwd") { return at == directory }
            return status.hasPrefix("Name:\tpostgres")
        }
    #endif

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
