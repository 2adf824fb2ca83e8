import Canonical
import Foundation

/// A page of a list: its items under a name of their own, and `next`, the cursor of the page after it, where there is one.
struct ListAnswer: Sendable {
    let name: String
    let items: [JSON]
    let next: Cursor?
    /// Members beside the list.
    var more: [String: JSON] = [:]

    /// Cuts a page off what was read: one item more than fits says that there is a next page.
    init<Item>(_ name: String, _ found: [Item], limit: Int, key: (Item) -> JSON, json: (Item) -> JSON) {
        self.name = name
        items = found.prefix(limit).map(json)
        next = found.count > limit ? Cursor(list: name, key: key(found[limit - 1])) : nil
    }

    init(_ name: String, items: [JSON], next: JSON?) {
        self.name = name
        self.items = items
        self.next = next.map { Cursor(list: name, key: $0) }
    }

    var json: JSON {
        var members = more
        members[name] = .array(items)
        members["next"] = next.map { .string($0.text) }
        return .object(members)
    }
}
