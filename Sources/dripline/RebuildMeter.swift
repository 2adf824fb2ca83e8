import Projections
import Synchronization

/// Shows a rebuild's progress, and remembers the end of each projection's.
final class RebuildMeter: Sendable {
    private let last = Mutex<[(name: String, progress: RebuildProgress)]>([])

    func show(_ progress: RebuildProgress) {
        last.withLock { last in
            if let index = last.firstIndex(where: { $0.name == progress.name }) {
                last[index].progress = progress
            } else {
                last.append((progress.name, progress))
            }
        }
        let share = progress.total > 0 ? Double(progress.events) / Double(progress.total) : 1
        let left = progress.secondsLeft.map { ", \(Terminal.clock($0)) left" } ?? ""
        Terminal.progress(
            "\(progress.name) \(Terminal.bar(share)) \(Terminal.grouped(progress.events)) of \(Terminal.grouped(progress.total)) events, "
                + "\(Terminal.grouped(Int(progress.rate)))/s\(left)")
    }

    /// One line a projection.
    var summary: [String] {
        last.withLock { last in
            last.map { name, progress in
                let resumed = progress.resumedAt > 0 ? ", \(Terminal.grouped(progress.resumedAt)) of them folded before it was stopped" : ""
                return
                    "\(name): \(Terminal.grouped(progress.events)) events\(resumed), \(Terminal.grouped(Int(progress.rate))) events/s, switched."
            }
        }
    }
}
