import Foundation
import Logging
public import ServiceLifecycle

/// Ends sessions that were not used for too long, and sees to it that every end is in the access log.
public struct SessionSweeper: Service {
    private let accounts: Accounts

    static let interval: Duration = .seconds(30)

    public init(_ accounts: Accounts) {
        self.accounts = accounts
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await sweep()
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Once.
    func sweep() async {
        do {
            try await accounts.store.expireSessions(idle: accounts.settings.sessionIdle)
            try await accounts.store.forgetOldAttempts()
        } catch {
            // Whoever stops in the middle of it is told nothing: the next start goes on.
            if Task.isCancelled { return }
            accounts.logger.warning("sessions could not be looked after", metadata: ["error": "\(error)"])
        }
        await accounts.recordEnded()
    }
}
