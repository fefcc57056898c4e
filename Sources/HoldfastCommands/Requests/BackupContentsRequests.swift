package import HoldfastModel

/// Which tables a backup has, page by page.
package struct BackupTableList: Hashable, Codable, Sendable {
    package static let limitRange = 1...1000

    package var backup: BackupID
    /// Of which database; nil where there is one.
    package var source: ServiceReference?
    /// So many are passed over.
    package var after: Int
    package var limit: Int

    package init(backup: BackupID, source: ServiceReference? = nil, after: Int = 0, limit: Int = 200) {
        self.backup = backup
        self.source = source
        self.after = after
        self.limit = limit
    }
}

/// What is in a directory of a backup's media, page by page.
package struct BackupFileList: Hashable, Codable, Sendable {
    package static let limitRange = 1...1000

    package var backup: BackupID
    /// Of which media; nil where there is one.
    package var source: ServiceReference?
    /// From the media's root, with a backslash written `\\`; nil for the root.
    package var path: String?
    /// `next` of the page before; nil for the first page.
    package var from: String?
    package var limit: Int

    package init(
        backup: BackupID, source: ServiceReference? = nil, path: String? = nil, from: String? = nil, limit: Int = 200
    ) {
        self.backup = backup
        self.source = source
        self.path = path
        self.from = from
        self.limit = limit
    }
}
