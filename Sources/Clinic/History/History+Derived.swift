import Synchronization

extension History {
    /// What a pure fold makes of this history: folded once, and then kept until the history changes.
    ///
    /// Read models, rules and decisions ask for the same states of the same stream again and again.
    /// - Parameter fold: depends on nothing but the history.
    public func derived<Value: Sendable>(_ type: Value.Type = Value.self, _ fold: (History) -> Value) -> Value {
        if let value = derivations.store.value(type) { return value }
        let value = fold(self)
        derivations.store.keep(value)
        return value
    }

    /// Holds what was derived. No part of what a history is: all are equal.
    struct Derivations: Sendable, Equatable {
        fileprivate private(set) var store = Store()

        /// Called whenever the history changes. The values stay with copies of what it was.
        mutating func reset() {
            if !isKnownUniquelyReferenced(&store) || !store.isEmpty { store = Store() }
        }

        static func == (left: Derivations, right: Derivations) -> Bool { true }
    }

    /// Shared by copies of one history, also across tasks: guarded by its mutex. A value may be folded twice at the same time; both are the same.
    fileprivate final class Store: Sendable {
        private let values = Mutex<[(key: ObjectIdentifier, value: any Sendable)]>([])

        var isEmpty: Bool { values.withLock(\.isEmpty) }

        func value<Value: Sendable>(_ type: Value.Type) -> Value? {
            let key = ObjectIdentifier(type)
            return values.withLock { values in values.first { $0.key == key }?.value } as? Value
        }

        func keep<Value: Sendable>(_ value: Value) {
            let key = ObjectIdentifier(Value.self)
            values.withLock { values in
                if !values.contains(where: { $0.key == key }) { values.append((key, value)) }
            }
        }
    }
}
