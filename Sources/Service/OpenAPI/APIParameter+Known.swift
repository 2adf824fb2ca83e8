import Canonical
import Clinic
import Projections

extension APIParameter {
    static func query(_ name: String, _ description: String, _ schema: JSON, isRequired: Bool = false) -> APIParameter {
        APIParameter(name: name, place: .query, description: description, schema: schema, isRequired: isRequired)
    }

    static func path(_ name: String, _ description: String, _ schema: JSON) -> APIParameter {
        APIParameter(name: name, place: .path, description: description, schema: schema)
    }

    static let clinic = path("clinic", "The clinic's name.", ["type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,62}$"])
    static let id = path("id", "The id.", .uuid)
    static let position = path("position", "A position in the log, from 1.", .integer(1))

    static let minPosition = query(
        "min_position", "Waits until the read model holds this position of the record, to read one's own write.", .integer(0))
    static let at = query("at", "Only what had occurred by this time.", .time)
    static let knownAt = query("known_at", "Only what had been recorded by this time.", .time)
    static let asOf = query("position", "Only what stands in the record up to this position.", .integer(0))
    static let bounds = [at, knownAt, asOf]
    static let cursor = query(
        "cursor", "`next` of the page before, as it is, with the same filters.",
        ["type": "string", "maxLength": .number(JSONNumber(Cursor.maximumLength))])
    static let ifNoneMatch = APIParameter(
        name: "If-None-Match", place: .header, description: "The ETag of the copy that the client has.", schema: ["type": "string"])
    static let log = query("log", "Which of the clinic's logs: as `stream` or `type` say, else record.", .choice(["record", "access"]))
    static let after = query("after", "Only events after this position.", .integer(0))
    static let stream = query("stream", "Only events of this stream.", ["type": "string"])
    static let type = query("type", "Only events of this type.", .choice(EventType.allCases.map(\.rawValue)))
    static let prefer = APIParameter(
        name: "Prefer", place: .header, description: "`wait=SECONDS` (RFC 7240): how long to wait at most.", schema: ["type": "string"])
    static let logKind = path("log", "record or access.", .choice(["record", "access"]))
    static let patient = query("patient", "Only those of this patient.", .uuid)
    static let from = query("from", "From this day (UTC) or time with an offset.", .dayOrTime)
    static let to = query("to", "To this day, whole, or time, which is in it.", .dayOrTime)

    static func limit(_ maximum: Int) -> APIParameter {
        query(
            "limit", "How many at most.",
            ["type": "integer", "minimum": 1, "maximum": .number(JSONNumber(maximum)), "default": .number(JSONNumber(min(100, maximum)))])
    }
}
