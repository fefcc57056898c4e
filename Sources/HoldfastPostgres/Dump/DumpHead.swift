/// Reads the head of a custom-format dump as it arrives: the header, then the table of contents entry by entry.
///
/// Known are the format's versions 1.12 to 1.16, as PostgreSQL 10 to 18 write them:
/// - header: `PGDMP`, version (3 bytes), size of an integer, size of an offset, format (1 is custom), compression (an
///   integer; one byte since 1.15), time (7 integers), database, server version, tool version (strings), number of entries;
/// - entry: dump id, has data, (integers) table oid, oid, tag, kind, (strings) section (integer) definition, drop, copy
///   statement, schema, tablespace, (strings) table access method (string, since 1.14), relation kind (integer, since
///   1.16), owner, "false", (strings) dependencies (strings up to a missing one), data state (byte) and offset.
struct DumpHead {
    static let entryLimit: Int64 = 5_000_000
    /// What is kept of one head; its bytes as they pass are not.
    static let memoryLimit = 512 << 20

    /// The entry whose COPY statement is wanted, and the statement, in the dump's own encoding.
    var copyWanted: Int32?
    private(set) var copyStatement: [UInt8]?

    private(set) var contents: DumpContents?
    private(set) var isComplete = false
    private var minor: UInt8 = 0
    private var offsetSize = 8
    /// Told by one of the first entries.
    private var encoding = DumpEncoding.utf8
    private var expected: Int64 = 0
    private var kept = 0
    /// An entry that was read as far as what it depends on. Each of those is an item of its own: however many there are,
    /// and in however small pieces they come, each is read once.
    private var begun: DumpEntry?

    /// Reads as many whole items as there are. - Returns: the bytes they took, and why it stopped before the head's end.
    mutating func items(in bytes: UnsafeRawBufferPointer) -> (done: Int, failure: ArchiveReader.Failure?) {
        var done = 0
        do throws(ArchiveReader.Failure) {
            while !isComplete {
                var reader = ArchiveReader(UnsafeRawBufferPointer(rebasing: bytes[done...]), encoding: encoding)
                try item(&reader)
                done += reader.position
            }
            return (done, nil)
        } catch {
            return (done, error)
        }
    }

    /// Reads the next item: the header, the beginning of an entry, one thing it depends on, or its end.
    private mutating func item(_ reader: inout ArchiveReader) throws(ArchiveReader.Failure) {
        if contents == nil {
            try header(&reader)
        } else if let begun {
            guard try !reader.skipString() else { return }
            let entry = try ended(begun, &reader)
            self.begun = nil
            if entry.kind == "ENCODING", let statement = entry.definition {
                encoding = DumpEncoding(statement: statement)
            }
            contents?.entries.append(entry)
        } else {
            begun = try beginning(&reader)
        }
        isComplete = contents.map { begun == nil && Int64($0.entries.count) == expected } ?? false
    }

    private mutating func header(_ reader: inout ArchiveReader) throws(ArchiveReader.Failure) {
        for expected in "PGDMP".utf8 {
            guard try reader.byte() == expected else { throw .malformed("it does not begin with PGDMP") }
        }
        let (major, minor, _) = (try reader.byte(), try reader.byte(), try reader.byte())
        guard major == 1, (12...16).contains(minor) else {
            throw .malformed("its format is version \(major).\(minor), and 1.12 to 1.16 are known")
        }
        guard try reader.byte() == UInt8(ArchiveReader.integerSize) else {
            throw .malformed("its integers are not of 4 bytes")
        }
        let offsetSize = Int(try reader.byte())
        guard (4...8).contains(offsetSize) else { throw .malformed("its offsets are of \(offsetSize) bytes") }
        guard try reader.byte() == 1 else { throw .malformed("it is not in pg_dump's custom format") }
        let compression = minor >= 15 ? Int64(try reader.byte()) : try reader.integer()
        guard compression == 0 else { throw .malformed("its data is compressed; it must be made with -Z0") }
        for _ in 0..<7 { _ = try reader.integer() }
        let database = try reader.string() ?? ""
        let server = try reader.string() ?? ""
        let tool = try reader.string() ?? ""
        let count = try reader.integer()
        guard (0...Self.entryLimit).contains(count) else { throw .malformed("it lists \(count) entries") }
        self.minor = minor
        self.offsetSize = offsetSize
        expected = count
        contents = DumpContents(
            formatVersion: "\(major).\(minor)", database: database, serverVersion: server, toolVersion: tool,
            entries: [])
    }

    /// An entry without what follows the list of what it depends on; `hasData` says only that there may be some.
    private mutating func beginning(_ reader: inout ArchiveReader) throws(ArchiveReader.Failure) -> DumpEntry {
        let id = try reader.integer()
        guard (1...Int64(Int32.max)).contains(id) else { throw .malformed("an entry has the number \(id)") }
        let hasDumper = try reader.integer() != 0
        _ = try reader.skipString()
        _ = try reader.skipString()
        let tag = try reader.string() ?? ""
        let kind = try reader.string() ?? ""
        _ = try reader.integer()
        var definition: String?
        if DumpEntry.keepsDefinition(kind: kind, tag: tag) {
            definition = try reader.string()
        } else {
            _ = try reader.skipString()
        }
        _ = try reader.skipString()
        let copy = id == copyWanted.map(Int64.init) ? try reader.bytesOfString() : nil
        let isCopied = if copy != nil { true } else { try reader.skipString() }
        copyStatement = copyStatement ?? copy
        let schema = try reader.string()
        _ = try reader.skipString()
        if minor >= 14 { _ = try reader.skipString() }
        if minor >= 16 { _ = try reader.integer() }
        let owner = try reader.string()
        _ = try reader.skipString()
        return DumpEntry(
            dumpID: Int32(id), kind: kind, tag: tag, schema: schema.flatMap { $0.isEmpty ? nil : $0 }, owner: owner,
            definition: definition, isCopied: isCopied, hasData: hasDumper)
    }

    private mutating func ended(
        _ begun: DumpEntry, _ reader: inout ArchiveReader
    ) throws(ArchiveReader.Failure) -> DumpEntry {
        let dataState = try reader.byte()
        guard (1...3).contains(dataState) else { throw .malformed("an entry has the data state \(dataState)") }
        try reader.skip(offsetSize)
        var entry = begun
        entry.hasData = begun.hasData && dataState != 3
        let texts = [entry.tag, entry.kind, entry.definition ?? "", entry.schema ?? "", entry.owner ?? ""]
        kept += texts.reduce(MemoryLayout<DumpEntry>.stride) { $0 + $1.utf8.count }
        guard kept <= Self.memoryLimit else { throw .malformed("its table of contents is too large") }
        return entry
    }
}
