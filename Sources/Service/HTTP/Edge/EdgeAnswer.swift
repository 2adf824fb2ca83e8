import Canonical
import HTTPTypes
import NIOCore

/// An answer from before there is a request: problem details, and the connection is closed after it.
struct EdgeAnswer: Sendable {
    let status: HTTPResponse.Status
    private let body: String
    private let fields: HTTPFields

    init(_ status: HTTPResponse.Status, _ code: String, _ detail: String) {
        self.status = status
        body = JSON.problem(code, status: status.code, detail: detail).canonical
        var fields: HTTPFields = [
            .contentType: "application/problem+json", .contentLength: "\(body.utf8.count)", .connection: "close",
        ]
        if status == .serviceUnavailable { fields[.retryAfter] = "1" }
        SafeHeaders(isSecure: false).add(to: &fields)
        self.fields = fields
    }

    var head: HTTPResponse { HTTPResponse(status: status, headerFields: fields) }
    var content: ByteBuffer { ByteBuffer(string: body) }

    /// As HTTP/1.1, for where there is no encoder.
    var text: String {
        let fields = fields.map { "\($0.name.rawName): \($0.value)\r\n" }.joined()
        return "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n\(fields)\r\n\(body)"
    }
}
