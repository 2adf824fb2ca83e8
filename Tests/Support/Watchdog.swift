import Foundation
import Postgres

/// Cleans up after a test process, also after one that was killed.
enum Watchdog {
    struct Failed: Error {}

    /// Starts a shell that waits until the returned descriptor is closed, then ends the directory's server and removes the directory.
    static func guarding(_ directory: String) throws -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0, fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0 else { throw Failed() }
        let script = """
            read -r nothing
            test -f "$0/postgres/postmaster.pid" && kill -QUIT "$(head -n 1 "$0/postgres/postmaster.pid")"
            for attempt in 1 2 3 4 5 6 7 8 9 10; do
                test -f "$0/postgres/postmaster.pid" || break
                sleep 0.2
            done
            rm -rf "$0"
            """
        _ = try ChildProcess.start(["/bin/sh", "-c", script, directory], environment: ["PATH": "/usr/bin:/bin"], input: ends[0])
        close(ends[0])
        return ends[1]
    }
}
