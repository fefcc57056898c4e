/// How one backup's part differs from another's, one page of it.
package struct PartDifference: Hashable, Codable, Sendable {
    /// Of all pages together.
    package var totals: Totals
    /// Of media, in the order of their paths.
    package var files: [FileDifference]?
    /// Of a database, by schema and name.
    package var tables: [TableDifference]?
    /// Where the next page begins; nil after the last.
    package var next: String?

    package init(
        totals: Totals, files: [FileDifference]? = nil, tables: [TableDifference]? = nil, next: String? = nil
    ) {
        self.totals = totals
        self.files = files
        self.tables = tables
        self.next = next
    }

    package struct Totals: Hashable, Codable, Sendable {
        package struct Tally: Hashable, Codable, Sendable {
            package var items: Int64 = 0
            /// As in the newer one; of what was removed, as in the older.
            package var bytes: Int64 = 0

            package init(items: Int64 = 0, bytes: Int64 = 0) { (self.items, self.bytes) = (items, bytes) }

            package mutating func add(_ more: Int64) {
                items += 1
                bytes = bytes.addingReportingOverflow(more).overflow ? .max : bytes + more
            }
        }

        package var added = Tally()
        package var removed = Tally()
        package var changed = Tally()
        /// Of media: mode, owner, group or extended attributes, and not the content.
        package var attributes = Tally()
        /// Of a database: as many rows and bytes, which need not be the same ones.
        package var unclear = Tally()
        package var same = Tally()

        package init() {}
    }
}

/// A path that isn't in two backups alike.
package struct FileDifference: Hashable, Codable, Sendable {
    package enum Change: String, Codable, Sendable, CaseIterable {
        case added, removed, changed
        /// Mode, owner, group or extended attributes, and not the content.
        case attributes
    }

    package struct Side: Hashable, Codable, Sendable {
        package var kind: BackupFile.Kind
        /// Of a file.
        package var bytes: Int64?
        package var modifiedAt: Timestamp
        /// Of a link, escaped as the path is.
        package var target: String?

        package init(kind: BackupFile.Kind, bytes: Int64?, modifiedAt: Timestamp, target: String?) {
            self.kind = kind
            self.bytes = bytes
            self.modifiedAt = modifiedAt
            self.target = target
        }
    }

    /// From the media's root, escaped.
    package var path: String
    package var change: Change
    package var old: Side?
    package var new: Side?

    package init(path: String, change: Change, old: Side?, new: Side?) {
        self.path = path
        self.change = change
        self.old = old
        self.new = new
    }
}

/// A table that isn't in two backups alike.
package struct TableDifference: Hashable, Codable, Sendable {
    package enum Change: String, Codable, Sendable, CaseIterable {
        case added, removed, changed
        /// As many rows and bytes. Whether they are the same ones can't be told without reading them.
        case unclear
    }

    package struct Side: Hashable, Codable, Sendable {
        package var rows: Int64
        /// Of the rows in the dump.
        package var bytes: Int64

        package init(rows: Int64, bytes: Int64) { (self.rows, self.bytes) = (rows, bytes) }
    }

    package var schema: String
    package var name: String
    package var change: Change
    package var old: Side?
    package var new: Side?

    package init(schema: String, name: String, change: Change, old: Side?, new: Side?) {
        self.schema = schema
        self.name = name
        self.change = change
        self.old = old
        self.new = new
    }
}
