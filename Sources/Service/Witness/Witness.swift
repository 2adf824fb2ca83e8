import Foundation
import Ledger
import Postgres
public import Tlog

/// Cosigns the checkpoints of logs that it knows, as long as each only grows from the one before (C2SP tlog-witness).
///
/// It keeps the last (size, root) of each log in a file and writes that durably before it answers, so that not even a crash makes it sign two histories.
/// One process at a time holds a data directory.
public actor Witness {
    /// What it answers.
    public enum Answer: Sendable, Hashable {
        /// Its signature line.
        case cosigned(String)
        case malformed(String)
        /// None of the keys that it knows signed the checkpoint.
        case untrusted
        case unknownOrigin
        /// It signed another size before, or another root of this size.
        case conflict(size: UInt64)
        /// The proof does not lead from what it signed before.
        case inconsistent
    }

    private let key: SignerKey
    private let logs: [VerifierKey]
    private let directory: String
    private let lock: FileLock
    private let now: @Sendable () -> UInt64

    /// - Parameters:
    ///   - logs: the keys of the logs that it may cosign. A key's name is its log's origin.
    ///   - now: seconds since 1970; nil for the system's clock.
    /// - Throws: `SealError.memory` where another process holds the directory.
    public init(
        key: SignerKey, logs: [VerifierKey], directory: String,
        now: (@Sendable () -> UInt64)? = nil
    ) throws {
        self.key = key
        self.logs = logs
        self.directory = directory
        self.now = now ?? { UInt64(max(1, Date().timeIntervalSince1970)) }
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard let lock = try FileLock.attempt(directory + "/lock", .exclusive) else {
            throw SealError.memory(directory, "another witness holds it")
        }
        self.lock = lock
    }

    public nonisolated var verifier: VerifierKey { key.verifier(.cosignature) }

    /// Answers `POST /add-checkpoint`.
    /// - Throws: where what it signed before can't be read or written: then it signs nothing.
    public func answer(_ body: String) throws -> Answer {
        let request: WitnessRequest
        let checkpoint: Checkpoint
        do {
            request = try WitnessRequest(body)
            checkpoint = try Checkpoint(text: request.note.text)
        } catch {
            return .malformed("\(error)")
        }
        let keys = logs.filter { $0.name == checkpoint.origin }
        guard !keys.isEmpty else { return .unknownOrigin }
        do { try request.note.verified(by: keys) } catch { return .untrusted }
        guard request.oldSize <= checkpoint.size else { return .malformed("the old size is larger than the checkpoint's") }

        let memory = try state(of: checkpoint.origin)
        guard request.oldSize == memory?.size ?? 0 else { return .conflict(size: memory?.size ?? 0) }
        if let memory, memory.size > 0 {
            if memory.size == checkpoint.size, memory.root != checkpoint.root { return .conflict(size: memory.size) }
            let holds = Proof.isConsistent(
                oldSize: memory.size, oldRoot: memory.root, size: checkpoint.size, root: checkpoint.root, proof: request.proof)
            guard holds else { return .inconsistent }
        } else if !request.proof.isEmpty {
            return .inconsistent
        }
        try remember(.init(size: checkpoint.size, root: checkpoint.root), of: checkpoint.origin)
        return .cosigned(try key.cosign(request.note.text, time: now()).line)
    }

    // MARK: What it signed before

    /// The origin may hold any character: the file's name is its hash.
    private func path(_ origin: String) -> String {
        directory + "/" + TreeHash.leaf(Array(origin.utf8)).bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func state(of origin: String) throws -> SealMemory.State? {
        let path = path(origin)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[0] == origin, let size = UInt64(lines[1]), let root = TreeHash(base64: lines[2]) else {
            throw SealError.memory(path, "it does not hold an origin, a size and a root")
        }
        return SealMemory.State(size: size, root: root)
    }

    private func remember(_ state: SealMemory.State, of origin: String) throws {
        var file = try DurableFile(path: path(origin))
        file.write("\(origin)\n\(state.size)\n\(state.root.base64)\n")
        try file.commit()
    }
}
