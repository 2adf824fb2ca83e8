/// Chance that is the same on every machine and in every version: SplitMix64 (Steele, Lea, Flood 2014), in whole numbers only.
struct Chance {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    /// Chance of its own for a part of the simulation, so that a part that takes one number more leaves the others as they were.
    init(_ seed: UInt64, _ name: String) {
        // FNV-1a, then mixed with the seed.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        var mixing = Chance(seed ^ hash)
        state = mixing.next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Both ends count. The modulo's bias is far below what a simulation of this size could show.
    mutating func between(_ low: Int, _ high: Int) -> Int {
        low + Int(next() % UInt64(high - low + 1))
    }

    /// Around 0, triangular, within ± width.
    mutating func spread(_ width: Int) -> Int {
        (between(-width, width) + between(-width, width)) / 2
    }

    mutating func happens(perMille: Int) -> Bool { between(0, 999) < perMille }

    mutating func pick<Value>(_ choices: [Value]) -> Value { choices[between(0, choices.count - 1)] }
}
