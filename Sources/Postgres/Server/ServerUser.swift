import Foundation

/// Whom the server runs as. PostgreSQL refuses root, so root drops it to an unprivileged user.
struct ServerUser: Sendable, Hashable {
    let name: String
    let user: uid_t
    let group: gid_t
    /// True where we are root and must drop.
    let isDropped: Bool

    static func current() throws -> ServerUser {
        guard geteuid() == 0 else {
            return ServerUser(name: "uid \(geteuid())", user: geteuid(), group: getegid(), isDropped: false)
        }
        for name in ["postgres", "nobody"] {
            if let entry = entry(named: name) { return entry }
        }
        throw PostgresServerError(
            .failed,
            "PostgreSQL does not run as root, and there is neither a user postgres nor nobody to run it as: make one, "
                + "or don't run as root")
    }

    private static func entry(named name: String) -> ServerUser? {
        var record = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwnam_r(name, &record, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return ServerUser(name: name, user: record.pw_uid, group: record.pw_gid, isDropped: true)
    }

    /// The command line that runs `arguments` as this user.
    func command(_ arguments: [String]) throws -> [String] {
        guard isDropped else { return arguments }
        let places = ["/usr/bin/setpriv", "/bin/setpriv"]
        guard let setpriv = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw PostgresServerError(
                .failed,
                "PostgreSQL does not run as root, and setpriv is not installed to drop to \(name): install util-linux, or don't run as root"
            )
        }
        return [setpriv, "--reuid=\(user)", "--regid=\(group)", "--clear-groups", "--"] + arguments
    }

    /// Makes a directory with mode 0700 that belongs to this user.
    func makePrivateDirectory(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST, chmod(path, 0o700) == 0 else { throw Self.cantMake(path) }
        try own(path)
    }

    func own(_ path: String) throws {
        guard !isDropped || chown(path, user, group) == 0 else { throw Self.cantMake(path) }
    }

    static func cantMake(_ path: String) -> PostgresServerError {
        PostgresServerError(
            .unreachable, "the directory \(path) can't be made or used: \(String(cString: strerror(errno))); choose another data directory")
    }

    /// The first directory on the way to `path` that this user can't pass; nil when all can be. Judged by mode bits.
    func blockingDirectory(onTheWayTo path: String) -> String? {
        var at = ""
        for part in [""] + path.split(separator: "/").map(String.init) {
            at = part.isEmpty ? "/" : at == "/" ? "/\(part)" : "\(at)/\(part)"
            var status = stat()
            guard stat(at, &status) == 0 else { return nil }
            let bit: mode_t = status.st_uid == user ? 0o100 : status.st_gid == group ? 0o010 : 0o001
            if status.st_mode & bit == 0 { return at }
        }
        return nil
    }
}
