package import HoldfastModel

/// Some of the tables of a backed-up database, by schema and name.
package struct BackupTablePage: Hashable, Codable, Sendable {
    package var backup: BackupID
    package var service: ServiceReference
    /// How many there are in all.
    package var total: Int
    package var tables: [BackupTable]
    /// For `after` of the next page; nil after the last.
    package var next: Int?

    package init(backup: BackupID, service: ServiceReference, total: Int, tables: [BackupTable], next: Int?) {
        self.backup = backup
        self.service = service
        self.total = total
        self.tables = tables
        self.next = next
    }
}

/// Some of the names in a directory of a backed-up media tree, by their bytes.
package struct BackupFilePage: Hashable, Codable, Sendable {
    package var backup: BackupID
    package var service: ServiceReference
    /// As it was asked for; empty for the root.
    package var path: String
    package var files: [BackupFile]
    /// For `from` of the next page; nil after the last.
    package var next: String?

    package init(backup: BackupID, service: ServiceReference, path: String, files: [BackupFile], next: String?) {
        self.backup = backup
        self.service = service
        self.path = path
        self.files = files
        self.next = next
    }
}
