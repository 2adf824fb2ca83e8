/// What is wrong with one field.
public struct Problem: Sendable, Hashable {
    /// An RFC 6901 JSON pointer into `data`; empty for `data` as a whole.
    public let pointer: String
    /// Names the field and its limit. Never the value, which may be health information.
    public let message: String

    public init(pointer: String, message: String) {
        self.pointer = pointer
        self.message = message
    }
}

/// Everything that is wrong with a value, found in one pass.
public struct ValidationError: Error, Sendable, Hashable {
    /// At least one, in the order of the type's fields, unknown fields last. At most ``maximumProblems``.
    public let problems: [Problem]

    /// More would help nobody, and a hostile request could ask for millions.
    public static let maximumProblems = 100

    public init(_ problems: [Problem]) {
        self.problems = Array(problems.prefix(Self.maximumProblems))
    }

    /// The same problems seen from an enclosing value: `/heart_rate` under `/data` is `/data/heart_rate`.
    public func under(_ pointer: String) -> ValidationError {
        ValidationError(problems.map { Problem(pointer: pointer + $0.pointer, message: $0.message) })
    }
}

extension ValidationError: CustomStringConvertible {
    public var description: String { problems.map(\.message).joined(separator: "; ") }
}
