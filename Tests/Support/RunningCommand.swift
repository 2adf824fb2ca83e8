import Foundation
import Postgres
import Synchronization

/// A `dripline` process under way.
public final class RunningCommand: Sendable {
    private let child: ChildProcess
    private let files: CommandFiles
    private let ending: Task<ChildProcess.Ending, Never>
    /// Set by `ending`; afterwards the process number may be somebody else's.
    private let ended: EndFlag

    init(_ child: ChildProcess, _ files: CommandFiles) {
        let ended = EndFlag()
        (self.child, self.files, self.ended) = (child, files, ended)
        ending = Task {
            let ending = await child.wait()
            ended.raise()
            return ending
        }
    }

    public var processID: Int32 { child.processID }

    /// What it has written so far.
    public var output: String { files.outputText }
    public var errors: String { files.errorText }

    /// Such as `SIGINT`. Sends nothing once the process has ended.
    public func send(signal: Int32) {
        if !ended.isRaised { kill(child.processID, signal) }
    }

    /// Waits for its end. After the limit it is killed and `DriplineCommand.Failed` thrown.
    public func result(timeLimit: Duration = .seconds(120)) async throws -> DriplineCommand.Result {
        let timedOut = EndFlag()
        let killer = Task {
            try await Task.sleep(for: timeLimit)
            timedOut.raise()
            send(signal: SIGKILL)
        }
        let ending = await ending.value
        killer.cancel()
        guard !timedOut.isRaised else {
            throw DriplineCommand.Failed(description: "no end within \(timeLimit); output: \(output); errors: \(errors)")
        }
        switch ending {
        case .exited(let code):
            return DriplineCommand.Result(exitCode: code, signal: nil, output: output, errors: errors)
        case .signalled(let signal):
            return DriplineCommand.Result(exitCode: nil, signal: signal, output: output, errors: errors)
        }
    }

    /// Waits until either output contains the text. Throws `DriplineCommand.Failed` when the process ends first or the limit passes.
    public func waitForOutput(containing text: String, timeLimit: Duration = .seconds(60)) async throws {
        let deadline = ContinuousClock.now + timeLimit
        while true {
            // The end is looked at first, so that the last words are not missed.
            let over = ended.isRaised || ContinuousClock.now > deadline
            if output.contains(text) || errors.contains(text) { return }
            guard !over else {
                throw DriplineCommand.Failed(description: "\"\(text)\" was never written; output: \(output); errors: \(errors)")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

/// Goes up once.
private final class EndFlag: Sendable {
    private let raised = Atomic(false)

    var isRaised: Bool { raised.load(ordering: .acquiring) }
    func raise() { raised.store(true, ordering: .releasing) }
}
