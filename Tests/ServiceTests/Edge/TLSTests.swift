import Foundation
import NIOSSL
import TestSupport
import Testing

@testable import Service

@Suite(.service) struct TLSTests {
    private static func options(_ certificate: TestCertificate) -> HTTPOptions {
        var options = HTTPOptions()
        options.tls = TLSFiles(certificate: certificate.certificate, key: certificate.key)
        return options
    }

    /// A client that trusts what the file holds at this moment.
    private static func client(
        trusting certificate: TestCertificate, from minimum: TLSVersion = .tlsv12, to maximum: TLSVersion? = nil
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(certificate.certificate))
        configuration.minimumTLSVersion = minimum
        configuration.maximumTLSVersion = maximum
        return try NIOSSLContext(configuration: configuration)
    }

    private static func get(_ port: Int, _ context: NIOSSLContext) async throws -> String {
        let connection = try await RawConnection.open(port: port, tls: context)
        await connection.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        return try await connection.rest()
    }

    @Test func itSpeaksTLS12And13AndNothingOlder() async throws {
        try await TemporaryDirectory.with { directory in
            let certificate = try TestCertificate("first", in: directory)
            try await withService(options: Self.options(certificate)) { client, _ in
                for version in [TLSVersion.tlsv12, .tlsv13] {
                    let answer = try await Self.get(client.port, Self.client(trusting: certificate, from: version, to: version))
                    #expect(answer.httpStatus == 200)
                    #expect(answer.lowercased().contains("strict-transport-security: max-age=31536000"))
                }
                let old = try Self.client(trusting: certificate, from: .tlsv1, to: .tlsv11)
                #expect(try await Self.get(client.port, old) == "")
                // Without TLS nobody is talked to.
                let plain = try await RawConnection.open(port: client.port)
                await plain.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await plain.rest().httpStatus == nil)
            }
        }
    }

    @Test func aNewCertificateIsTakenWithoutARestartAndABadOneIsNot() async throws {
        try await TemporaryDirectory.with { directory in
            let first = try TestCertificate("first", in: directory)
            let old = try Self.client(trusting: first)
            try await withService(options: Self.options(first)) { client, _ in
                #expect(try await Self.get(client.port, old).httpStatus == 200)
                try Data("no certificate".utf8).write(to: URL(filePath: first.certificate))
                try await Task.sleep(for: ReloadingCertificate.interval)
                #expect(try await Self.get(client.port, old).httpStatus == 200)
                let second = try TestCertificate("second", in: directory)
                let new = try Self.client(trusting: second)
                let deadline = ContinuousClock.now + .seconds(60)
                var status: Int?
                while status == nil, ContinuousClock.now < deadline { status = try await Self.get(client.port, new).httpStatus }
                #expect(status == 200)
                #expect(try await Self.get(client.port, old) == "")
            }
        }
    }

    @Test func filesThatDoNotBelongTogetherAreRefused() async throws {
        try await TemporaryDirectory.with { directory in
            let first = try TestCertificate("first", in: directory)
            let key = directory + "/other.pem"
            try FileManager.default.copyItem(atPath: first.key, toPath: key)
            let second = try TestCertificate("second", in: directory)
            let files = TLSFiles(certificate: second.certificate, key: key)
            #expect(throws: TLSError.mismatch(files)) { try ReloadingCertificate.check(files) }
            let missing = TLSFiles(certificate: directory + "/none.pem", key: key)
            #expect(throws: TLSError.unreadable(missing.certificate, what: "certificate")) { try ReloadingCertificate.check(missing) }
            try ReloadingCertificate.check(TLSFiles(certificate: second.certificate, key: second.key))
        }
    }

    /// Handshakes that never end.
    @Test func aHandshakeThatIsNotFinishedIsCut() async throws {
        try await TemporaryDirectory.with { directory in
            let certificate = try TestCertificate("first", in: directory)
            var options = Self.options(certificate)
            options.limits.headerTime = .seconds(2)
            try await withService(options: options) { client, _ in
                var slow: [RawConnection] = []
                for _ in 0..<100 {
                    let connection = try await RawConnection.open(port: client.port)
                    await connection.send("\u{16}\u{3}\u{1}")
                    slow.append(connection)
                }
                #expect(try await Self.get(client.port, Self.client(trusting: certificate)).httpStatus == 200)
                for connection in slow { _ = try await connection.rest() }
            }
        }
    }
}
