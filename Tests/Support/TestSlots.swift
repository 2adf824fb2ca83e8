/// How many tests may have a database at once. Swift Testing starts all of them together; the server has a bounded number of connections, and two
/// cores do nothing sooner for being asked by two hundred.
actor TestSlots {
    static let databases = TestSlots(20)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func take() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func giveBack() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
