import Crypto
import CryptoExtras
import Foundation

/// A password as it is stored: scrypt (RFC 7914) under a salt of its own, with the cost it was made at.
///
/// Text form (PHC string format): `$scrypt$ln=16,r=8,p=1$<salt>$<hash>`, base64 without padding.
struct PasswordHash: Sendable, Hashable {
    struct Cost: Sendable, Hashable {
        /// Base-2 logarithm of scrypt's N.
        let logRounds: Int
        let blockSize: Int
        let parallelism: Int

        var bytes: Int { 128 * blockSize * parallelism << logRounds }
        /// What a stored hash may ask for: a row that was tampered with must not eat the machine.
        var isBearable: Bool {
            (1...20).contains(logRounds) && (1...32).contains(blockSize) && (1...16).contains(parallelism) && bytes <= 256 << 20
        }
    }

    let cost: Cost
    let salt: [UInt8]
    let hash: [UInt8]

    /// Takes the time that the cost asks for: not to be called on Swift's cooperative threads.
    init(_ password: String, cost: Cost) {
        var random = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in random.next() as UInt8 }
        self.init(cost: cost, salt: salt, hash: Self.derive(password, salt: salt, cost: cost, length: 32))
    }

    private init(cost: Cost, salt: [UInt8], hash: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.hash = hash
    }

    /// One that no password is known for.
    init(unknownAt cost: Cost) {
        var random = SystemRandomNumberGenerator()
        self.init(cost: cost, salt: (0..<16).map { _ in random.next() }, hash: (0..<32).map { _ in random.next() })
    }

    /// Whether this is the password. Compares in constant time; takes the time that the cost asks for.
    func matches(_ password: String) -> Bool {
        let other = Self.derive(password, salt: salt, cost: cost, length: hash.count)
        var difference: UInt8 = 0
        for (left, right) in zip(hash, other) { difference |= left ^ right }
        return difference == 0 && other.count == hash.count
    }

    /// The same characters in one form (NFKC): keyboards and systems differ in how they compose them (NIST SP 800-63B §3.1.1.2).
    static func normalised(_ password: String) -> String { password.precomposedStringWithCompatibilityMapping }

    private static func derive(_ password: String, salt: [UInt8], cost: Cost, length: Int) -> [UInt8] {
        do {
            let key = try KDF.Scrypt.deriveKey(
                from: Array(normalised(password).utf8), salt: salt, outputByteCount: length, rounds: 1 << cost.logRounds,
                blockSize: cost.blockSize, parallelism: cost.parallelism)
            return key.withUnsafeBytes { Array($0) }
        } catch {
            preconditionFailure("scrypt refuses its parameters, which have been checked: \(error)")
        }
    }

    // MARK: Text

    var text: String {
        "$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)$\(Self.base64(salt))$\(Self.base64(hash))"
    }

    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        let numbers = parts[2].split(separator: ",").map { $0.split(separator: "=") }
        guard numbers.count == 3, numbers.allSatisfy({ $0.count == 2 }), numbers.map({ $0[0] }) == ["ln", "r", "p"],
            let logRounds = Int(numbers[0][1]), let blockSize = Int(numbers[1][1]), let parallelism = Int(numbers[2][1])
        else { return nil }
        let cost = Cost(logRounds: logRounds, blockSize: blockSize, parallelism: parallelism)
        guard cost.isBearable, let salt = Self.bytes(parts[3]), let hash = Self.bytes(parts[4]), salt.count >= 16, hash.count == 32 else {
            return nil
        }
        self.init(cost: cost, salt: salt, hash: hash)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        String(Data(bytes).base64EncodedString().prefix { $0 != "=" })
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text + padding).map(Array.init)
    }
}
