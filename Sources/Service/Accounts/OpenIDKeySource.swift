import Foundation
import FoundationNetworking
import Logging

/// Where a provider's keys are got, and the last good set of them. A set is kept through an outage of the provider, however long; a key that the set
/// does not hold makes it be got again, at most once a minute, so that nobody can have us ask the provider by inventing names.
actor OpenIDKeySource {
    private let place: OpenIDProvider.Keys
    private let logger: Logger
    private var current: OpenIDKeySet?
    private var triedAt: ContinuousClock.Instant?
    private var loadedAt: ContinuousClock.Instant?
    private var loading: Task<OpenIDKeySet?, Never>?

    static let patience: TimeInterval = 5
    /// The least time between two attempts.
    let pause: Duration
    /// After so long a set is got again, so that a key that the provider withdrew is forgotten.
    let age: Duration

    init(_ place: OpenIDProvider.Keys, pause: Duration = .seconds(60), age: Duration = .seconds(3600), logger: Logger) {
        self.place = place
        self.pause = pause
        self.age = age
        self.logger = logger
    }

    /// The key of that name; nil where the provider has none.
    /// - Throws: `AccountError.unavailable` while no set of keys was ever got.
    func key(_ name: String?) async throws(AccountError) -> OpenIDKeySet.Key? {
        if let known = current?.key(name), !isOld { return known }
        if mayTry || loading != nil { await load() }
        guard let current else { throw .unavailable("the identity provider's keys cannot be got") }
        return current.key(name)
    }

    private var isOld: Bool { loadedAt.map { $0 + age < .now } ?? true }
    private var mayTry: Bool { triedAt.map { $0 + pause < .now } ?? true }

    /// One attempt at a time, which all that wait share.
    private func load() async {
        let task: Task<OpenIDKeySet?, Never>
        if let loading {
            task = loading
        } else {
            triedAt = .now
            task = Task { [place] in await Self.load(place) }
            loading = task
        }
        let found = await task.value
        guard loading == task else { return }
        loading = nil
        if let found {
            current = found
            loadedAt = .now
        } else {
            logger.warning("an identity provider's keys could not be got; those that are known stay good")
        }
    }

    private static func load(_ place: OpenIDProvider.Keys) async -> OpenIDKeySet? {
        switch place {
        case .file(let path):
            guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
            return await OpenIDKeySet(bytes)
        case .url(let text):
            guard let url = URL(string: text), isTrustworthy(url) else { return nil }
            let configuration = URLSessionConfiguration.ephemeral
            configuration.timeoutIntervalForRequest = patience
            configuration.timeoutIntervalForResource = patience
            configuration.httpCookieStorage = nil
            let session = URLSession(configuration: configuration, delegate: NoRedirects(), delegateQueue: nil)
            defer { session.finishTasksAndInvalidate() }
            guard let (bytes, response) = try? await session.data(from: url), (response as? HTTPURLResponse)?.statusCode == 200 else {
                return nil
            }
            return await OpenIDKeySet(bytes)
        }
    }

    /// By TLS, or on this machine.
    static func isTrustworthy(_ url: URL) -> Bool {
        switch (url.scheme, url.host) {
        case ("https", .some): true
        case ("http", .some(let host)): ["127.0.0.1", "::1", "localhost"].contains(host)
        default: false
        }
    }
}

/// The keys are where the configuration says, and nowhere else.
private final class NoRedirects: NSObject, URLSessionTaskDelegate, Sendable {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
