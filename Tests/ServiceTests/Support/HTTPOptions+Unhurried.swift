import Service

extension HTTPOptions {
    /// For tests that ask more than any account or address may.
    static var unhurried: HTTPOptions {
        var options = HTTPOptions()
        options.limits.accountRate = Rate(perSecond: 100_000, burst: 100_000)
        options.limits.addressRate = Rate(perSecond: 100_000, burst: 100_000)
        return options
    }
}
