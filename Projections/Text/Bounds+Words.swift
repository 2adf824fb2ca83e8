import Canonical
import Clinic

extension History.Bounds {
    /// `Shown: what had occurred by 2026-11-22 15:30:00, recorded by …, up to position 2331.` Nil without a bound.
    var words: String? {
        var parts: [String] = []
        if let at { parts.append("occurred by \(at.clockToTheSecond)") }
        if let knownAt { parts.append("been recorded by \(knownAt.clockToTheSecond)") }
        var words = parts.isEmpty ? "" : "what had " + parts.joined(separator: " and ")
        if let position { words += (parts.isEmpty ? "what the log held" : ",") + " up to position \(position)" }
        return words.isEmpty ? nil : "Shown: \(words)."
    }
}

extension Timestamp {
    /// `2026-11-22 15:30:05`; the fraction only where there is one.
    var clockToTheSecond: String {
        let text = description.dropLast()
        let whole = text.prefix(19).replacing("T", with: " ")
        let fraction = text.dropFirst(19).trimmingTrailing("0")
        return String(whole) + (fraction == "." ? "" : String(fraction))
    }
}

extension Substring {
    fileprivate func trimmingTrailing(_ character: Character) -> Substring {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
