import NIOCore
import Synchronization

/// Runs tasks on the thread that reads and writes a connection, so that a short request goes from thread to thread only where it waits for the database.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    private init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// One for each loop of the process.
    private static let all = Mutex<[ObjectIdentifier: LoopExecutor]>([:])

    static func of(_ loop: any EventLoop) -> LoopExecutor {
        all.withLock { all in
            if let known = all[ObjectIdentifier(loop)] { return known }
            let made = LoopExecutor(loop)
            all[ObjectIdentifier(loop)] = made
            return made
        }
    }
}
