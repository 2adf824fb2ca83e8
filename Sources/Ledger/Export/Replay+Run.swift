public import Tlog

extension Replay {
    /// Replays a log up to a position: stretches of it are read and checked at once, and gathered in their order.
    ///
    /// Memory: some stretches, and what grows with the streams of the log.
    /// - Parameters:
    ///   - readers: of that log at the same moment; each has a task of its own.
    ///   - checkpoint: one whose root must be that of the tree.
    ///   - length: positions in a stretch.
    ///   - progress: called now and then with the position that was reached, from any thread, one call at a time.
    ///   - take: is told of each event whose entry can be read, in the order of the log.
    /// - Returns: the replay, and what `take` made of the state.
    public static func run<State: Sendable>(
        over readers: [any LogSource], of log: LogName, upTo last: Int64, checkpoint: Checkpoint? = nil, length: Int = defaultLength,
        into state: State, progress: (@Sendable (Int64) -> Void)? = nil,
        _ take: @escaping @Sendable (inout State, Event, ReplayNames) -> Void
    ) async throws -> (replay: Replay, state: State) {
        let plan = VerifyPlan(size: last, rangeLength: length)
        let gathering = ReplayGathering(Replay(log: log, checkpoint: checkpoint), state, progress: progress, take)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reader in readers.prefix(plan.count) {
                group.addTask {
                    while let range = plan.take() {
                        while await gathering.isFar(range.number) { try await Task.sleep(for: .milliseconds(1)) }
                        let start = ReplayedStretch(of: log, count: Int(range.last - (range.after ?? 0)))
                        let stretch = try await reader.reduce(after: range.after, upTo: range.last, into: start) { $0.take($1) }
                        await gathering.add(stretch, at: range.number)
                    }
                }
            }
            try await group.waitForAll()
        }
        return await gathering.finish(last)
    }

    /// Positions of a stretch that one task checks.
    public static let defaultLength = VerifyPlan.rangeLength
}

/// Puts checked stretches, which come in any order, into the order of the log.
private actor ReplayGathering<State: Sendable> {
    private var replay: Replay
    private var state: State
    private var stretches = InOrder<ReplayedStretch>()
    private let progress: (@Sendable (Int64) -> Void)?
    private let each: @Sendable (inout State, Replay.Event, ReplayNames) -> Void

    init(
        _ replay: Replay, _ state: State, progress: (@Sendable (Int64) -> Void)?,
        _ each: @escaping @Sendable (inout State, Replay.Event, ReplayNames) -> Void
    ) {
        self.replay = replay
        self.state = state
        self.progress = progress
        self.each = each
    }

    func isFar(_ number: Int) -> Bool { stretches.isFar(number) }

    func add(_ stretch: ReplayedStretch, at number: Int) {
        stretches.add(stretch, at: number)
        while let stretch = stretches.take() {
            replay.take(stretch) { each(&state, $0, $1) }
            progress?(replay.position)
        }
    }

    func finish(_ last: Int64) -> (Replay, State) {
        replay.finish(last)
        return (replay, state)
    }
}
