import Foundation
public import Tlog

/// The key that signs checkpoints, and the public halves of those that did before it.
///
/// The file holds the private key on its first line (`PRIVATE+KEY+name+id+base64(0x01 ‖ seed)`, as the tools of Go's checksum database write it), and a
/// verifier key on each further line, newest first. Only its owner may read it.
public struct SigningKeys: Sendable {
    /// Named after the host of the logs: `dripline.local`.
    public let active: SignerKey
    /// Verifier keys of that name that are not used any more, newest first. What they signed stays good.
    public let retired: [VerifierKey]

    public static let defaultHost = "dripline.local"
    public static let variable = "DRIPLINE_SIGNING_KEY"

    private init(active: SignerKey, retired: [VerifierKey]) {
        self.active = active
        self.retired = retired
    }

    public static func path(in directory: String) -> String { directory + "/signing.key" }

    /// `<host>/<clinic>/<record|access>`.
    public func origin(of log: LogName) -> String { "\(active.name)/\(log.clinic)/\(log.kind.rawValue)" }

    /// The key by which a log's checkpoints are signed. Its name is the log's origin.
    func signer(for log: LogName) -> SignerKey { active.named(origin(of: log)) }

    /// The keys by which a log's checkpoints are verified, the one in use first.
    public func verifiers(for log: LogName) -> [VerifierKey] {
        let origin = origin(of: log)
        return [active.named(origin).verifier()] + retired.map { $0.named(origin) }
    }

    // MARK: Where they are kept

    /// The keys from the environment variable `DRIPLINE_SIGNING_KEY`, else from the file in a directory; nil where neither is there.
    /// - Throws: `SealError.key`.
    public static func load(directory: String, environment: [String: String]) throws(SealError) -> SigningKeys? {
        if let text = environment[variable], !text.isEmpty { return try SigningKeys(text, from: variable) }
        let path = path(in: directory)
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        guard status.st_mode & 0o077 == 0 else {
            throw .key("\(path) may be read by others than its owner; run `chmod 600 \(path)`, and `dripline keys rotate` if anybody did")
        }
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
            throw .key("\(path) cannot be read")
        }
        return try SigningKeys(text, from: path)
    }

    /// Makes a key and writes its file, which must not be there yet.
    /// - Throws: `SealError.key`.
    public static func create(directory: String, host: String = defaultHost) throws(SealError) -> SigningKeys {
        let path = path(in: directory)
        guard !FileManager.default.fileExists(atPath: path) else {
            throw .key("\(path) is there already; `dripline keys rotate` replaces the key and keeps the old one's public half")
        }
        guard isHost(host) else { throw .key("the host's name must be 1 to 253 of letters, digits, dots and hyphens") }
        let keys = SigningKeys(active: SignerKey(generating: host), retired: [])
        try keys.write(to: directory)
        return keys
    }

    /// A new key in the place of the active one, whose public half stays.
    /// - Throws: `SealError.key`.
    public func rotated(in directory: String) throws(SealError) -> SigningKeys {
        let keys = SigningKeys(active: SignerKey(generating: active.name), retired: [active.verifier()] + retired)
        try keys.write(to: directory)
        return keys
    }

    private func write(to directory: String) throws(SealError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
            var file = try DurableFile(path: Self.path(in: directory))
            file.write(text)
            try file.commit()
        } catch {
            throw .key("\(Self.path(in: directory)) cannot be written")
        }
    }

    private static let prefix = "PRIVATE+KEY+"

    private var text: String {
        let id = active.verifier().description.split(separator: "+", maxSplits: 2)[1]
        let secret = "\(Self.prefix)\(active.name)+\(id)+\(Base64.encode([SignatureKind.ed25519.rawValue] + active.seed))"
        return ([secret] + retired.map(\.description)).joined(separator: "\n") + "\n"
    }

    private init(_ text: String, from place: String) throws(SealError) {
        let lines = text.split(separator: "\n")
        guard let first = lines.first, first.hasPrefix(Self.prefix) else { throw .key("\(place) does not start with \(Self.prefix)") }
        let parts = first.dropFirst(Self.prefix.count).split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, Self.isHost(String(parts[0])), let bytes = Base64.decode(parts[2]), bytes.count == 33,
            bytes[0] == SignatureKind.ed25519.rawValue, let key = SignerKey(name: String(parts[0]), seed: Array(bytes.dropFirst())),
            key.verifier().description.split(separator: "+", maxSplits: 2)[1] == parts[1]
        else { throw .key("the private key in \(place) is damaged") }
        active = key
        do {
            retired = try lines.dropFirst().map { line throws(NoteError) in try VerifierKey(String(line)) }
        } catch {
            throw .key("a verifier key in \(place) is damaged")
        }
    }

    private static func isHost(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
            }
    }
}
