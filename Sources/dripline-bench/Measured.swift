import Postgres
import Projections
import Service

/// What a piece of work took.
struct Measured {
    /// By the clock.
    let seconds: Double
    /// Seconds of processor time of this process.
    let own: Double
    /// The same of the server.
    let server: Double
    /// The most memory that this process held, MB.
    let peak: Double

    /// A rebuild, to the switch.
    /// - Parameter names: of the read models; all where empty.
    static func measure(_ database: Database, _ names: [String] = [], jobs: Int) async throws -> Measured {
        try await measure(database) { try await database.projector.rebuild(names, jobs: jobs) }
    }

    static func measure(_ database: Database, _ body: () async throws -> Void) async throws -> Measured {
        let postmaster = database.server.flatMap(ProcessUse.postmaster(of:))
        ProcessUse.resetPeak()
        let before = ProcessUse(postmaster: postmaster)
        let time = try await elapsed(body)
        let after = ProcessUse(postmaster: postmaster)
        return Measured(
            seconds: time, own: after.own - before.own, server: after.server - before.server, peak: ProcessUse.peakMegabytes)
    }

    func tell(in figures: inout Figures, events: Double) {
        figures.add("events_per_second", events / seconds)
        figures.add("seconds", seconds)
        figures.add("own_processor_us_an_event", own / events * 1e6)
        figures.add("server_processor_us_an_event", server / events * 1e6)
        figures.add("peak_mb", peak)
    }
}
