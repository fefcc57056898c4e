import HoldfastModel

extension DumpTable {
    func record() -> [UInt8] {
        var writer = ByteWriter()
        writer.long(Array(schema.utf8))
        writer.long(Array(name.utf8))
        writer.integer(dumpID)
        writer.integer(offset)
        writer.integer(length)
        writer.integer(rows)
        return writer.bytes
    }

    init(record: [UInt8], subject: String) throws(HoldfastError) {
        var reader = ByteReader(record, subject)
        self.init(
            schema: try reader.text(try reader.long()), name: try reader.text(try reader.long()),
            dumpID: try reader.integer(), offset: try reader.integer(), length: try reader.integer(),
            rows: try reader.integer())
        try reader.finish()
    }

    /// Nil if the tables can be those of a dump of this size.
    static func brokenRule(_ tables: [DumpTable], dumpBytes: UInt64) -> String? {
        guard dumpBytes <= UInt64(Int64.max) else { return "the dump's size is impossible" }
        var end: Int64 = 0
        for table in tables {
            guard table.offset >= end, table.length >= 0, table.rows >= 0, table.offset <= Int64(dumpBytes),
                table.length <= Int64(dumpBytes) - table.offset
            else { return "table \(table.schema.printable()).\(table.name.printable()) doesn't lie in the dump" }
            end = table.offset + table.length
        }
        return nil
    }
}
