import Foundation
import Ledger
import Logging
import Postgres
import TestSupport
import Tlog

/// A sealer with a key and a memory of its own, in a directory that goes away with the test.
struct SealBench {
    let directory: String
    let keys: SigningKeys
    let sealer: Sealer

    var memory: SealMemory { SealMemory(directory: directory + "/sealed") }

    init(_ directory: String) throws {
        self.directory = directory
        keys = try SigningKeys.load(directory: directory, environment: [:]) ?? SigningKeys.create(directory: directory)
        sealer = Sealer(keys: keys, memory: SealMemory(directory: directory + "/sealed"))
    }

    /// As the service's login, which has no more rights than it needs.
    static var settings: ConnectionSettings { TestDatabase.current.settings.setting(user: "ledger_tests_login") }

    func service(_ ledger: Ledger) -> SealingService {
        SealingService(Self.settings, ledger: ledger, sealer: sealer, logger: .silent)
    }

    /// All that a verification can hold the log against.
    func options(_ log: LogName = .test(), against: Note? = nil, witnesses: [VerifierKey] = []) throws -> VerifyOptions {
        var options = VerifyOptions()
        options.keys = keys.verifiers(for: log)
        options.origin = keys.origin(of: log)
        options.memory = try memory.state(of: log)
        options.against = against
        options.witnesses = witnesses
        return options
    }
}

/// Runs a test with a ledger and a sealer on the test's database.
func withSealing(isolation: isolated (any Actor)? = #isolation, _ body: (Ledger, SealBench) async throws -> Void) async throws {
    try await TemporaryDirectory.with { directory in
        try await withLedger { ledger async throws in
            try await body(ledger, try SealBench(directory))
        }
    }
}
