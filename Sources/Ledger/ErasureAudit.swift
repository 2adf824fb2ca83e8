import Canonical

/// Holds what was erased against what the log says was erased: each gap of data is named by a PayloadErased event after it, and what such an event
/// names is gone.
struct ErasureAudit: Sendable {
    /// The type of the events that name what was erased.
    static let type = "PayloadErased"

    /// Ascending: positions without payload.
    private(set) var erased: [Int64] = []
    private var named: [ClosedRange<Int64>] = []
    /// PayloadErased events that do not say what they should.
    private var malformed: [Int64] = []

    mutating func erased(_ position: Int64) { erased.append(position) }

    /// - Parameter payload: of a PayloadErased event at `position`; nil where it is gone itself.
    mutating func names(_ payload: String?, at position: Int64) {
        guard let payload, let json = try? JSON.parse(payload), case .array(let stretches)? = json["positions"] else {
            malformed.append(position)
            return
        }
        for stretch in stretches {
            guard case .number(let from)? = stretch["from"], case .number(let to)? = stretch["to"], let first = from.int64,
                let last = to.int64,
                first > 0, first <= last, last < position
            else {
                malformed.append(position)
                continue
            }
            named.append(first...last)
        }
    }

    /// What does not fit, to be asked for after the last event: each position at most once, those that erasures name with data among them only
    /// the first of a stretch.
    var faults: [(position: Int64, what: String)] {
        var faults = malformed.map { (position: $0, what: "it names no positions that were erased") }
        let stretches = named.sorted { $0.lowerBound < $1.lowerBound }
        var (index, covered) = (0, 0)
        var standing: [Int64] = []
        for stretch in stretches {
            while index < erased.count, erased[index] < stretch.lowerBound {
                faults.append((erased[index], "its payload is gone, and no erasure names it"))
                index += 1
            }
            let start = index
            while index < erased.count, erased[index] <= stretch.upperBound { index += 1 }
            covered = index - start
            if covered < stretch.count,
                let first = stretch.enumerated().first(where: { $0.offset >= covered || erased[start + $0.offset] != $0.element })
            {
                standing.append(first.element)
            }
        }
        faults += erased[index...].map { ($0, "its payload is gone, and no erasure names it") }
        faults += standing.map { ($0, "an erasure names it, and its payload still stands") }
        return faults.sorted { $0.position < $1.position }
    }
}
