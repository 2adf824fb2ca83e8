import Canonical

extension JSON {
    /// Elements of one array in a body, or members of one object.
    static let maximumRequestElements = 10_000
    /// Values in one body: a value takes many times the memory of its shortest text.
    static let maximumRequestValues = 200_000

    /// Reads a body that came from outside, within bounds on its nesting, its arrays and its values.
    static func request(_ bytes: some Sequence<UInt8>) throws(JSONError) -> JSON {
        try parse(bytes, maximumElements: maximumRequestElements, maximumValues: maximumRequestValues)
    }
}
