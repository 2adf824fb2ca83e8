import Canonical
import Foundation

/// Where a page of a list ends: the sort key of its last item, opaque to clients. The next page begins after that key, whatever was added or removed
/// meanwhile, so nothing is shown twice and nothing that stays is left out.
struct Cursor: Sendable {
    /// Which list it belongs to: a cursor of another one is refused.
    let list: String
    let key: JSON

    /// No key is nearly as long.
    static let maximumLength = 8192

    init(list: String, key: JSON) {
        self.list = list
        self.key = key
    }

    /// base64url of `[list, key]`.
    var text: String {
        let json: JSON = [.string(list), key]
        return Data(json.canonicalBytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Nil for what is no cursor of this list.
    init?(_ text: String, list: String) {
        guard text.utf8.count <= Cursor.maximumLength else { return nil }
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + padding),
            let parts = (try? JSON.parse(bytes))?.elements, parts.count == 2, parts[0].text == list
        else { return nil }
        self.init(list: list, key: parts[1])
    }
}

extension Query {
    /// The key after which to go on; nil at the beginning.
    /// - Parameter read: makes the key of what the cursor holds; nil where it holds something else.
    func cursor<Key>(of list: String, _ read: (JSON) -> Key?) throws -> Key? {
        guard let text = text("cursor") else { return nil }
        guard let cursor = Cursor(text, list: list), let key = read(cursor.key) else {
            throw problem("cursor", "must be next of the page before, as it is")
        }
        return key
    }
}
