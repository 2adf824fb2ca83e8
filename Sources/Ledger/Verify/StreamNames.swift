/// Numbers the streams that are met, by the bytes of their names: two spellings that Unicode takes for one are two streams.
///
/// A hash table of its own, so that a name which was met before is found without making a string of it.
struct StreamNames: Sendable {
    private var bytes: [UInt8] = []
    /// Where each name begins in `bytes`, and at last where the next will.
    private var starts: [Int] = [0]
    /// Number + 1 of the stream in each slot; 0 for none. Its length is a power of two.
    private var slots: [Int32] = Array(repeating: 0, count: 64)

    var count: Int { starts.count - 1 }

    /// The number of a name, from 0; a new one where it has not been met.
    mutating func number(of name: UnsafeRawBufferPointer) -> Int {
        let slot = slot(of: name)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        slots[slot] = Int32(count + 1)
        bytes.append(contentsOf: name)
        starts.append(bytes.count)
        if 2 * count > slots.count { grow() }
        return count - 1
    }

    mutating func number(of name: String) -> Int {
        var name = name
        return name.withUTF8 { number(of: UnsafeRawBufferPointer($0)) }
    }

    /// The number of a name; nil where it has not been met.
    func known(_ name: String) -> Int? {
        var name = name
        let place = name.withUTF8 { slot(of: UnsafeRawBufferPointer($0)) }
        return slots[place] == 0 ? nil : Int(slots[place]) - 1
    }

    /// Where a name stands, or would stand.
    private func slot(of name: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: name)
        var slot = hasher.finalize() & (slots.count - 1)
        while slots[slot] != 0, !self[Int(slots[slot]) - 1, equals: name] { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    /// The numbers that the names of another table have in this one, in their order there.
    mutating func numbers(of others: StreamNames) -> [Int] {
        others.bytes.withUnsafeBytes { bytes in
            (0..<others.count).map { number(of: UnsafeRawBufferPointer(rebasing: bytes[others.starts[$0]..<others.starts[$0 + 1]])) }
        }
    }

    func name(_ number: Int) -> String { String(decoding: bytes[starts[number]..<starts[number + 1]], as: UTF8.self) }

    private subscript(number: Int, equals name: UnsafeRawBufferPointer) -> Bool {
        let range = starts[number]..<starts[number + 1]
        guard range.count == name.count else { return false }
        return bytes.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[range]).equals(name) }
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: 4 * slots.count)
        bytes.withUnsafeBytes { bytes in
            for number in 0..<count {
                var hasher = Hasher()
                hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[starts[number]..<starts[number + 1]]))
                var slot = hasher.finalize() & (slots.count - 1)
                while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
                slots[slot] = Int32(number + 1)
            }
        }
    }
}
