package import HoldfastModel

/// Gives something in a backup as bytes, without preparing a download.
package struct BackupGet: Hashable, Codable, Sendable {
    package enum What: Hashable, Codable, Sendable {
        /// A file as it is, or a directory as a tar. From the media's root, escaped; empty for all of it.
        case path(String)
        /// The rows of a table, as a script for psql: `schema.name`, or `name` where only one schema has it.
        case table(String)

        package var path: String? { if case .path(let path) = self { path } else { nil } }
        package var table: String? { if case .table(let name) = self { name } else { nil } }
        package var kind: ServiceKind { if case .path = self { .media } else { .database } }
    }

    package var backup: BackupID
    package var what: What
    /// Of which service; nil where there is one.
    package var source: ServiceReference?

    package init(backup: BackupID, what: What, source: ServiceReference? = nil) {
        self.backup = backup
        self.what = what
        self.source = source
    }
}
