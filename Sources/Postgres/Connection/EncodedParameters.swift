import Foundation

/// The parameters of one statement in binary form.
struct EncodedParameters: ~Copyable {
    let types: [UInt32]
    private let bytes: [UInt8]
    /// Where each parameter lies in `bytes`; nil for NULL.
    private let ranges: [Range<Int>?]

    init(_ values: [(any SQLValue)?]) {
        var writer = SQLWriter()
        var (types, ranges): ([UInt32], [Range<Int>?]) = ([], [])
        for value in values {
            types.append(value.map { type(of: $0).sqlType.oid } ?? SQLType.unknown.oid)
            if let value, !value.isNull {
                let start = writer.bytes.count
                value.encode(into: &writer)
                ranges.append(start..<writer.bytes.count)
            } else {
                ranges.append(nil)
            }
        }
        // An empty value still needs an address: NULL would mean NULL.
        writer.append(0 as UInt8)
        (self.types, self.ranges, bytes) = (types, ranges, writer.bytes)
    }

    borrowing func withPointers<T>(
        _ body: (Int32, [UnsafePointer<CChar>?], [Int32], [Int32]) -> T
    ) -> T {
        bytes.withUnsafeBytes { raw in
            let base = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = ranges.map { range in range.flatMap { base?.advanced(by: $0.lowerBound) } }
            let lengths = ranges.map { Int32($0?.count ?? 0) }
            return body(Int32(ranges.count), values, lengths, ranges.map { _ in 1 })
        }
    }
}
