import Foundation
import FoundationNetworking
import Synchronization

/// The server-sent events of one request, as they come.
final class EventStream: NSObject, URLSessionDataDelegate, Sendable {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private struct State {
        var text = ""
        var hasEnded = false
        var response: (status: Int, contentType: String?)?
        var breakGlass: String?
    }

    private let state = Mutex(State())

    static func open(_ request: URLRequest) -> (stream: EventStream, task: URLSessionDataTask) {
        let stream = EventStream()
        let session = URLSession(configuration: .ephemeral, delegate: stream, delegateQueue: nil)
        let task = session.dataTask(with: request)
        task.resume()
        session.finishTasksAndInvalidate()
        return (stream, task)
    }

    var response: (status: Int, contentType: String?)? { state.withLock { $0.response } }

    /// The header that marks what is shown in an emergency.
    var breakGlass: String? { state.withLock { $0.breakGlass } }

    /// The ids of the events so far.
    var ids: [Int64] { field("id: ").compactMap { Int64($0) } }
    var types: [String] { field("event: ") }
    var data: [String] { field("data: ") }
    var text: String { state.withLock { $0.text } }

    private func field(_ name: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) }
    }

    /// Waits until what came satisfies a condition.
    func wait(_ what: String, until isTrue: (EventStream) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while !isTrue(self) {
            guard ContinuousClock.now < deadline else { throw Failed(description: "\(what): never; so far: \(text)") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    func waitForEnd() async throws { try await wait("the end of the stream") { $0.state.withLock { $0.hasEnded } } }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        if let http = response as? HTTPURLResponse {
            state.withLock {
                $0.breakGlass = http.value(forHTTPHeaderField: "Dripline-Break-Glass")
                $0.response = (http.statusCode, http.value(forHTTPHeaderField: "Content-Type"))
            }
        }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        // Bytes of one character may come apart; the tests' events are ASCII.
        state.withLock { $0.text += String(decoding: data, as: UTF8.self) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        state.withLock { $0.hasEnded = true }
    }
}
