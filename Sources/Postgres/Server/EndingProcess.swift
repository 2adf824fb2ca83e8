import Synchronization

/// A child that is waited for in the background.
package final class EndingProcess: Sendable {
    private let ended = Mutex<ChildProcess.Ending?>(nil)

    package init(_ child: ChildProcess) {
        Task { [self] in
            let ending = await child.wait()
            ended.withLock { $0 = ending }
        }
    }

    package var hasEnded: Bool { ended.withLock { $0 != nil } }
}
