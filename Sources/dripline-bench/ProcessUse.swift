import Foundation
import Postgres

/// What processes have used so far, as Linux tells it under `/proc`; zeros elsewhere.
struct ProcessUse {
    /// Seconds of processor time of this process.
    let own: Double
    /// The same of a PostgreSQL server with its backends, also those that have ended.
    let server: Double

    init(postmaster: Int32?) {
        own = ProcessUse.seconds("self", children: false)
        server =
            postmaster.map { postmaster in
                ProcessUse.seconds("\(postmaster)", children: true)
                    + ProcessUse.children(of: postmaster).reduce(0) { $0 + ProcessUse.seconds($1, children: false) }
            } ?? 0
    }

    private static func children(of process: Int32) -> [Substring] {
        let path = "/proc/\(process)/task/\(process)/children"
        return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: " ")
    }

    /// The process of an embedded server.
    static func postmaster(of server: PostgresServer) -> Int32? {
        let file = server.dataDirectory + "/postgres/postmaster.pid"
        return (try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: "\n").first.flatMap { Int32($0) }
    }

    private static func seconds(_ process: some StringProtocol, children: Bool) -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8), let name = text.lastIndex(of: ")") else {
            return 0
        }
        // The state is the first field after the name and the third of all; times are the fields 14 to 17, in hundredths of a second.
        let fields = text[text.index(after: name)...].split(separator: " ")
        return fields[11..<(children ? 15 : 13)].reduce(0) { $0 + (Double($1) ?? 0) } / 100
    }

    /// From here on the peak of this process' memory is counted anew.
    static func resetPeak() { try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8) }

    /// The most memory that this process has held at once since, MB.
    static var peakMegabytes: Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Double(line.split(separator: " ").dropFirst().first ?? "") ?? 0) / 1024
    }
}
