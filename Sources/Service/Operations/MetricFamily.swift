import Synchronization

/// All series of one name.
final class MetricFamily: Sendable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// From half a millisecond to a minute.
    static let seconds: [Double] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
    /// How many at once.
    static let counts: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 5000]

    let name: String
    private let kind: Kind
    private let help: String?
    private let buckets: [Double]
    private let all = Mutex<[String: MetricSeries]>([:])

    init(_ name: String, _ kind: Kind, help: String?, buckets: [Double]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.buckets = kind == .histogram ? buckets : []
    }

    func series(_ dimensions: [(String, String)]) -> MetricSeries {
        let labels = Self.labels(dimensions)
        return all.withLock { all in
            if let known = all[labels] { return known }
            let key = all.count < PrometheusMetrics.maximumSeries ? labels : Self.labels(dimensions.map { ($0.0, "other") })
            if let known = all[key] { return known }
            let new = MetricSeries(buckets: buckets)
            all[key] = new
            return new
        }
    }

    var text: String {
        let series = all.withLock { $0.sorted { $0.key < $1.key } }
        var lines = help.map { "# HELP \(name) \($0.replacing("\\", with: "\\\\").replacing("\n", with: "\\n"))\n" } ?? ""
        lines += "# TYPE \(name) \(kind.rawValue)\n"
        for (labels, series) in series {
            guard kind == .histogram else {
                lines += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(series.value))\n"
                continue
            }
            let (counts, sum) = series.histogram
            let before = labels.isEmpty ? "" : labels + ","
            var total: UInt64 = 0
            for (bound, count) in zip(buckets.map(Self.number) + ["+Inf"], counts) {
                total += count
                lines += "\(name)_bucket{\(before)le=\"\(bound)\"} \(total)\n"
            }
            lines += "\(name)_sum\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(sum))\n"
            lines += "\(name)_count\(labels.isEmpty ? "" : "{\(labels)}") \(total)\n"
        }
        return lines
    }

    /// `a="x",b="y"`, escaped.
    private static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { name, value in
            let value = value.prefix(128).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(sanitized(name))=\"\(value)\""
        }.joined(separator: ",")
    }

    /// Names are letters, digits and underscores, and begin with no digit.
    static func sanitized(_ name: String) -> String {
        let kept = name.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_") ? Character(scalar) : "_"
        }
        let text = String(kept)
        return text.first?.isNumber ?? true ? "_" + text : text
    }

    private static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        if value.isNaN { return "NaN" }
        return value.isInfinite ? (value > 0 ? "+Inf" : "-Inf") : "\(value)"
    }
}
