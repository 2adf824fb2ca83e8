import Foundation
import Synchronization
import TestSupport

/// `oidc-provider-mock` in a Python process, on a free port of loopback.
final class PythonProvider: Sendable {
    static let version = "0.3.4"

    /// Starts it, writes its address, then for each line, a subject, goes through the code flow and writes the ID token.
    private static let program = """
        import sys, httpx, oidc_provider_mock
        from urllib.parse import urlparse, parse_qs
        with oidc_provider_mock.run_server_in_thread() as server:
            base = "http://127.0.0.1:%d" % server.server_port
            print(base, flush=True)
            client = {"client_id": "dripline", "redirect_uri": "http://127.0.0.1/callback"}
            for line in sys.stdin:
                query = client | {"response_type": "code", "scope": "openid profile"}
                answer = httpx.post(base + "/oauth2/authorize", params=query, data={"sub": line.strip()})
                code = parse_qs(urlparse(answer.headers["location"]).query)["code"][0]
                answer = httpx.post(
                    base + "/oauth2/token", auth=("dripline", "secret"),
                    data={"grant_type": "authorization_code", "code": code, "redirect_uri": client["redirect_uri"]})
                print(answer.json()["id_token"], flush=True)
        """

    let base: String
    private let process: Process
    private let input: FileHandle
    private let lines: LineStream

    /// Runs `body` with a provider, which is ended afterwards.
    static func with(_ body: (PythonProvider) async throws -> Void) async throws {
        let provider = try await PythonProvider(python: PythonEnvironment.python(["oidc-provider-mock==\(version)"]))
        do {
            try await body(provider)
        } catch {
            await provider.stop()
            throw error
        }
        await provider.stop()
    }

    private init(python: String) async throws {
        process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-W", "ignore", "-c", Self.program]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.input = input.fileHandleForWriting
        lines = LineStream(output.fileHandleForReading)
        base = try await lines.next()
    }

    /// An ID token for that subject.
    func token(_ subject: String) async throws -> String {
        try input.write(contentsOf: Data((subject + "\n").utf8))
        return try await lines.next()
    }

    func stop() async {
        guard process.isRunning else { return }
        // Started from a thread of the concurrency pool, where signals are blocked, it inherits that: no other would reach it.
        kill(process.processIdentifier, SIGKILL)
        while process.isRunning { try? await Task.sleep(for: .milliseconds(10)) }
    }
}

/// The lines that a process writes.
final class LineStream: Sendable {
    struct Ended: Error {}

    private let found = Mutex<[String]>([])

    init(_ handle: FileHandle) {
        Thread.detachNewThread { [self] in
            var rest = Data()
            while case let more = handle.availableData, !more.isEmpty {
                rest.append(more)
                while let end = rest.firstIndex(of: 0x0A) {
                    let line = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
                    found.withLock { $0.append(line) }
                    rest = Data(rest[rest.index(after: end)...])
                }
            }
        }
    }

    /// Waits for the next line, a minute at most.
    func next() async throws -> String {
        for _ in 0..<6000 {
            if let line = found.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return line }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Ended()
    }
}
