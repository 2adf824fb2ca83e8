extension ConsultationRecorded {
    public struct Diagnosis: FieldGroup {
        /// An ICHD-3 code: up to five numbers with dots, `A` before it for the appendix: `1.3`, `A1.6.6`.
        public let code: String
        public let text: String
    }

    /// How long an untreated attack lasts.
    public struct AttackHours: FieldGroup {
        /// Above 0, at most ``maximum``.
        public let min: Hours
        /// No less than ``min``, no more than a year.
        public let max: Hours
    }

    public struct PriorTreatment: FieldGroup {
        public enum Class: String, Choice {
            case analgesic, triptan, ergotamine, hydration
            case stressManagement = "stress_management"
            case triggerAvoidance = "trigger_avoidance"
            case hormoneTherapy = "hormone_therapy"
            case preventive, other
        }

        public enum Outcome: String, Choice {
            case none, partial, good
            case notTolerated = "not_tolerated"
        }

        /// The key is `class`.
        public let `class`: Class
        public let name: String?
        public let outcome: Outcome
    }

    /// One line of the screen before ketamine (ASRA/AAPM/ASA consensus guidelines 2018).
    public struct Contraindication: FieldGroup {
        public enum Code: String, Choice {
            case uncontrolledCardiovascular = "uncontrolled_cardiovascular"
            case psychosis
            case severeHepatic = "severe_hepatic"
            case raisedIcp = "raised_icp"
            case raisedIop = "raised_iop"
            case substanceUse = "substance_use"
            case pregnancy
            case ketamineAllergy = "ketamine_allergy"
        }

        public enum Status: String, Choice {
            case absent, controlled, present
        }

        public let code: Code
        public let status: Status

        static func areDistinct(_ list: [Contraindication]) -> Bool { Set(list.map(\.code)).count == list.count }
    }
}

extension ConsultationRecorded.Diagnosis {
    public init(reading fields: inout FieldReader) {
        code = fields.required("code", .text(.identifier))
        text = fields.required("text", .text(.line))
        fields.check(Self.isICHD(code), "code", "must be an ICHD-3 code such as 1.3")
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("code", code)
        fields.put("text", text)
    }

    private static func isICHD(_ code: String) -> Bool {
        let numbers = (code.hasPrefix("A") ? code.dropFirst() : code[...]).split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count <= 5
            && numbers.allSatisfy { number in
                (1...2).contains(number.utf8.count) && number.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            }
    }
}

extension ConsultationRecorded.AttackHours {
    public init(reading fields: inout FieldReader) {
        min = fields.required("min", .quantity(.above(0, through: 8_760)))
        max = fields.required("max", .quantity(.above(0, through: 8_760)))
        fields.check(min <= max, "max", "must not be less than min", with: "min")
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("min", min)
        fields.put("max", max)
    }
}

extension ConsultationRecorded.PriorTreatment {
    public init(reading fields: inout FieldReader) {
        self.class = fields.required("class", .choice())
        name = fields.optional("name", .text(.line))
        outcome = fields.required("outcome", .choice())
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("class", self.class)
        fields.put("name", name)
        fields.put("outcome", outcome)
    }
}

extension ConsultationRecorded.Contraindication {
    public init(reading fields: inout FieldReader) {
        code = fields.required("code", .choice())
        status = fields.required("status", .choice())
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("code", code)
        fields.put("status", status)
    }
}
