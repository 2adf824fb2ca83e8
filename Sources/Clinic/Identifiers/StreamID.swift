import Canonical
public import Foundation

/// The name of a stream: `patient/<uuid>`, `session/<uuid>`, `vial/<uuid>`, or `clinic`, of which each clinic has one.
///
/// Streams of the access log are `access/<uuid>`, where the id is that of the patient whose data is concerned or of the sign-in that it belongs to,
/// or `access` alone. Short streams are cheap to fold: many readers use the first form.
public struct StreamID: Sendable, Hashable {
    public let kind: StreamKind
    /// `nil` for `clinic` and `access` alone.
    public let id: UUID?

    private init(_ kind: StreamKind, _ id: UUID?) {
        self.kind = kind
        self.id = id
    }

    public static let clinic = StreamID(.clinic, nil)
    public static func patient(_ id: UUID) -> StreamID { StreamID(.patient, id) }
    public static func session(_ id: UUID) -> StreamID { StreamID(.session, id) }
    public static func vial(_ id: UUID) -> StreamID { StreamID(.vial, id) }
    public static let access = StreamID(.access, nil)
    public static func access(_ id: UUID) -> StreamID { StreamID(.access, id) }

    /// Whether it stands in the clinic's access log; all others stand in its record.
    public var isInAccessLog: Bool { kind == .access }

    /// Reads a name. An upper-case UUID is accepted and becomes lower case in ``description``, so that a stream has one name only.
    public init?(_ text: String) {
        if text == StreamKind.clinic.rawValue {
            self = .clinic
            return
        }
        if text == StreamKind.access.rawValue {
            self = .access
            return
        }
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")),
            let kind = StreamKind(rawValue: String(text[..<slash])), kind != .clinic,
            let id = UUID(canonical: String(text[text.utf8.index(after: slash)...]))
        else { return nil }
        self.init(kind, id)
    }
}

extension StreamID {
    /// The id as two numbers: by itself it would be hashed byte by byte.
    public func hash(into hasher: inout Hasher) {
        guard let id else { return hasher.combine(kind) }
        withUnsafeBytes(of: id.uuid) { bytes in
            hasher.combine(bytes.loadUnaligned(as: UInt64.self))
            hasher.combine(bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }
}

extension StreamID: CustomStringConvertible {
    public var description: String {
        guard let id else { return kind.rawValue }
        return kind.rawValue + "/" + id.lowercase
    }
}
