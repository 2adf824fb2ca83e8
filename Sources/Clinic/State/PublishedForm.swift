public import Canonical
import Crypto
import Foundation

/// One version of a consent form, as published.
public struct PublishedForm: Sendable, Hashable {
    public let form: String
    public let version: String
    public let text: String
    public let publishedAt: Timestamp

    init(_ publication: Charted<ConsentFormPublished>) {
        form = publication.body.form
        version = publication.body.version
        text = publication.body.text
        publishedAt = publication.at
    }

    /// SHA-256 of the text in UTF-8, in lower-case hex: what `form_digest` of a consent must be.
    public var digest: String {
        Hex.encode(SHA256.hash(data: Data(text.utf8)))
    }

    func isPublished(by instant: Timestamp?) -> Bool {
        guard let instant else { return true }
        return publishedAt <= instant
    }
}
