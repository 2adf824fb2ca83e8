/// Splits a binary COPY stream into rows. libpq hands over whole messages: the server sends one a row, the header together with the first.
struct CopyReader {
    private(set) var rowCount = 0
    private var headerSeen = false

    mutating func read(_ message: UnsafeRawBufferPointer, _ body: (inout CopyRow) throws -> Void) throws {
        let span = message.bytes
        var start = 0
        if !headerSeen {
            let signature = CopySignature.bytes
            guard span.byteCount >= CopySignature.headerBytes, span.array(0..<signature.count) == signature else {
                throw RowError.copy("it is not in the binary form: write COPY … (FORMAT binary)")
            }
            start = CopySignature.headerBytes + Int(span.load(Int32.self, at: 15))
            headerSeen = true
        }
        guard start + 2 <= span.byteCount else { return }
        let fields = Int(span.load(Int16.self, at: start))
        // The trailer.
        if fields < 0 { return }
        rowCount += 1
        var row = CopyRow(message, at: start + 2, fields: fields)
        try body(&row)
    }
}
