import Foundation
import HTTPTypes

extension HTTPFields {
    /// Whether `Accept` (RFC 9110 §12.5.1) asks for one type rather than for another, which is what is given otherwise.
    func prefers(_ type: String, to standard: String) -> Bool {
        let wanted = quality(of: type)
        return wanted > 0 && wanted > quality(of: standard)
    }

    private func quality(of type: String) -> Double {
        let family = String(type.prefix { $0 != "/" }) + "/*"
        var best: (specificity: Int, quality: Double) = (-1, 0)
        let ranges = self[values: .accept].flatMap { $0.split(separator: ",") }
        if ranges.isEmpty { return 1 }
        for range in ranges {
            let parts = range.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            guard let name = parts.first else { continue }
            let specificity = [name == "*/*", name == family, name == type].lastIndex(of: true) ?? -1
            guard specificity > best.specificity else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            best = (specificity, quality)
        }
        return best.quality
    }
}
