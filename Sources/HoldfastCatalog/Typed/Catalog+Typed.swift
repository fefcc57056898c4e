import HoldfastModel

extension Catalog {
    /// Nil where there is none.
    ///
    /// - Throws: beside the catalog's errors `unsupported` for a value of a later version.
    package func get<Value: CatalogRecord>(_ type: Value.Type, _ key: Value.CatalogKey) async throws -> Stored<Value>? {
        try await record(RecordKey(type, key)).map { record in try Stored(record) }
    }

    /// A page of values: in the order of their keys, or by `catalogOrder` within a scope or group.
    ///
    /// - Parameter after: The last one of the page before, from the same list.
    package func list<Value: CatalogRecord>(
        _: Value.Type, scope: String? = nil, group: String? = nil, descending: Bool = false, limit: Int = 1000,
        after: Stored<Value>? = nil
    ) async throws -> [Stored<Value>] {
        let query = RecordQuery(
            Value.recordKind, scope: scope, group: group, descending: descending, limit: limit, after: after?.cursor)
        return try await records(query).map { record in try Stored(record) }
    }

    /// Every value, read in pages: for kinds and scopes of which there are few, such as nodes, claims and open jobs. What
    /// changes meanwhile may be seen or not.
    package func all<Value: CatalogRecord>(
        _ type: Value.Type, scope: String? = nil, group: String? = nil
    ) async throws -> [Stored<Value>] {
        let pageSize = 500
        var values: [Stored<Value>] = []
        while true {
            let page = try await list(type, scope: scope, group: group, limit: pageSize, after: values.last)
            values += page
            if page.count < pageSize { return values }
        }
    }
}
