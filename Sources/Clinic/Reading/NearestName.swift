/// Finds the name that was probably meant.
enum NearestName {
    private static let longestCompared = 64

    /// The closest of `names`: equal but for case and separators, or within a third of its letters. `nil` where nothing is near.
    static func to(_ text: String, among names: [String]) -> String? {
        let wanted = folded(text)
        guard !wanted.isEmpty, wanted.count <= longestCompared else { return nil }
        var best: (name: String, distance: Int)?
        for name in names {
            let distance = distance(wanted, folded(name))
            if distance * 3 <= max(wanted.count, 3), distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// Whether a name may be repeated in an error: 1–64 of `a–z A–Z 0–9 _ . -`.
    static func isPlain(_ text: String) -> Bool {
        (1...longestCompared).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// Lower case without separators, so that `heartRate` is `heart_rate`.
    private static func folded(_ text: String) -> [UInt8] {
        text.prefix(longestCompared + 1).lowercased().utf8.filter { byte in
            byte != UInt8(ascii: "_") && byte != UInt8(ascii: "-") && byte != UInt8(ascii: " ")
        }
    }

    /// Levenshtein: the insertions, deletions and replacements between two names.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
