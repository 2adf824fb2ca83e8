import Foundation
import Synchronization

/// What the command writes: results to standard output, everything else to standard error.
enum Terminal {
    static let isInteractive = isatty(STDOUT_FILENO) == 1
    static let showsProgress = isatty(STDERR_FILENO) == 1

    /// Colour only for a person at a terminal who did not ask for none (no-color.org).
    static let usesColour = isInteractive && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty

    private static let isBroken = Atomic(false)

    /// False once a reader has gone away, as `head` does: then there is no use in writing more, and it is no error.
    static var isRead: Bool { !isBroken.load(ordering: .relaxed) }

    /// Writes a line of the result.
    static func print(_ text: String) {
        guard isRead else { return }
        write(text + "\n", to: STDOUT_FILENO) { isBroken.store(true, ordering: .relaxed) }
    }

    /// Says what went wrong, or what is going on, to the person.
    static func complain(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO) {} }

    private static let hasProgress = Mutex(false)

    /// Replaces the line of progress; on something that is no terminal, does nothing.
    static func progress(_ text: String) {
        guard showsProgress else { return }
        hasProgress.withLock { $0 = true }
        write("\r\u{1B}[K" + text, to: STDERR_FILENO) {}
    }

    /// Takes the line of progress away.
    static func endProgress() {
        guard
            hasProgress.withLock({ shown in
                defer { shown = false }
                return shown
            })
        else { return }
        write("\r\u{1B}[K", to: STDERR_FILENO) {}
    }

    private static func write(_ text: String, to descriptor: Int32, onBroken: () -> Void) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return onBroken()
            }
            bytes = bytes.dropFirst(written)
        }
    }

    /// `1234567` as `1,234,567`.
    static func grouped(_ number: some BinaryInteger) -> String {
        var digits = String(number)
        var index = digits.index(digits.endIndex, offsetBy: 0)
        var count = 0
        while index > digits.startIndex {
            index = digits.index(before: index)
            count += 1
            if count.isMultiple(of: 3), index > digits.startIndex, digits[digits.index(before: index)] != "-" {
                digits.insert(",", at: index)
            }
        }
        return digits
    }

    /// A bar of `width` cells, filled by a share of 0…1.
    static func bar(_ share: Double, width: Int = 24) -> String {
        let filled = Int((min(max(share, 0), 1) * Double(width)).rounded(.down))
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    }

    /// Seconds as `1:05` or `1:02:05`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return whole >= 3600
            ? "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))" : "\(whole / 60):\(two(whole % 60))"
    }
}
