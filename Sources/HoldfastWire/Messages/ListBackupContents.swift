package import HoldfastModel

/// A worker tells which tables a backed-up database has, by schema and name. They come as bulk before the reply: a JSON
/// array of `BackupTable`.
package struct ListTables: Message {
    package static let name = "list-tables"

    package var project: ProjectID
    /// Serialised `ProjectKeys`.
    package var keys: Secret
    package var manifest: ObjectName
    package var terms: PlacementTerms
    /// So many are passed over.
    package var after: Int
    package var limit: Int

    package init(
        project: ProjectID, keys: Secret, manifest: ObjectName, terms: PlacementTerms, after: Int, limit: Int
    ) {
        self.project = project
        self.keys = keys
        self.manifest = manifest
        self.terms = terms
        self.after = after
        self.limit = limit
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// How many there are in all.
        package var total: Int

        package init(total: Int) { self.total = total }
    }
}

/// A worker tells what is in a directory of a backed-up media tree. It comes as bulk before the reply: a JSON array of
/// `BackupFile`.
package struct ListFiles: Message {
    package static let name = "list-files"

    package var project: ProjectID
    /// Serialised `ProjectKeys`.
    package var keys: Secret
    package var manifest: ObjectName
    package var terms: PlacementTerms
    /// From the tree's root, escaped as the names are.
    package var path: String
    /// `next` of an earlier page.
    package var from: String?
    package var limit: Int

    package init(
        project: ProjectID, keys: Secret, manifest: ObjectName, terms: PlacementTerms, path: String, from: String?,
        limit: Int
    ) {
        self.project = project
        self.keys = keys
        self.manifest = manifest
        self.terms = terms
        self.path = path
        self.from = from
        self.limit = limit
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Where the next page begins; nil after the last.
        package var next: String?

        package init(next: String?) { self.next = next }
    }
}
