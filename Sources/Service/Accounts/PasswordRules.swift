/// What a password must hold (NIST SP 800-63B §3.1.1.2): length, and not being what everybody tries first. No rules of composition, no expiry.
enum PasswordRules {
    static let minimumLength = 12
    static let maximumLength = 256
    /// What must be left of a password besides the names that everybody knows.
    static let minimumOwn = 6

    /// What is wrong with it, for the person who chose it; nil where nothing is.
    static func problem(with password: String, clinic: String, staff: String) -> String? {
        let normalised = PasswordHash.normalised(password)
        let length = normalised.unicodeScalars.count
        guard length >= minimumLength else { return "must have at least \(minimumLength) characters; several words do well" }
        guard length <= maximumLength else { return "must have at most \(maximumLength) characters" }
        let folded = normalised.lowercased()
        guard !commonest.contains(folded) else { return "is one that everybody tries first" }
        guard Set(folded).count >= 4, !isSequence(folded) else { return "repeats itself or counts" }
        var own = folded
        for name in [clinic, staff, "dripline", "password"].map({ $0.lowercased() }) where name.count >= 3 {
            own = own.replacing(name, with: "")
        }
        guard own.unicodeScalars.count >= minimumOwn else {
            return "is little more than the names of the person, the clinic or this program"
        }
        return nil
    }

    /// `abcdefghijkl`, `210987654321`, also the same again and again.
    private static func isSequence(_ text: String) -> Bool {
        let values = text.unicodeScalars.map { Int($0.value) }
        let steps = zip(values.dropFirst(), values).map { $0 - $1 }
        let counts = steps.allSatisfy { $0 == 1 || $0 == -9 } || steps.allSatisfy { $0 == -1 || $0 == 9 }
        let repeats = (1...max(1, values.count / 3)).contains { period in
            values.indices.dropFirst(period).allSatisfy { values[$0] == values[$0 - period] }
        }
        return counts || repeats
    }

    /// The commonest of at least twelve characters in published lists of leaked passwords, folded.
    private static let commonest: Set<String> = [
        "123456789012", "1234567890123", "12345678901234", "123456789012345", "1234567890123456", "123123123123", "121212121212",
        "112233445566", "111222333444", "987654321098", "0123456789012", "123456789abc", "123456abcdef", "1q2w3e4r5t6y", "1q2w3e4r5t6y7u8i",
        "1qaz2wsx3edc", "1qaz2wsx3edc4rfv", "q1w2e3r4t5y6", "qazwsxedcrfv", "qwertyuiop12", "qwertyuiop123", "qwertyuiop[]", "qwertyuiopas",
        "qwertyuiopasdfghjkl", "qwerty123456", "qwerty1234567", "qwertyqwerty", "asdfghjkl123", "asdfghjklqwe", "zxcvbnm12345",
        "zxcvbnmasdfghjkl", "abcdefghijkl", "abcdefg12345", "abcdefgh1234", "abcd1234abcd", "abc123abc123", "a1b2c3d4e5f6", "aa123456789a",
        "password1234", "password12345", "password123456", "password1password1", "passwordpassword", "password!234", "p@ssw0rd1234",
        "p@ssword1234", "passw0rd1234", "mypassword123", "iloveyou1234", "iloveyou12345", "iloveyouforever", "iloveyousomuch",
        "letmein12345",
        "welcome12345", "welcome123456", "administrator", "administrator1", "administrator123", "admin1234567", "admin12345678",
        "changeme1234", "changeme12345", "changemenow1", "trustno1trustno1", "superman1234", "princess1234", "sunshine1234", "football1234",
        "baseball1234", "monkey123456", "dragon123456", "michael12345", "jennifer1234", "unbelievable", "motherfucker", "correcthorse",
        "correcthorsebatterystaple", "correct horse battery staple", "thequickbrownfox", "testtesttest", "test12345678", "secretsecret",
        "default12345", "computer1234", "internet1234", "hospital1234", "medicine1234", "ketamine1234", "infusion1234", "nursenurse12",
    ]
}
