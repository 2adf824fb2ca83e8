public import Canonical
public import Tlog

extension ConsistencyProof {
    /// `{"origin","from","from_root","to","to_root","path":[…]}`; hashes in base64.
    public var json: JSON {
        [
            "origin": .string(origin), "from": .number(JSONNumber(Int64(oldSize))), "from_root": .string(oldRoot.base64),
            "to": .number(JSONNumber(Int64(size))), "to_root": .string(root.base64), "path": .array(path.map { .string($0.base64) }),
        ]
    }
}
