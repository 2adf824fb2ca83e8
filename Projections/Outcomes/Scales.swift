/// Grades of the Migraine Disability Assessment, by its score in days.
public enum MIDASGrade: String, Sendable, Hashable, CaseIterable {
    /// 0–5 days: little or no disability.
    case first = "I"
    /// 6–10.
    case second = "II"
    /// 11–20.
    case third = "III"
    /// 21 or more: severe disability.
    case fourth = "IV"

    public init(score: Int) {
        self =
            switch score {
            case ...5: .first
            case ...10: .second
            case ...20: .third
            default: .fourth
            }
    }
}

/// Bands of the six-item Headache Impact Test, by its score.
public enum HIT6Band: String, Sendable, Hashable, CaseIterable {
    /// At most 49.
    case little
    /// 50–55.
    case some
    /// 56–59.
    case substantial
    /// 60 or more.
    case severe

    public init(score: Int) {
        self =
            switch score {
            case ...49: .little
            case ...55: .some
            case ...59: .substantial
            default: .severe
            }
    }
}
