extension Projector {
    /// Rebuilds projections together, from one reading of the log, beside the tables that serve.
    /// - Parameters:
    ///   - names: which; all where empty.
    ///   - jobs: how many chunks are folded at once.
    ///   - progress: called after each chunk, from any thread, one call at a time; `events` never falls and ends at `total`. It should return soon.
    /// - Throws: `ProjectionError`, `PostgresError`. A rebuild that was interrupted goes on where it stopped when it is run again.
    public func rebuild(_ names: [String] = [], jobs: Int = 2, progress: (@Sendable (RebuildProgress) -> Void)? = nil) async throws {
        for name in names where !allProjections.contains(where: { $0.name == name }) { throw ProjectionError.unknownName(name) }
        let chosen = allProjections.filter { names.isEmpty || names.contains($0.name) }
        try await Rebuild(self, chosen, jobs: jobs, progress: progress).run()
    }
}
