import Foundation
public import Ledger
public import Tlog

extension Database {
    /// What was signed last, by log.
    public var memory: SealMemory { SealMemory(directory: state + "/sealed") }

    /// The keys that sign this database's logs; nil where none has been made yet.
    /// - Throws: `SealError.key`.
    public func signingKeys() throws -> SigningKeys? {
        try SigningKeys.load(directory: state, environment: ProcessInfo.processInfo.environment)
    }

    /// What seals the logs. Makes a key where there is none.
    /// - Parameter onFirstKey: called with the keys when they are new.
    /// - Throws: `SealError.key`.
    public func sealing(
        onFirstKey: (SigningKeys) -> Void = { _ in },
        onCheckpoint: @escaping @Sendable (LogName, Sealer.Round) async -> Void = { _, _ in }
    ) throws -> SealingService {
        let keys: SigningKeys
        if let known = try signingKeys() {
            keys = known
        } else {
            keys = try SigningKeys.create(directory: state)
            onFirstKey(keys)
        }
        return SealingService(
            settings, ledger: ledger, sealer: Sealer(keys: keys, memory: memory), logger: logger, onCheckpoint: onCheckpoint)
    }

    /// All that a log can be held against: its keys, where they are here, and what was signed last.
    public func verifyOptions(for log: LogName, against: Note? = nil, witnesses: [VerifierKey] = []) throws -> VerifyOptions {
        var options = VerifyOptions()
        if let keys = try signingKeys() {
            options.keys = keys.verifiers(for: log)
            options.origin = keys.origin(of: log)
        }
        options.memory = try memory.state(of: log)
        options.against = against
        options.witnesses = witnesses
        return options
    }
}
