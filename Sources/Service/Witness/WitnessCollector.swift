public import Foundation
import FoundationNetworking
public import Ledger
public import Logging
import Postgres
public import ServiceLifecycle
public import Tlog

/// Shows each new checkpoint to the witnesses and keeps what they sign.
///
/// Publishing does not wait for them: a witness that is away must not hold up the proof of what was charted. For each witness and log one request is
/// under way at a time, and it carries the newest checkpoint; those in between are passed over, since a cosignature covers all that came before.
public actor WitnessCollector: Service {
    private let urls: [URL]
    private let ledger: Ledger
    private let keys: [VerifierKey]
    private let logger: Logger
    /// What each witness signed last of each log, as far as is known here.
    private var signed: [Pair: UInt64] = [:]
    private var pending: Set<LogName> = []
    /// Since when a witness has not answered for a log.
    private var silent: [Pair: ContinuousClock.Instant] = [:]
    private var wake: CheckedContinuation<Void, Never>?
    /// How often it looked for something to show.
    private(set) var rounds = 0

    private struct Pair: Hashable {
        let url: URL
        let log: LogName
    }

    /// How long a witness may take.
    static let patience: TimeInterval = 5
    /// How often what a witness missed is shown to it again.
    static let retry: Duration = .seconds(10)

    /// - Parameter keys: the witnesses' keys; a cosignature by one of these names must be good. Others are kept unchecked, and `verify` ignores them.
    public init(_ urls: [URL], ledger: Ledger, keys: [VerifierKey], logger: Logger) {
        self.urls = urls
        self.ledger = ledger
        self.keys = keys
        self.logger = logger
    }

    /// To be called when a log has a new checkpoint. Returns at once.
    public func show(_ log: LogName) {
        pending.insert(log)
        wake?.resume()
        wake = nil
    }

    /// How many of the witnesses have not answered for some log since that long, or longer.
    public func unanswered(for time: Duration) -> Int {
        Set(silent.filter { .now - $0.value >= time }.map(\.key.url)).count
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.work() }
    }

    private func work() async {
        while !Task.isCancelled {
            let logs = pending
            pending = []
            rounds += 1
            for log in logs {
                for url in urls {
                    let pair = Pair(url: url, log: log)
                    do {
                        try await ask(url, log)
                        silent[pair] = nil
                    } catch {
                        if silent[pair] == nil { silent[pair] = .now }
                        logger.warning("a witness did not cosign", metadata: ["witness": "\(url)", "log": "\(log)", "error": "\(error)"])
                        pending.insert(log)
                    }
                }
            }
            // What failed is tried again after a while, or with the next checkpoint.
            if logs.isEmpty || !pending.isEmpty { await rest() }
        }
    }

    private func rest() async {
        let timer = Task {
            try? await Task.sleep(for: Self.retry)
            // One that was cancelled ends with its own rest, and must not end the next.
            if !Task.isCancelled { self.rise() }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { wake = continuation }
            }
        } onCancel: {
            Task { await self.rise() }
        }
        timer.cancel()
    }

    private func rise() {
        wake?.resume()
        wake = nil
    }

    /// Shows the newest checkpoint to one witness. Where the witness remembers another size than is known here, once more from there.
    private func ask(_ url: URL, _ log: LogName) async throws {
        guard let checkpoint = try await ledger.checkpoint(of: log) else { return }
        let size = checkpoint.checkpoint.size
        let pair = Pair(url: url, log: log)
        for _ in 0..<2 {
            let old = signed[pair] ?? 0
            guard old <= size else { throw WitnessError.ahead(signed: old, size: size) }
            let path = old > 0 && old < size ? try await ledger.consistency(from: old, to: size, in: log).path : []
            let base = Note(text: checkpoint.note.text, signatures: Array(checkpoint.note.signatures.prefix(1)))
            let (status, body) = try await post(WitnessRequest(oldSize: old, proof: path, note: base).description, to: url)
            switch status {
            case 200:
                try await keep(body, of: checkpoint, log)
                signed[pair] = size
                return
            case 409:
                guard let known = UInt64(body.trimmingCharacters(in: .whitespacesAndNewlines)), known != old else {
                    throw WitnessError.refused(status)
                }
                signed[pair] = known
            default: throw WitnessError.refused(status)
            }
        }
        throw WitnessError.refused(409)
    }

    private func keep(_ body: String, of checkpoint: SignedCheckpoint, _ log: LogName) async throws {
        for line in body.split(separator: "\n") {
            guard let signature = Note.Signature(line: line), let cosignature = Cosignature(signature), cosignature.time > 0 else {
                throw WitnessError.noCosignature
            }
            if let key = keys.first(where: { $0.name == signature.name }), !key.verifies(signature, of: checkpoint.note.text) {
                throw WitnessError.noCosignature
            }
            try await ledger.keep(cosignature: signature, of: checkpoint.checkpoint, in: log)
        }
    }

    private func post(_ text: String, to url: URL) async throws -> (status: Int, body: String) {
        var request = URLRequest(url: url.appending(path: "add-checkpoint"), timeoutInterval: Self.patience)
        request.httpMethod = "POST"
        request.httpBody = Data(text.utf8)
        request.setValue("text/plain; charset=utf-8", forHTTPHeaderField: "Content-Type")
        let (data, response) = try await URLSession.shared.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data.prefix(64 << 10), as: UTF8.self))
    }
}

/// Why a witness did not cosign.
enum WitnessError: Error, CustomStringConvertible {
    case refused(Int)
    /// It signed more than this log has: the log was put back, or forked.
    case ahead(signed: UInt64, size: UInt64)
    case noCosignature

    var description: String {
        switch self {
        case .refused(let status): "it answered \(status)"
        case .ahead(let signed, let size):
            "it has cosigned \(signed) events, and the log has \(size): the database was put back from an older backup, or it is another log"
        case .noCosignature: "what it answered is no good cosignature"
        }
    }
}
