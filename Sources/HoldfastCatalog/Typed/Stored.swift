package import HoldfastModel

/// A value as it was read, with the revision that a later write can insist on.
package struct Stored<Value: CatalogRecord>: Sendable {
    package var value: Value
    package let revision: Int64
    let cursor: RecordQuery.Cursor

    init(_ record: Record) throws(HoldfastError) {
        value = try Value.decode(record)
        revision = record.revision
        cursor = RecordQuery.Cursor(order: record.order, key: record.key.key)
    }
}

extension Stored: Equatable where Value: Equatable {}
extension Stored: Hashable where Value: Hashable {}

extension Expectation {
    /// The record is still as it was read.
    package static func unchanged<Value>(_ stored: Stored<Value>) -> Expectation {
        .revision(RecordKey(Value.recordKind, stored.cursor.key), stored.revision)
    }

    /// No record has this value's key.
    package static func absent(_ value: some CatalogRecord) -> Expectation { .absent(value.recordKey) }

    package static func absent<Value: CatalogRecord>(_ type: Value.Type, _ key: Value.CatalogKey) -> Expectation {
        .absent(RecordKey(type, key))
    }
}

extension Write {
    /// - Throws: `internal` for a value that JSON can't say.
    package static func put(_ value: some CatalogRecord) throws(HoldfastError) -> Write {
        .put(
            value.recordKey, scope: value.catalogScope, group: value.catalogGroup, order: value.catalogOrder,
            body: try value.encoded())
    }

    package static func delete(_ value: some CatalogRecord) -> Write { .delete(value.recordKey) }

    package static func delete<Value: CatalogRecord>(_ type: Value.Type, _ key: Value.CatalogKey) -> Write {
        .delete(RecordKey(type, key))
    }
}
