import CoreMetrics
import Synchronization

/// One number, or one histogram, of a family.
final class MetricSeries: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    private struct State {
        var value = 0.0
        /// One more than there are bounds: the last is for what lies above all.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let buckets: [Double]
    private let state: Mutex<State>

    init(buckets: [Double]) {
        self.buckets = buckets
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.isEmpty ? 0 : buckets.count + 1)))
    }

    var value: Double { state.withLock { $0.value } }
    var histogram: (counts: [UInt64], sum: Double) { state.withLock { ($0.counts, $0.sum) } }

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func reset() { set(0.0) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { state.withLock { $0.value = value } }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        guard !buckets.isEmpty else { return set(value) }
        let bucket = buckets.firstIndex { value <= $0 } ?? buckets.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    private func add(_ amount: Double) { state.withLock { $0.value += amount } }
}
