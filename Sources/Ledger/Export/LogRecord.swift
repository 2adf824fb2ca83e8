/// One event exactly as it is stored: the bytes that the log's hashes commit to, and nothing that was derived from them.
public struct LogRecord: Sendable, Hashable {
    /// Where it was found: its place in the table, or the number of its line. What it says of itself stands in the entry.
    public let position: Int64
    /// The leaf's bytes: one line of canonical JSON.
    public let entry: String
    /// The exact JSON of the event's data; nil once erased.
    public let payload: String?
    /// 32 bytes; nil once erased.
    public let salt: [UInt8]?
    /// The author's reason, where a gate was overridden; nil once erased.
    public let overrideReason: String?
    /// What the place it was read from says against it, without clinical content: columns of the table that differ from the entry, a line that
    /// is damaged.
    public let contradictions: [String]

    public init(
        position: Int64, entry: String, payload: String?, salt: [UInt8]?, overrideReason: String?, contradictions: [String] = []
    ) {
        self.position = position
        self.entry = entry
        self.payload = payload
        self.salt = salt
        self.overrideReason = overrideReason
        self.contradictions = contradictions
    }

    /// Whether it is gone for good, with all that belongs to it.
    public var isErased: Bool { payload == nil && salt == nil && overrideReason == nil }
}

extension LogRecord {
    /// Bytes that are no UTF-8 come as U+FFFD: they are not what was stored.
    public init(_ bytes: RecordBytes) {
        func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }
        self.init(
            position: bytes.position, entry: text(bytes.entry), payload: bytes.payload.map(text), salt: bytes.salt.map { Array($0) },
            overrideReason: bytes.reason.map(text), contradictions: bytes.contradictions)
    }

    /// Lends its bytes.
    func withBytes<T>(_ body: (RecordBytes) throws -> T) rethrows -> T {
        var (entry, payload, reason) = (entry, payload ?? "", overrideReason ?? "")
        return try entry.withUTF8 { entry in
            try payload.withUTF8 { payload in
                try reason.withUTF8 { reason in
                    try (salt ?? []).withUnsafeBytes { salt in
                        try body(
                            RecordBytes(
                                position: position, entry: UnsafeRawBufferPointer(entry),
                                payload: self.payload == nil ? nil : UnsafeRawBufferPointer(payload), salt: self.salt == nil ? nil : salt,
                                reason: overrideReason == nil ? nil : UnsafeRawBufferPointer(reason), contradictions: contradictions))
                    }
                }
            }
        }
    }
}
