import ArgumentParser
import Canonical
import Foundation

/// What one measurement came to: names, which say their unit, with values. Printed as a line for people, or as a JSON object.
struct Figures {
    private let bench: String
    private var values: [(name: String, value: Double)] = []
    private var ratios: [Double] = []

    init(_ bench: String) { self.bench = bench }

    mutating func add(_ name: String, _ value: Double) { values.append((name, value)) }
    mutating func add(_ name: String, _ value: some BinaryInteger) { add(name, Double(value)) }

    /// A figure beside its reference: one where we are as good.
    mutating func ratio(_ value: Double) { ratio("ratio", value) }
    mutating func ratio(_ name: String, _ value: Double) {
        add(name, value)
        ratios.append(value)
    }

    var lowestRatio: Double { ratios.min() ?? .infinity }

    var json: JSON {
        var members: [String: JSON] = ["bench": .string(bench)]
        for (name, value) in values {
            members[name] = value.isFinite ? .number(JSONNumber(thousandths: Int64((value * 1000).rounded()))) : .null
        }
        return .object(members)
    }

    var line: String {
        let words = values.map { name, value in
            "\(name.replacing("_", with: " ")) \(abs(value) >= 1000 || value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.3g", value))"
        }
        return "\(bench.replacing("_", with: " ")): " + words.joined(separator: ", ")
    }
}

/// How figures are told, and when a run counts as failed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "JSON lines.") var json = false
    @Option(help: ArgumentHelp("Fail where a ratio is below this.", valueName: "ratio")) var atLeast = 0.0

    /// - Throws: `ExitCode.failure` where a ratio is too low.
    func tell(_ figures: Figures) throws {
        // At once, also into a pipe: what was measured is not lost where the next measurement is cut off.
        try FileHandle.standardOutput.write(contentsOf: Data(((json ? figures.json.canonical : figures.line) + "\n").utf8))
        guard figures.lowestRatio < atLeast else { return }
        FileHandle.standardError.write(Data("The ratio \(figures.lowestRatio) is below \(atLeast).\n".utf8))
        throw ExitCode.failure
    }
}

extension [Double] {
    /// The value below which a share of all lies; 0 of none.
    func quantile(_ share: Double) -> Double {
        guard !isEmpty else { return 0 }
        return sorted()[Swift.min(count - 1, Int(Double(count) * share))]
    }
}

extension Array {
    /// Of an even number of values the lower one in the middle.
    func median(by figure: (Element) -> Double) -> Element {
        sorted { figure($0) < figure($1) }[(count - 1) / 2]
    }
}

/// Seconds that something takes.
func elapsed(_ body: () async throws -> Void) async throws -> Double {
    try await ContinuousClock().measure { try await body() } / .seconds(1)
}
