public import Canonical

/// Reads the members of one JSON object by name, and collects *every* problem instead of stopping at the first.
///
/// A field with a problem reads as a placeholder, so that reading goes on; whoever started the reading throws the result away when
/// ``findings`` is not empty. Each member is asked for exactly once: what is left over is an unknown field.
public struct FieldReader {
    /// The members of an object, as a table or as they are written.
    private enum Members {
        case table([String: JSON])
        case plain(PlainMembers)

        var count: Int {
            switch self {
            case .table(let members): members.count
            case .plain(let members): members.count
            }
        }

        var table: [String: JSON] {
            guard case .table(let members) = self else { return [:] }
            return members
        }

        subscript(key: String) -> JSON? {
            switch self {
            case .table(let members): members[key]
            case .plain(let members): members[key]
            }
        }
    }

    private let members: Members
    private var found = 0
    /// The fields of the type, noted only while explaining.
    private var known: [String] = []
    /// The fields of the type with their schemas; nil unless it is described rather than read.
    var notes: [FieldNote]?
    var findings: Findings

    private init(_ members: Members, _ findings: Findings) {
        self.members = members
        self.findings = findings
    }

    init(_ members: [String: JSON], _ findings: Findings) { self.init(.table(members), findings) }

    /// Reads members as they are written; nil where there is any problem, which only `read(_:_:)` puts into words.
    static func read<Value>(_ members: PlainMembers, _ body: (inout FieldReader) -> Value) -> Value? {
        var reader = FieldReader(.plain(members), Findings(explains: false))
        let value = body(&reader)
        reader.refuseUnknown()
        return reader.findings.isEmpty ? value : nil
    }

    /// Reads a whole value: a fast pass, and only where that found a problem a second one which puts the problems into words.
    public static func read<Value>(_ json: JSON, _ body: (inout FieldReader) -> Value) throws(ValidationError) -> Value {
        guard case .object(let members) = json else {
            throw ValidationError([Problem(pointer: "", message: "data is \(json.kind); it must be an object")])
        }
        var fast = FieldReader(members, Findings(explains: false))
        let value = body(&fast)
        fast.refuseUnknown()
        if fast.findings.isEmpty { return value }
        var slow = FieldReader(members, Findings(explains: true))
        _ = body(&slow)
        slow.refuseUnknown()
        throw ValidationError(slow.findings.problems)
    }

    /// A field that must be there.
    public mutating func required<Rule: FieldRule>(_ key: String, _ rule: Rule) -> Rule.Value {
        if let value = optional(key, rule, isRequired: true) { return value }
        if members[key] == nil {
            findings.add("/" + key, sentence: "\(key) is missing; it \(rule.expectation)")
        }
        return rule.placeholder
    }

    /// A field that may be left out. It may not be null: what is not known is not written.
    public mutating func optional<Rule: FieldRule>(_ key: String, _ rule: Rule) -> Rule.Value? {
        optional(key, rule, isRequired: false)
    }

    private mutating func optional<Rule: FieldRule>(_ key: String, _ rule: Rule, isRequired: Bool) -> Rule.Value? {
        if notes != nil { notes?.append(FieldNote(key: key, schema: rule.schema, isRequired: isRequired)) }
        if findings.explains { known.append(key) }
        guard let json = members[key] else { return nil }
        found += 1
        let start = findings.count
        let value = rule.read(json, &findings)
        if findings.count != start { findings.nest(from: start, under: key) }
        return value
    }

    /// A required object whose fields depend on something read before.
    public mutating func members<Value>(of key: String, _ body: (inout FieldReader) -> Value) -> Value? {
        note(key, isRequired: true, body)
        if findings.explains { known.append(key) }
        guard let json = members[key] else {
            findings.add("/" + key, sentence: "\(key) is missing; it must be an object")
            return nil
        }
        return nested(json, under: key, body)
    }

    /// As ``members(of:_:)``, but it may be left out.
    public mutating func optionalMembers<Value>(of key: String, _ body: (inout FieldReader) -> Value) -> Value? {
        note(key, isRequired: false, body)
        if findings.explains { known.append(key) }
        guard let json = members[key] else { return nil }
        return nested(json, under: key, body)
    }

    /// A member of any kind, as it stands.
    public mutating func json(_ key: String) -> JSON? {
        if notes != nil { notes?.append(FieldNote(key: key, schema: true, isRequired: false)) }
        if findings.explains { known.append(key) }
        guard let json = members[key] else { return nil }
        found += 1
        return json
    }

    private mutating func note<Value>(_ key: String, isRequired: Bool, _ body: (inout FieldReader) -> Value) {
        guard notes != nil else { return }
        let schema = FieldReader.schema { _ = body(&$0) }
        notes?.append(FieldNote(key: key, schema: schema, isRequired: isRequired))
    }

    private mutating func nested<Value>(_ json: JSON, under key: String, _ body: (inout FieldReader) -> Value) -> Value? {
        found += 1
        let start = findings.count
        let value = Self.readObject(json, &findings, body)
        if findings.count != start { findings.nest(from: start, under: key) }
        return value
    }

    static func readObject<Value>(_ json: JSON, _ findings: inout Findings, _ body: (inout FieldReader) -> Value) -> Value? {
        guard case .object(let members) = json else {
            findings.fail(json, "must be an object")
            return nil
        }
        var inner = FieldReader(members, findings)
        let value = body(&inner)
        inner.refuseUnknown()
        findings = inner.findings
        return value
    }
}

extension FieldReader {
    /// A condition across fields, reported at `key`. Skipped where `key` or `other` has a problem of its own, which is enough to say.
    public mutating func check(_ holds: Bool, _ key: String, _ message: @autoclosure () -> String, with other: String? = nil) {
        if holds { return }
        if findings.explains, findings.concerns(key) || other.map(findings.concerns) == true { return }
        findings.add("/" + key, sentence: "\(key) \(message())")
    }

    /// A condition on one member of the object at `key`.
    public mutating func check(_ holds: Bool, _ key: String, member: String, _ message: @autoclosure () -> String) {
        if holds { return }
        findings.add("/" + key + "/" + member, sentence: "\(key) \(message())")
    }

    /// A condition on the object as a whole.
    public mutating func check(_ holds: Bool, sentence: @autoclosure () -> String) {
        if holds { return }
        findings.add("", sentence: sentence())
    }

    /// Whether a field read before had no problem. Always true in the fast pass.
    public func isSound(_ key: String) -> Bool { !findings.explains || !findings.concerns(key) }

    mutating func refuseUnknown() {
        guard found != members.count else { return }
        guard findings.explains else {
            findings.add("", sentence: "")
            return
        }
        for key in members.table.keys.sorted() where !known.contains(key) {
            let suggestion = NearestName.to(key, among: known).map { "; did you mean \($0)?" } ?? ""
            if NearestName.isPlain(key) {
                findings.add("/" + key, sentence: "\(key) is not a known field" + suggestion)
            } else {
                // The name itself may be anything, a patient's name included, so it is not repeated.
                let fields = known.joined(separator: ", ")
                findings.add("", sentence: "there is a field whose name is not a plain identifier; the fields are \(fields)")
            }
        }
    }
}
