import Foundation

/// Where `initdb` and `postgres` are.
struct ServerBinaries: Sendable, Hashable {
    let directory: String
    let major: Int

    var initdb: String { directory + "/initdb" }
    var server: String { directory + "/postgres" }

    /// The binaries for a cluster of that major version; without one, the first on `PATH`, else the newest under `/usr/lib/postgresql`
    /// (Debian keeps them off `PATH`).
    static func find(major wanted: Int?, path: String) throws -> ServerBinaries {
        let all = installed(path: path)
        guard let first = all.first else {
            throw PostgresServerError(
                .noBinaries, "no PostgreSQL server is installed: install it (on Debian: apt install postgresql), or name a running server")
        }
        guard let wanted else { return first }
        guard let match = all.first(where: { $0.major == wanted }) else {
            let found = all.map { String($0.major) }.joined(separator: ", ")
            throw PostgresServerError(
                .otherVersion,
                "the data was made by PostgreSQL \(wanted), but only \(found) is installed: install postgresql-\(wanted), "
                    + "or use pg_upgrade to bring the data over")
        }
        return match
    }

    private static func installed(path: String) -> [ServerBinaries] {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let packaged = versions.compactMap(Int.init).sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
        return (path.split(separator: ":").map(String.init) + packaged).compactMap(at)
    }

    private static func at(_ directory: String) -> ServerBinaries? {
        let needed = ["initdb", "postgres"]
        guard directory.hasPrefix("/"), needed.allSatisfy({ FileManager.default.isExecutableFile(atPath: "\(directory)/\($0)") }),
            let major = major(of: directory)
        else { return nil }
        return ServerBinaries(directory: directory, major: major)
    }

    /// Debian's path names the version; elsewhere `PG_VERSION` of the share directory isn't there, so the binary is searched for it.
    private static func major(of directory: String) -> Int? {
        let resolved = URL(filePath: directory + "/postgres").resolvingSymlinksInPath().path
        let parts = resolved.split(separator: "/").map(String.init)
        if let named = parts.lazy.compactMap(Int.init).first(where: { (9...99).contains($0) }) { return named }
        guard let binary = try? Data(contentsOf: URL(filePath: resolved), options: .mappedIfSafe),
            let mark = binary.range(of: Data("postgres (PostgreSQL) ".utf8))
        else { return nil }
        return Int(String(decoding: binary[mark.upperBound...].prefix { (48...57).contains($0) }, as: UTF8.self))
    }
}
