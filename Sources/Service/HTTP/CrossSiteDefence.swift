import HTTPTypes
import Hummingbird

/// Keeps other sites' pages from acting with a browser's cookies, as Fetch Metadata and `Origin` allow, beside the cookie's SameSite=Strict.
enum CrossSiteDefence {
    private static let safe: Set<HTTPRequest.Method> = [.get, .head, .options]
    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!

    /// Every browser says where a request that changes something comes from; who says nothing of it is refused.
    /// - Throws: 403.
    static func check(_ request: Request, allowsSilence: Bool = false) throws {
        guard !safe.contains(request.method) else { return }
        if let site = request.headers[fetchSite] {
            guard site == "same-origin" || site == "none" else { throw refusal }
            return
        }
        if let origin = request.headers[.origin] {
            guard let authority = request.head.authority, origin == "https://\(authority)" || origin == "http://\(authority)" else {
                throw refusal
            }
            return
        }
        guard allowsSilence else { throw refusal }
    }

    private static var refusal: ProblemResponse {
        ProblemResponse(
            .forbidden, "cross-site",
            "A request with a session's cookie must come from this site's own pages: a program sends Authorization: Bearer instead.")
    }
}
