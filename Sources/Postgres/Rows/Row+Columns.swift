public import Foundation

/// Columns of the common types by name of the type: readers of many rows call these, which need no witness of the type at run time.
extension Row {
    public func isNull(_ column: Int) throws -> Bool {
        guard storage.types.indices.contains(column) else { throw RowError.noColumn("\(column)", available: storage.types.count) }
        return storage.result.isNull(index, column)
    }

    public func int64(_ column: Int) throws -> Int64 { try value(column) }
    public func int32(_ column: Int) throws -> Int32 { try value(column) }
    public func int16(_ column: Int) throws -> Int16 { try value(column) }
    public func uuid(_ column: Int) throws -> UUID { try value(column) }
    public func timestamp(_ column: Int) throws -> SQLTimestamp { try value(column) }
    public func bytes(_ column: Int) throws -> [UInt8] { try value(column) }
    public func string(_ column: Int) throws -> String { try value(column) }
    public func jsonText(_ column: Int) throws -> String { try value(column, as: JSONText.self).text }

    /// Reads text into `text`, which stays as it is where it says the same already: rows in order repeat themselves.
    public func string(_ column: Int, into text: inout String) throws {
        guard storage.types.indices.contains(column), String.accepts(storage.types[column]) else {
            text = try value(column)
            return
        }
        let isSame = storage.result.withField(index, column) { bytes in
            bytes.withUnsafeBytes { field in
                text.withUTF8 { text in
                    guard let start = text.baseAddress, let other = field.baseAddress else { return text.count == field.count }
                    return text.count == field.count && memcmp(start, other, field.count) == 0
                }
            }
        }
        if case .value(true) = isSame { return }
        text = try value(column)
    }
}
