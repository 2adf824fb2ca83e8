import ArgumentParser
import Foundation
import UnixSignals

/// What SIGINT and SIGTERM mean to a command. Whichever it is, the database is closed in order.
enum Interruption {
    /// Its work is cut off: exit code 130 or 143.
    case aborts
    /// It is how the command is ended: exit code 0.
    case ends
    /// The command sees to them itself.
    case isHandled
}

extension Interruption {
    /// Runs `body` until it returns, or cancels it on a signal and waits for it. A second signal ends the program at once.
    /// - Throws: what `body` throws where nothing interrupted it; `ExitCode` where it was cut off.
    func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
        if self == .isHandled { return try await body() }
        let signals = await UnixSignalsSequence(trapping: [.sigint, .sigterm])
        let caught = try await withThrowingTaskGroup(of: UnixSignal?.self) { group in
            group.addTask {
                try await body()
                return nil
            }
            group.addTask {
                for await signal in signals { return signal }
                return nil
            }
            let first = try await group.next() ?? nil
            if first != nil { for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) } }
            group.cancelAll()
            // What a body says that was cancelled is of no interest.
            while !group.isEmpty { _ = try? await group.next() }
            return first
        }
        guard let caught, self == .aborts else { return }
        Terminal.endProgress()
        Terminal.complain("Interrupted.")
        throw ExitCode(128 + (caught == .sigterm ? SIGTERM : SIGINT))
    }
}
