import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import Service

@Suite struct PasswordHashTests {
    private let cost = PasswordHash.Cost(logRounds: 4, blockSize: 8, parallelism: 1)

    /// RFC 7914 §12, the vector of 1 MiB: the same function, not one of ours.
    @Test func scryptIsThatOfTheStandard() throws {
        let key = try KDF.Scrypt.deriveKey(
            from: Data("password".utf8), salt: Data("NaCl".utf8), outputByteCount: 16, rounds: 1024, blockSize: 8, parallelism: 16)
        let bytes = key.withUnsafeBytes { Array($0) }
        #expect(bytes == [0xfd, 0xba, 0xbe, 0x1c, 0x9d, 0x34, 0x72, 0x00, 0x78, 0x56, 0xe7, 0x19, 0x0d, 0x01, 0xe9, 0xfe])
    }

    @Test func aPasswordMatchesItselfAlone() throws {
        let hash = PasswordHash("correct horse battery", cost: cost)
        #expect(hash.matches("correct horse battery"))
        for other in ["", "correct horse batter", "Correct horse battery", "correct horse battery "] {
            #expect(!hash.matches(other))
        }
        #expect(PasswordHash("correct horse battery", cost: cost).salt != hash.salt)
    }

    @Test func theSameCharactersMatchHoweverTheyAreComposed() {
        let hash = PasswordHash("caf\u{E9} in the morning", cost: cost)
        #expect(hash.matches("cafe\u{301} in the morning"))
    }

    @Test func theTextKeepsTheCost() throws {
        let hash = PasswordHash("correct horse battery", cost: cost)
        #expect(hash.text.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        #expect(PasswordHash(hash.text) == hash)
    }

    @Test(arguments: [
        "", "password", "$scrypt$", "$argon2id$ln=4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
        "$scrypt$ln=63,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
        "$scrypt$ln=20,r=32,p=16$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=4,r=8,p=1$AA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "$scrypt$ln=4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$",
        "$scrypt$ln=-4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ])
    func whatIsNoHashIsNotRead(_ text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test func oneThatNobodyHasMatchesNothing() async throws {
        let hasher = PasswordHasher(cost: cost)
        #expect(try await !hasher.check("anything at all", against: nil))
        let hash = try await hasher.hash("anything at all")
        #expect(try await hasher.check("anything at all", against: hash))
    }

    @Test func tooManyAtOnceAreTurnedAway() async throws {
        let hasher = PasswordHasher(cost: .init(logRounds: 10, blockSize: 8, parallelism: 1))
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 * PasswordHasher.maximumPending {
                group.addTask { (try? await hasher.check("anything at all", against: nil)) != nil }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 } >= PasswordHasher.maximumPending)
        #expect(try await !hasher.check("anything at all", against: nil))
    }
}
