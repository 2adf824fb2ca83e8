import Foundation
import Ledger
import TestSupport
import Testing
import Tlog

@Suite struct SigningKeysTests {
    @Test func aFileIsMadeOnceForItsOwnerAlone() async throws {
        try await TemporaryDirectory.with { directory in
            #expect(try SigningKeys.load(directory: directory, environment: [:]) == nil)
            let made = try SigningKeys.create(directory: directory)
            let path = SigningKeys.path(in: directory)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let read = try #require(try SigningKeys.load(directory: directory, environment: [:]))
            #expect(read.active.verifier() == made.active.verifier())
            #expect(throws: SealError.self) { try SigningKeys.create(directory: directory) }
        }
    }

    @Test func aFileThatOthersMayReadIsRefused() async throws {
        try await TemporaryDirectory.with { directory in
            _ = try SigningKeys.create(directory: directory)
            chmod(SigningKeys.path(in: directory), 0o644)
            let error = #expect(throws: SealError.self) { try SigningKeys.load(directory: directory, environment: [:]) }
            #expect(error.map { "\($0)" }?.contains("chmod 600") == true)
        }
    }

    @Test func theEnvironmentComesFirst() async throws {
        try await TemporaryDirectory.with { one in
            try await TemporaryDirectory.with { other in
                let made = try SigningKeys.create(directory: one, host: "log.example.org")
                _ = try SigningKeys.create(directory: other)
                let text = try String(contentsOfFile: SigningKeys.path(in: one), encoding: .utf8)
                #expect(text.hasPrefix("PRIVATE+KEY+log.example.org+"))
                let read = try #require(try SigningKeys.load(directory: other, environment: [SigningKeys.variable: text]))
                #expect(read.active.verifier() == made.active.verifier())
                #expect(read.origin(of: .test("hickory", .access)) == "log.example.org/hickory/access")
            }
        }
    }

    @Test(arguments: ["", "nonsense", "PRIVATE+KEY+a+00000000+AAAA", "PRIVATE+KEY+dripline.local+00000000+"])
    func aDamagedKeyIsRefused(text: String) async throws {
        try await TemporaryDirectory.with { directory in
            let path = SigningKeys.path(in: directory)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o600)
            #expect(throws: SealError.self) { try SigningKeys.load(directory: directory, environment: [:]) }
        }
    }

    @Test func aHostMustBeOne() async throws {
        try await TemporaryDirectory.with { directory in
            #expect(throws: SealError.self) { try SigningKeys.create(directory: directory, host: "a b") }
            #expect(throws: SealError.self) { try SigningKeys.create(directory: directory, host: "a+b") }
        }
    }
}
