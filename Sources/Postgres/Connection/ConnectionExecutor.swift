import Dispatch
import Foundation
import Synchronization

/// A thread that runs the jobs of one connection, one after the other, so that libpq may block it.
///
/// The thread holds only the queue; the executor is held by its actor and by each job that waits, and tells the thread to end when it goes.
final class ConnectionExecutor: SerialExecutor {
    private let queue = JobQueue()

    init(name: String) {
        let thread = Thread { [queue] in queue.run() }
        thread.name = name
        thread.start()
    }

    deinit {
        queue.end()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job), on: self)
    }
}

private final class JobQueue: Sendable {
    private struct Entry {
        let job: UnownedJob
        /// Keeps the executor alive until the job is done: the job itself may drop the last reference to the actor.
        let executor: ConnectionExecutor
    }

    /// Entries are added by any thread and taken by the connection's thread; `ended` is set once, by the executor's deinit.
    private struct State {
        var entries: [Entry] = []
        var ended = false
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)

    func add(_ job: UnownedJob, on executor: ConnectionExecutor) {
        state.withLock { $0.entries.append(Entry(job: job, executor: executor)) }
        available.signal()
    }

    func end() {
        state.withLock { $0.ended = true }
        available.signal()
    }

    func run() {
        while true {
            available.wait()
            let (entries, ended) = state.withLock { state in
                defer { state.entries.removeAll(keepingCapacity: true) }
                return (state.entries, state.ended)
            }
            for entry in entries {
                entry.job.runSynchronously(on: entry.executor.asUnownedSerialExecutor())
            }
            if ended { return }
        }
    }
}
