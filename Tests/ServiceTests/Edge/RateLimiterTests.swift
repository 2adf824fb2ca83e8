import Testing

@testable import Service

@Suite struct RateLimiterTests {
    private let start = ContinuousClock.now

    @Test func aBurstIsTakenAndThenTheRateHolds() {
        let limiter = RateLimiter(Rate(perSecond: 10, burst: 3))
        for _ in 0..<3 { #expect(limiter.take("a", now: start) == nil) }
        #expect(limiter.take("a", now: start) == .milliseconds(100))
        #expect(limiter.take("a", now: start + .milliseconds(99)) == .milliseconds(1))
        #expect(limiter.take("a", now: start + .milliseconds(100)) == nil)
        #expect(limiter.take("a", now: start + .milliseconds(100)) == .milliseconds(100))
        // After a rest the burst is there again, and no more than it.
        for _ in 0..<3 { #expect(limiter.take("a", now: start + .seconds(60)) == nil) }
        #expect(limiter.take("a", now: start + .seconds(60)) != nil)
    }

    @Test func aRefusalCostsNothing() {
        let limiter = RateLimiter(Rate(perSecond: 1, burst: 1))
        #expect(limiter.take("a", now: start) == nil)
        for _ in 0..<100 { #expect(limiter.take("a", now: start) == .seconds(1)) }
        #expect(limiter.take("a", now: start + .seconds(1)) == nil)
    }

    @Test func keysDoNotShareARate() {
        let limiter = RateLimiter(Rate(perSecond: 1, burst: 1))
        #expect(limiter.take("a", now: start) == nil)
        #expect(limiter.take("b", now: start) == nil)
        #expect(limiter.take("a", now: start) != nil)
    }

    @Test func manyKeysTakeBoundedMemory() {
        let limiter = RateLimiter(Rate(perSecond: 1, burst: 1), capacity: 100)
        for number in 0..<10_000 { _ = limiter.take("key \(number)", now: start) }
        #expect(limiter.count <= 200)
        // Who asked lately is still known.
        #expect(limiter.take("key 9999", now: start) != nil)
    }

    @Test func withoutARateThereIsNoLimit() {
        let limiter = RateLimiter(Rate(perSecond: 0, burst: 0))
        for _ in 0..<10_000 { #expect(limiter.take("a", now: start) == nil) }
        #expect(limiter.count == 0)
    }

    @Test(arguments: [(1, 1), (1000, 1), (1001, 2), (0, 1), (30_000, 30)])
    func retryAfterIsWholeSecondsUp(_ milliseconds: Int, _ seconds: Int64) {
        #expect(Duration.milliseconds(milliseconds).wholeSecondsUp == seconds)
    }
}
