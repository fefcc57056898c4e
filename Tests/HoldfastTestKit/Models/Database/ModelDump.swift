import HoldfastPostgres

/// A content as a dump in PostgreSQL's custom format (see `DumpHead` and `DumpFraming`), so that the real code reads it.
package enum ModelDump {
    private static let firstID = 100

    /// The same bytes for the same content.
    package static func bytes(of content: ModelTables, database: String, serverVersion: String) -> [UInt8] {
        let tables = content.tables.sorted { $0.key < $1.key }
        var dump = Array("PGDMP".utf8) + [1, 14, 0, 4, 8, 1]
        for _ in 0..<8 { integer(0, &dump) }
        for text in [database, serverVersion, serverVersion] { string(text, &dump) }
        integer(tables.count * 2, &dump)
        for (index, table) in tables.enumerated() {
            entry(firstID + 2 * index, "TABLE", table.key, definition: "CREATE TABLE public.\(table.key) ();", &dump)
        }
        for (index, table) in tables.enumerated() {
            entry(firstID + 2 * index + 1, "TABLE DATA", table.key, copy: "COPY public.\(table.key) FROM stdin;", &dump)
        }
        for (index, table) in tables.enumerated() {
            dump.append(1)
            integer(firstID + 2 * index + 1, &dump)
            for row in table.value { chunk(Array((row + "\n").utf8), &dump) }
            chunk(Array("\\.\n\n\n".utf8), &dump)
            integer(0, &dump)
        }
        return dump
    }

    /// The tables' rows, where the whole dump is well-formed.
    package static func content(of bytes: [UInt8]) throws -> ModelTables {
        var framing = DumpFraming()
        var start = 0
        while start < bytes.count {
            start += try bytes[start...].withUnsafeBytes { try framing.consume($0).count }
        }
        try framing.finish()
        var content = ModelTables()
        for entry in framing.contents?.entries ?? [] where entry.kind == "TABLE" { content.tables[entry.tag] = [] }
        for table in framing.tables {
            content.tables[table.name] = rows(bytes[Int(table.offset)..<Int(table.offset + table.length)])
        }
        return content
    }

    /// Of one table's block, which the framing was satisfied with.
    private static func rows(_ block: ArraySlice<UInt8>) -> [String] {
        var (text, rest): ([UInt8], ArraySlice<UInt8>) = ([], block.dropFirst(6))
        while rest.count >= 5 {
            let length = rest.dropFirst().prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            text += rest.dropFirst(5).prefix(length)
            rest = rest.dropFirst(5 + length)
        }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.prefix { $0 != "\\." }.map(String.init)
    }

    // MARK: Pieces

    private static func entry(
        _ id: Int, _ kind: String, _ tag: String, definition: String = "", copy: String? = nil, _ dump: inout [UInt8]
    ) {
        integer(id, &dump)
        integer(copy == nil ? 0 : 1, &dump)
        for text in ["0", "0", tag, kind] { string(text, &dump) }
        integer(copy == nil ? 2 : 3, &dump)
        for text in [definition, "", copy, "public", "", "", "app", "false", nil] { string(text, &dump) }
        dump.append(copy == nil ? 3 : 1)
        dump += [UInt8](repeating: 0, count: 8)
    }

    private static func integer(_ value: Int, _ dump: inout [UInt8]) {
        dump.append(value < 0 ? 1 : 0)
        for shift in [0, 8, 16, 24] { dump.append(UInt8(truncatingIfNeeded: value.magnitude >> shift)) }
    }

    private static func string(_ text: String?, _ dump: inout [UInt8]) {
        guard let text else { return integer(-1, &dump) }
        integer(text.utf8.count, &dump)
        dump += text.utf8
    }

    private static func chunk(_ bytes: [UInt8], _ dump: inout [UInt8]) {
        integer(bytes.count, &dump)
        dump += bytes
    }
}
