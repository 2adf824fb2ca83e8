import Projections
import Service

/// One rebuild, and what it took.
struct Rebuilt {
    /// To the switch.
    let seconds: Double
    /// Seconds of processor time of this process.
    let own: Double
    /// The same of the server.
    let server: Double
    /// The most memory that this process held, MB.
    let peak: Double

    /// - Parameter names: of the read models; all where empty.
    static func measure(_ database: Database, _ names: [String] = [], jobs: Int) async throws -> Rebuilt {
        let postmaster = database.server.flatMap(ProcessUse.postmaster(of:))
        ProcessUse.resetPeak()
        let before = ProcessUse(postmaster: postmaster)
        let seconds = try await ContinuousClock().measure { try await database.projector.rebuild(names, jobs: jobs) } / .seconds(1)
        let after = ProcessUse(postmaster: postmaster)
        return Rebuilt(
            seconds: seconds, own: after.own - before.own, server: after.server - before.server, peak: ProcessUse.peakMegabytes)
    }
}
