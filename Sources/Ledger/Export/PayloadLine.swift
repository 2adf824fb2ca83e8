import Canonical

/// A line of `payloads.jsonl`: `{"position":n,"salt":"hex","payload":…}` with the payload's exact bytes, `"override_reason":"…"` before the payload
/// where a gate was overridden, or `{"position":n,"erased":true}`.
///
/// The payload comes last, so that its bytes are found without parsing it: an altered one must come through as it is.
enum PayloadLine {
    private static let payload = #","payload":"#

    static func text(_ record: LogRecord) -> String {
        guard let payload = record.payload, let salt = record.salt else { return #"{"position":\#(record.position),"erased":true}"# }
        let reason = record.overrideReason.map { #","override_reason":"# + JSON.string($0).canonical } ?? ""
        return #"{"position":\#(record.position),"salt":"\#(Hex.encode(salt))"\#(reason)\#(Self.payload)\#(payload)}"#
    }

    /// A record from its two lines.
    /// - Parameter line: nil where there is none.
    static func record(position: Int64, entry: String, line: String?) -> LogRecord {
        func damaged(_ what: String) -> LogRecord {
            LogRecord(position: position, entry: entry, payload: nil, salt: nil, overrideReason: nil, contradictions: [what])
        }
        guard let line else { return damaged("the export has no line for its payload") }
        if line == #"{"position":\#(position),"erased":true}"# {
            return LogRecord(position: position, entry: entry, payload: nil, salt: nil, overrideReason: nil)
        }
        // The salt is 64 hex digits and the reason a JSON string, so what is before the payload cannot hold these bytes unescaped.
        guard let middle = line.firstRange(of: Self.payload), line.hasSuffix("}"),
            case .object(let members)? = try? JSON.parse(line[..<middle.lowerBound] + "}"), members["position"]?.int64 == position,
            let salt = members["salt"]?.text.flatMap(Hex.decode), members.keys.allSatisfy(["position", "salt", "override_reason"].contains)
        else { return damaged("the export's line for its payload is damaged") }
        return LogRecord(
            position: position, entry: entry, payload: String(line[middle.upperBound...].dropLast()), salt: salt,
            overrideReason: members["override_reason"]?.text)
    }
}
