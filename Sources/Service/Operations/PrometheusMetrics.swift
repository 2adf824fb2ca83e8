public import CoreMetrics
import Synchronization

/// A backend of swift-metrics that keeps its numbers in memory and writes them in Prometheus' text format, version 0.0.4.
///
/// Bounded: a family holds at most `maximumSeries` combinations of label values; further ones are counted together under the value `other`.
public final class PrometheusMetrics: MetricsFactory {
    /// Series in one family.
    static let maximumSeries = 512
    /// Families that nobody described, of libraries.
    static let maximumFamilies = 256

    /// What a name means, and the buckets of a histogram; known before anything is counted.
    struct Description: Sendable {
        let help: String
        var buckets: [Double] = MetricFamily.seconds
    }

    private let descriptions: [String: Description]
    private let families = Mutex<[String: MetricFamily]>([:])

    init(_ descriptions: [String: Description] = [:]) { self.descriptions = descriptions }

    /// All families in the text format, by name.
    var text: String {
        let families = families.withLock { $0.values.sorted { $0.name < $1.name } }
        return families.map(\.text).joined()
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label.hasSuffix("_total") ? label : label + "_total", .counter, dimensions)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { series(label, .gauge, dimensions) }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, aggregate ? .histogram : .gauge, dimensions)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { series(label, .histogram, dimensions) }

    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func series(_ label: String, _ kind: MetricFamily.Kind, _ dimensions: [(String, String)]) -> MetricSeries {
        let name = MetricFamily.sanitized(label)
        let family = families.withLock { families in
            if let known = families[name] { return known }
            let description = descriptions[name]
            let new = MetricFamily(name, kind, help: description?.help, buckets: description?.buckets ?? MetricFamily.seconds)
            if families.count < Self.maximumFamilies { families[name] = new }
            return new
        }
        return family.series(dimensions)
    }
}
