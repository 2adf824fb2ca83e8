import Foundation
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The service's certificate, read again when its files change, so that a renewed one needs no restart. What cannot be used is reported, and the one
/// before stays.
final class ReloadingCertificate: Sendable {
    private struct Loaded {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKey
    }

    private let files: TLSFiles
    private let logger: Logger
    private let loaded: Mutex<Loaded>

    /// How often the files are looked at.
    static let interval: Duration = .seconds(5)

    /// - Throws: `TLSError`.
    init(_ files: TLSFiles, logger: Logger) throws {
        self.files = files
        self.logger = logger
        loaded = Mutex(try Self.load(files))
    }

    /// - Throws: `TLSError` where the files can't be used.
    static func check(_ files: TLSFiles) throws { _ = try load(files) }

    /// TLS 1.2 and 1.3; each handshake takes the certificate of that moment.
    var channelConfiguration: TLSChannelConfiguration {
        let first = loaded.withLock { $0 }
        var configuration = Self.configuration(first)
        configuration.sslContextCallback = { [self] _, promise in
            let now = loaded.withLock { $0 }
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = now.chain
            override.privateKey = .privateKey(now.key)
            promise.succeed(override)
        }
        return TLSChannelConfiguration(tlsConfiguration: configuration)
    }

    /// Looks at the files until it is cancelled.
    func watch() async {
        var seen = Self.marks(files)
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            let marks = Self.marks(files)
            guard marks != seen else { continue }
            seen = marks
            reload()
        }
    }

    func reload() {
        do {
            let new = try Self.load(files)
            loaded.withLock { $0 = new }
            logger.notice("the certificate was read again")
        } catch {
            logger.error("the new certificate cannot be used, the one before stays", metadata: ["error": "\(error)"])
        }
    }

    private static func configuration(_ loaded: Loaded) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: loaded.chain, privateKey: .privateKey(loaded.key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    private static func load(_ files: TLSFiles) throws -> Loaded {
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(files.certificate) } catch {
            throw TLSError.unreadable(files.certificate, what: "certificate")
        }
        let key: NIOSSLPrivateKey
        do { key = try NIOSSLPrivateKey(file: files.key, format: .pem) } catch { throw TLSError.unreadable(files.key, what: "private key") }
        let loaded = Loaded(chain: chain.map { .certificate($0) }, key: key)
        // BoringSSL finds out whether the two belong together.
        do { _ = try NIOSSLContext(configuration: configuration(loaded)) } catch { throw TLSError.mismatch(files) }
        return loaded
    }

    /// Changes when a file does, also when a link comes to point elsewhere.
    private static func marks(_ files: TLSFiles) -> [[Int]] {
        [files.certificate, files.key].map { path in
            let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            guard let found = try? FileManager.default.attributesOfItem(atPath: place) else { return [] }
            let changed = (found[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            return [found[.systemFileNumber], found[.size]].map { ($0 as? NSNumber)?.intValue ?? 0 } + [Int(changed * 1_000_000)]
        }
    }
}

/// Why the service cannot speak TLS.
public enum TLSError: Error, Sendable, Hashable, CustomStringConvertible {
    case unreadable(String, what: String)
    case mismatch(TLSFiles)

    public var description: String {
        switch self {
        case .unreadable(let path, let what): "There is no \(what) to be read in \(path): it must be PEM, and readable for this user."
        case .mismatch(let files):
            "The key in \(files.key) does not belong to the certificate in \(files.certificate), or one of them is unsound."
        }
    }
}
