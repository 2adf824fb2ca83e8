package import Foundation

/// A process of ours, in a session of its own so that Ctrl-C in the terminal does not reach it, with nothing of our open files.
package struct ChildProcess: Sendable {
    package let processID: pid_t

    package enum Ending: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// - Parameters:
    ///   - arguments: the program's absolute path, then its arguments.
    ///   - input, output, errors: descriptors for the child; nil means `/dev/null`.
    package static func start(
        _ arguments: [String], environment: [String: String], directory: String? = nil, input: Int32? = nil, output: Int32? = nil,
        errors: Int32? = nil
    ) throws -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, given) in [(0, input), (1, output), (2, errors)] as [(Int32, Int32?)] {
            if let given {
                posix_spawn_file_actions_adddup2(&actions, given, descriptor)
            } else {
                posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
            }
        }
        for descriptor in openDescriptors() where descriptor > 2 {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A service that ignores or blocks signals would hand that on.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | newSession)

        // There is no portable way to spawn into a directory.
        let program = directory.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + arguments } ?? arguments
        var argv = program.map { strdup($0) } + [nil]
        var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for pointer in argv + envp { free(pointer) }
        }
        var processID: pid_t = 0
        let status = posix_spawn(&processID, program[0], &actions, &attributes, &argv, &envp)
        guard status == 0 else {
            throw PostgresServerError(.failed, "\(arguments[0]) can't be run: \(String(cString: strerror(status)))")
        }
        return ChildProcess(processID: processID)
    }

    /// `POSIX_SPAWN_SETSID`, which the C headers show to GNU programs only.
    #if canImport(Darwin)
        private static let newSession: Int16 = 0x400
    #else
        private static let newSession: Int16 = 0x80
    #endif

    /// What is open now. One that is closed before the child starts does no harm: closing it again is not an error there.
    private static func openDescriptors() -> [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")) ?? []).compactMap { Int32($0) }
    }

    /// Waits for its end on a thread made for it. To be called once.
    package func wait() async -> Ending {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [processID] in
                var status: Int32 = 0
                while waitpid(processID, &status, 0) == -1, errno == EINTR {}
                let signal = status & 0x7F
                continuation.resume(returning: signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal))
            }
        }
    }

    /// Runs to the end and gives what was written to both outputs.
    package static func run(_ arguments: [String], environment: [String: String]) async throws -> (ending: Ending, output: String) {
        guard let file = tmpfile() else { throw PostgresServerError(.failed, "no temporary file can be made") }
        defer { fclose(file) }
        let descriptor = fileno(file)
        let child = try start(arguments, environment: environment, directory: "/", output: descriptor, errors: descriptor)
        let ending = await child.wait()
        rewind(file)
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        return (ending, String(decoding: bytes.prefix(count), as: UTF8.self))
    }
}
