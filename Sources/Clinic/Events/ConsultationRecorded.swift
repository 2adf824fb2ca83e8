/// A prescriber's consultation, which decides whether infusions are an option at all.
///
/// Diagnosis codes follow the International Classification of Headache Disorders, 3rd edition (ICHD-3); physical status is the ASA's class;
/// of the licensed MIDAS and HIT-6 forms only the score is kept.
public struct ConsultationRecorded: EventData {
    public static var eventType: EventType { .consultationRecorded }
    public static var streams: Set<StreamKind> { [.patient] }

    public enum Symptom: String, Choice {
        case photophobia, phonophobia, nausea, vomiting, aura
        case unilateralPain = "unilateral_pain"
        case throbbingPain = "throbbing_pain"
    }

    public enum Candidacy: String, Choice {
        case candidate
        case notCandidate = "not_candidate"
        case deferred
    }

    public let diagnosis: Diagnosis
    /// 0–31.
    public let headacheDaysPerMonth: Int
    /// 0–31, never more than the headache days.
    public let migraineDaysPerMonth: Int
    public let attackHours: AttackHours?
    public let symptoms: [Symptom]
    public let priorTreatments: [PriorTreatment]
    public let medications: [String]
    public let allergies: [String]
    /// ASA physical status, 1–6.
    public let asaClass: Int
    /// Migraine Disability Assessment, 0–270 days.
    public let midas: Int?
    /// Headache Impact Test, 36–78.
    public let hit6: Int?
    public let contraindications: [Contraindication]
    public let candidacy: Candidacy
    public let rationale: String

    private static let longestList = 100
}

extension ConsultationRecorded {
    public init(reading fields: inout FieldReader) {
        diagnosis = fields.required("diagnosis", .group())
        headacheDaysPerMonth = fields.required("headache_days_per_month", .integer(0...31))
        migraineDaysPerMonth = fields.required("migraine_days_per_month", .integer(0...31))
        attackHours = fields.optional("attack_hours", .group())
        symptoms = fields.required("symptoms", .distinctChoices())
        priorTreatments = fields.required("prior_treatments", .list(of: .group(), 0...Self.longestList))
        medications = fields.required("medications", .list(of: .text(.line), 0...Self.longestList))
        allergies = fields.required("allergies", .list(of: .text(.line), 0...Self.longestList))
        asaClass = fields.required("asa_class", .integer(1...6))
        midas = fields.optional("midas", .integer(0...270))
        hit6 = fields.optional("hit6", .integer(36...78))
        contraindications = fields.required("contraindications", .list(of: .group(), 0...Contraindication.Code.allCases.count))
        candidacy = fields.required("candidacy", .choice())
        rationale = fields.required("rationale", .text(.note))
        fields.check(
            migraineDaysPerMonth <= headacheDaysPerMonth, "migraine_days_per_month", "must not be more than headache_days_per_month",
            with: "headache_days_per_month")
        fields.check(Contraindication.areDistinct(contraindications), "contraindications", "must not name one code twice")
    }

    public func write(to fields: inout FieldWriter) {
        fields.put("diagnosis", diagnosis)
        fields.put("headache_days_per_month", headacheDaysPerMonth)
        fields.put("migraine_days_per_month", migraineDaysPerMonth)
        fields.put("attack_hours", attackHours)
        fields.put("symptoms", symptoms)
        fields.put("prior_treatments", priorTreatments)
        fields.put("medications", medications)
        fields.put("allergies", allergies)
        fields.put("asa_class", asaClass)
        fields.put("midas", midas)
        fields.put("hit6", hit6)
        fields.put("contraindications", contraindications)
        fields.put("candidacy", candidacy)
        fields.put("rationale", rationale)
    }

    public var summary: String {
        let days = "\(headacheDaysPerMonth) headache and \(migraineDaysPerMonth) migraine days a month"
        return "Consultation: \(diagnosis.text) (\(diagnosis.code)), \(days), ASA \(asaClass), \(candidacy.label)"
    }

    /// Chronic migraine, ICHD-3 1.3: headache on 15 days a month or more, migraine on 8 or more.
    public var meetsChronicMigraine: Bool { headacheDaysPerMonth >= 15 && migraineDaysPerMonth >= 8 }
}

extension ConsultationRecorded.Candidacy {
    public var label: String {
        switch self {
        case .candidate: "candidate"
        case .notCandidate: "not a candidate"
        case .deferred: "decision deferred"
        }
    }
}
