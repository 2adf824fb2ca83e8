import Projections
import Synchronization

/// Shows a rebuild's progress, and remembers its end.
final class RebuildMeter: Sendable {
    private let last = Mutex<RebuildProgress?>(nil)

    func show(_ progress: RebuildProgress) {
        last.withLock { $0 = progress }
        let share = progress.total > 0 ? Double(progress.events) / Double(progress.total) : 1
        let left = progress.secondsLeft.map { ", \(Terminal.clock($0)) left" } ?? ""
        Terminal.progress(
            "\(Terminal.bar(share)) \(Terminal.grouped(progress.events)) of \(Terminal.grouped(progress.total)) events, "
                + "\(Terminal.grouped(Int(progress.rate)))/s\(left)")
    }

    /// One line for all, and one for each projection.
    var summary: [String] {
        guard let progress = last.withLock(\.self) else { return [] }
        let resumed = progress.resumedAt > 0 ? ", \(Terminal.grouped(progress.resumedAt)) of them folded before it was stopped" : ""
        return ["\(Terminal.grouped(progress.events)) events\(resumed), \(Terminal.grouped(Int(progress.rate))) events/s."]
            + progress.names.map { "\($0): switched." }
    }
}
