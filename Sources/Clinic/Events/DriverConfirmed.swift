/// Who takes the patient home (42 CFR 416.52(c)(3); the ketamine label). `expected` at arrival, `release` when the driver is there.
public struct DriverConfirmed: EventData {
    public static var eventType: EventType { .driverConfirmed }
    public static var streams: Set<StreamKind> { [.session] }

    public enum Method: String, Choice {
        case inPerson = "in_person"
        case phone
    }

    public enum Stage: String, Choice {
        case expected, release
    }

    public let name: String
    public let relationship: String
    public let adult: Bool
    public let method: Method
    public let stage: Stage
    public let phone: String?
}

extension DriverConfirmed {
    public init(reading fields: inout FieldReader) {
        name = fields.required("name", .text(.line))
        relationship = fields.required("relationship", .text(.line))
        adult = fields.required("adult", .flag)
        method = fields.required("method", .choice())
        stage = fields.required("stage", .choice())
        phone = fields.optional("phone", .text(.identifier))
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("name", name)
        fields.put("relationship", relationship)
        fields.put("adult", adult)
        fields.put("method", method)
        fields.put("stage", stage)
        fields.put("phone", phone)
    }

    public var summary: String {
        let how = method == .inPerson ? "in person" : "by phone"
        let age = adult ? "" : ", not an adult"
        let what = stage == .release ? "Driver confirmed at release" : "Driver expected"
        return "\(what): \(name) (\(relationship)), \(how)\(age)"
    }
}
