import HTTPTypes
import Hummingbird
import NIOCore

/// Compresses large answers to reads with gzip, where the client takes that (RFC 9110 §8.4.1.3, §12.5.3).
///
/// Only what is read, so that nothing that a client sends is compressed together with what it may not know; never a live stream, whose
/// events would wait in the compressor.
struct CompressionMiddleware<Context: RequestContext>: RouterMiddleware {
    /// Smaller bodies are not worth it.
    static var leastBytes: Int { 1024 }

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        let response = try await next(request, context)
        guard request.method == .get, response.status == .ok, response.headers[.contentEncoding] == nil,
            isCompressible(response.headers[.contentType] ?? "")
        else { return response }
        var headers = response.headers
        headers[.vary] = "Accept-Encoding"
        let isLarge = response.body.contentLength.map { $0 >= CompressionMiddleware.leastBytes } ?? true
        guard isLarge, request.headers.takesGzip else {
            return Response(status: response.status, headers: headers, body: response.body)
        }
        headers[.contentEncoding] = "gzip"
        headers[.contentLength] = nil
        let body = response.body
        return Response(
            status: response.status, headers: headers,
            body: ResponseBody { writer in
                try await body.write(GzipWriter(parent: writer))
            })
    }

    private func isCompressible(_ type: String) -> Bool {
        let name = type.prefix { $0 != ";" }
        return ["application/json", "application/x-ndjson", "text/csv", "text/markdown", "text/html", "application/problem+json"].contains(
            name)
    }
}

/// Writes what it is given to another writer, as gzip.
private struct GzipWriter: ResponseBodyWriter {
    /// Of what is compressed at once: the output of one piece is in memory, never that of a whole body.
    static let piece = 64 << 10

    var parent: any ResponseBodyWriter
    let deflater = Deflater()

    mutating func write(_ buffer: ByteBuffer) async throws {
        var rest = buffer
        while rest.readableBytes > 0 {
            guard let piece = rest.readSlice(length: min(rest.readableBytes, GzipWriter.piece)) else { return }
            let output = deflater.deflate(piece)
            if output.readableBytes > 0 { try await parent.write(output) }
        }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await parent.write(deflater.finish())
        try await parent.finish(trailingHeaders)
    }
}

extension HTTPFields {
    /// Whether `Accept-Encoding` names gzip, or anything, with a quality above 0.
    fileprivate var takesGzip: Bool {
        var any = false
        for range in self[values: .acceptEncoding].flatMap({ $0.split(separator: ",") }) {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            let isWanted = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1 > 0
            if parts.first == "gzip" { return isWanted }
            if parts.first == "*" { any = isWanted }
        }
        return any
    }
}
