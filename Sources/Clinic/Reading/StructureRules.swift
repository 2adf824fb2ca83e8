public import Canonical

/// An object with fields of its own.
public struct GroupRule<Value: FieldGroup>: FieldRule {
    public var placeholder: Value {
        var nothing = FieldReader([:], Findings(explains: false))
        return Value(reading: &nothing)
    }

    public var expectation: String { "must be an object" }

    public var schema: JSON { Value.schema }

    public func read(_ json: JSON, _ findings: inout Findings) -> Value {
        FieldReader.readObject(json, &findings) { Value(reading: &$0) } ?? placeholder
    }
}

/// A list with a bound on its length; each item is read by the same rule.
public struct ListRule<Item: FieldRule>: FieldRule {
    let item: Item
    let count: ClosedRange<Int>

    public var placeholder: [Item.Value] { [] }
    public var expectation: String { "must be a list of \(count.lowerBound) to \(count.upperBound) items" }

    public var schema: JSON {
        [
            "type": "array", "items": item.schema, "minItems": .number(JSONNumber(count.lowerBound)),
            "maxItems": .number(JSONNumber(count.upperBound)),
        ]
    }

    public func read(_ json: JSON, _ findings: inout Findings) -> [Item.Value] {
        guard case .array(let elements) = json else {
            findings.fail(json, expectation)
            return []
        }
        guard count.contains(elements.count) else {
            findings.fail(expectation)
            return []
        }
        var values: [Item.Value] = []
        values.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            let start = findings.count
            values.append(item.read(element, &findings))
            if findings.count != start { findings.nest(from: start, under: index) }
        }
        return values
    }
}

/// A list of different choices, in the order given.
public struct DistinctChoicesRule<Item: Choice>: FieldRule {
    public var placeholder: [Item] { [] }
    private var list: ListRule<ChoiceRule<Item>> { ListRule(item: ChoiceRule(), count: 0...Item.allCases.count) }
    public var expectation: String { list.expectation + ", each once" }

    public var schema: JSON { list.schema.with(["uniqueItems": true]) }

    public func read(_ json: JSON, _ findings: inout Findings) -> [Item] {
        let start = findings.count
        let values = list.read(json, &findings)
        if findings.count == start && Set(values).count != values.count { findings.fail("must not name one choice twice") }
        return values
    }
}

extension FieldRule {
    public static func group<Value>() -> Self where Self == GroupRule<Value> { GroupRule() }

    public static func list<Item>(of item: Item, _ count: ClosedRange<Int>) -> Self where Self == ListRule<Item> {
        ListRule(item: item, count: count)
    }

    public static func distinctChoices<Item>() -> Self where Self == DistinctChoicesRule<Item> { DistinctChoicesRule() }
}
