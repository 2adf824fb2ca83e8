import Foundation
import TestSupport
import Testing

/// Tests may run as root, who starts the embedded server as somebody else; most people are not root.
@Suite struct OtherUserTests {
    static let isPossible = getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")

    @Test(.enabled(if: isPossible)) func anOrdinaryUserNeedsNothingElse() async throws {
        try await TemporaryDirectory.with("dripline-nobody") { directory in
            let home = directory + "/home"
            try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
            let nobody = try #require(getpwnam("nobody")).pointee
            #expect(chown(home, nobody.pw_uid, nobody.pw_gid) == 0)
            // A copy where nobody may pass: the build folder may be closed to them.
            let binary = directory + "/dripline"
            try FileManager.default.copyItem(atPath: try DriplineCommand.path(), toPath: binary)
            func run(_ arguments: [String], input: String) throws -> (code: Int32, output: String) {
                let process = Process()
                process.executableURL = URL(filePath: "/usr/bin/setpriv")
                process.arguments = ["--reuid=\(nobody.pw_uid)", "--regid=\(nobody.pw_gid)", "--clear-groups", binary] + arguments
                var environment = ["HOME": home, "PATH": "/usr/bin:/bin"]
                if let library = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] { environment["LD_LIBRARY_PATH"] = library }
                process.environment = environment
                process.currentDirectoryURL = URL(filePath: "/")
                let (stdin, stdout) = (Pipe(), Pipe())
                process.standardInput = stdin
                process.standardOutput = stdout
                try process.run()
                try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
                try stdin.fileHandleForWriting.close()
                let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
                process.waitUntilExit()
                return (process.terminationStatus, String(decoding: output, as: UTF8.self))
            }
            let report = try run(["import", "-"], input: Requests.file())
            #expect(report.code == 0 && report.output.contains("5 requests recorded"))
            let status = try run(["status"], input: "")
            #expect(status.code == 0 && status.output.contains(home + "/.local/share/dripline"))
            #expect(try run(["verify", "--clinic", "willow"], input: "").code == 0)
        }
    }
}
