/// A PostgreSQL type as it is named on the wire.
public struct SQLType: Sendable, Hashable, CustomStringConvertible {
    /// The object identifier in `pg_type`; 0 asks the server to infer the type.
    public let oid: UInt32

    public init(oid: UInt32) {
        self.oid = oid
    }

    public static let unknown = SQLType(oid: 0)
    public static let bool = SQLType(oid: 16)
    public static let bytea = SQLType(oid: 17)
    /// The one-byte `"char"`.
    public static let char = SQLType(oid: 18)
    public static let name = SQLType(oid: 19)
    public static let int8 = SQLType(oid: 20)
    public static let int2 = SQLType(oid: 21)
    public static let int4 = SQLType(oid: 23)
    public static let text = SQLType(oid: 25)
    public static let json = SQLType(oid: 114)
    public static let float4 = SQLType(oid: 700)
    public static let float8 = SQLType(oid: 701)
    public static let bpchar = SQLType(oid: 1042)
    public static let varchar = SQLType(oid: 1043)
    public static let date = SQLType(oid: 1082)
    public static let timestamp = SQLType(oid: 1114)
    public static let timestamptz = SQLType(oid: 1184)
    public static let uuid = SQLType(oid: 2950)
    public static let jsonb = SQLType(oid: 3802)

    public static let boolArray = SQLType(oid: 1000)
    public static let byteaArray = SQLType(oid: 1001)
    public static let charArray = SQLType(oid: 1002)
    public static let nameArray = SQLType(oid: 1003)
    public static let int2Array = SQLType(oid: 1005)
    public static let int4Array = SQLType(oid: 1007)
    public static let textArray = SQLType(oid: 1009)
    public static let bpcharArray = SQLType(oid: 1014)
    public static let varcharArray = SQLType(oid: 1015)
    public static let int8Array = SQLType(oid: 1016)
    public static let float4Array = SQLType(oid: 1021)
    public static let float8Array = SQLType(oid: 1022)
    public static let timestampArray = SQLType(oid: 1115)
    public static let dateArray = SQLType(oid: 1182)
    public static let timestamptzArray = SQLType(oid: 1185)
    public static let jsonArray = SQLType(oid: 199)
    public static let uuidArray = SQLType(oid: 2951)
    public static let jsonbArray = SQLType(oid: 3807)

    /// The SQL name where we know it, else the object identifier.
    public var description: String {
        Self.names[oid] ?? "type \(oid)"
    }

    private static let names: [UInt32: String] = {
        let scalars: [(SQLType, SQLType, String)] = [
            (.bool, .boolArray, "boolean"), (.bytea, .byteaArray, "bytea"), (.char, .charArray, "\"char\""),
            (.name, .nameArray, "name"), (.int8, .int8Array, "bigint"), (.int2, .int2Array, "smallint"),
            (.int4, .int4Array, "integer"), (.text, .textArray, "text"), (.json, .jsonArray, "json"),
            (.float4, .float4Array, "real"), (.float8, .float8Array, "double precision"),
            (.bpchar, .bpcharArray, "character"), (.varchar, .varcharArray, "character varying"),
            (.date, .dateArray, "date"), (.timestamp, .timestampArray, "timestamp"),
            (.timestamptz, .timestamptzArray, "timestamptz"), (.uuid, .uuidArray, "uuid"), (.jsonb, .jsonbArray, "jsonb"),
        ]
        var names: [UInt32: String] = [0: "unknown", 705: "unknown", 1700: "numeric", 2278: "void", 26: "oid"]
        for (scalar, array, name) in scalars {
            names[scalar.oid] = name
            names[array.oid] = name + "[]"
        }
        return names
    }()
}
