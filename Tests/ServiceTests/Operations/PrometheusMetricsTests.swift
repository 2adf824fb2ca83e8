import CoreMetrics
import Testing

@testable import Service

@Suite struct PrometheusMetricsTests {
    @Test func countersGaugesAndHistogramsAreWrittenAsPrometheusReadsThem() {
        let metrics = PrometheusMetrics([
            "size": .init(help: "How large.\nIn all.", buckets: [1, 10]), "good_total": .init(help: "How many."),
        ])
        let counter = Counter(label: "good", dimensions: [("kind", "a\"b\\c\nd")], factory: metrics)
        counter.increment()
        counter.increment(by: 2)
        Meter(label: "level", factory: metrics).set(1.5)
        let recorder = CoreMetrics.Recorder(label: "size", factory: metrics)
        for value in [1, 5, 10, 11] { recorder.record(value) }
        #expect(
            metrics.text == """
                # HELP good_total How many.
                # TYPE good_total counter
                good_total{kind="a\\"b\\\\c\\nd"} 3
                # TYPE level gauge
                level 1.5
                # HELP size How large.\\nIn all.
                # TYPE size histogram
                size_bucket{le="1"} 1
                size_bucket{le="10"} 3
                size_bucket{le="+Inf"} 4
                size_sum 27
                size_count 4

                """)
    }

    @Test func aTimerCountsSeconds() {
        let metrics = PrometheusMetrics(["time": .init(help: "Time.", buckets: [0.5, 2])])
        let timer = Timer(label: "time", factory: metrics)
        timer.record(duration: .milliseconds(250))
        timer.record(duration: .seconds(1))
        #expect(metrics.text.contains("time_bucket{le=\"0.5\"} 1\ntime_bucket{le=\"2\"} 2\ntime_bucket{le=\"+Inf\"} 2\ntime_sum 1.25\n"))
    }

    @Test func namesAndSeriesAreBounded() {
        let metrics = PrometheusMetrics()
        for number in 0..<2000 {
            Counter(label: "many", dimensions: [("number", "\(number)")], factory: metrics).increment()
            Meter(label: "name \(number)-é", factory: metrics).set(1)
        }
        let lines = metrics.text.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("many_total{") }.count == PrometheusMetrics.maximumSeries + 1)
        #expect(lines.contains("many_total{number=\"other\"} \(2000 - PrometheusMetrics.maximumSeries)"))
        #expect(lines.filter { $0.hasPrefix("# TYPE") }.count == PrometheusMetrics.maximumFamilies)
        #expect(lines.contains("name_0__ 1"))
    }
}
