import Foundation

/// Where things lie in a data directory.
struct ServerFiles: Sendable, Hashable {
    /// Absolute, without symbolic links on the way as far as it exists.
    let data: String

    var cluster: String { data + "/postgres" }
    /// Held exclusively by whoever initialises, starts or stops the server.
    var lock: String { data + "/postgres.lock" }
    /// Held shared by every process that uses the server.
    var users: String { data + "/postgres.users" }
    var log: String { data + "/postgres.log" }
    var sockets: String { data + "/socket" }
    /// Our settings, read by the server after its own.
    var configuration: String { cluster + "/dripline.conf" }

    private static let unfinishedPrefix = "postgres.initdb-"

    /// A cluster is made under such a name and renamed when it is whole.
    func newUnfinished() -> String { "\(data)/\(Self.unfinishedPrefix)\(UUID().uuidString.prefix(8).lowercased())" }

    func removeUnfinished() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: data)) ?? [] where name.hasPrefix(Self.unfinishedPrefix) {
            try? FileManager.default.removeItem(atPath: "\(data)/\(name)")
        }
    }

    /// The length of a socket's path that the kernel takes, less the final zero.
    static let socketPathLimitBytes = 107

    /// Nor does libpq take a host with a comma in it: there it separates hosts.
    static func socketFits(_ directory: String) -> Bool {
        !directory.contains(",") && "\(directory)/.s.PGSQL.5432".utf8.count <= socketPathLimitBytes
    }

    /// The major version of the cluster; nil where there is none yet. Throws when something else lies there.
    func clusterMajor(for user: ServerUser) throws -> Int? {
        var status = stat()
        if stat(cluster, &status) == 0, status.st_uid != user.user {
            throw PostgresServerError(
                .unreachable,
                "\(cluster) belongs to the user with number \(status.st_uid), but the database server would run as \(user.name) (\(user.user)): "
                    + "run as the user who made it, or choose another data directory")
        }
        if let text = try? String(contentsOfFile: cluster + "/PG_VERSION", encoding: .utf8) {
            return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        guard FileManager.default.fileExists(atPath: cluster) else { return nil }
        guard rmdir(cluster) == 0 else {
            throw PostgresServerError(
                .failed, "\(cluster) is not a PostgreSQL data directory: move it away, or choose another data directory")
        }
        return nil
    }

    /// Puts what was written to disk, so that a rename is still there after a power cut.
    static func sync(_ directory: String) {
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
