import ArgumentParser
import Projections
import Service

struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Rebuild read models from the log, beside those that serve, then switch.",
        discussion: "Can be stopped at any time; run again, it goes on where it stopped.")

    @Argument(help: "Which; all where none is named.") var names: [String] = []
    @Option(help: ArgumentHelp("How many parts are folded at once.", valueName: "n")) var jobs = 2
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs is from 1 to 64.") }
    }

    func run() async throws {
        try await options.run { database in
            let started = ContinuousClock.now
            let meter = RebuildMeter()
            try await database.projector.rebuild(names, jobs: jobs) { meter.show($0) }
            Terminal.endProgress()
            for line in meter.summary { Terminal.print(line) }
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            let tenths = Int((seconds * 10).rounded())
            Terminal.print("Done in \(seconds < 60 ? "\(tenths / 10).\(tenths % 10) s" : Terminal.clock(seconds)).")
        }
    }
}
