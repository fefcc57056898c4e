/// Where one table's data lies in a stored dump, as read while the dump passed.
package struct DumpTable: Hashable, Codable, Sendable {
    package var schema: String
    package var name: String
    /// The entry's number in the dump's own table of contents.
    package var dumpID: Int32
    /// Of the data block, from the start of the dump.
    package var offset: Int64
    package var length: Int64
    /// Counted from the block's COPY lines.
    package var rows: Int64

    package init(schema: String, name: String, dumpID: Int32, offset: Int64, length: Int64, rows: Int64) {
        self.schema = schema
        self.name = name
        self.dumpID = dumpID
        self.offset = offset
        self.length = length
        self.rows = rows
    }
}
