import Hummingbird
import NIOCore

/// `/openapi.json`: what the service understands and answers.
struct DescriptionRoute: Sendable {
    private static let tag = EntityTag([String(decoding: OpenAPIDocument.bytes, as: UTF8.self)])

    func add(to router: Router<ServiceContext>) {
        router.get("openapi.json") { request, _ in
            if Self.tag.isKnown(to: request) { return Response.notModified(Self.tag) }
            return Response(
                status: .ok,
                headers: [.contentType: "application/json", .cacheControl: "max-age=60", .eTag: Self.tag.description],
                body: .init(byteBuffer: ByteBuffer(bytes: OpenAPIDocument.bytes)))
        }
    }
}
