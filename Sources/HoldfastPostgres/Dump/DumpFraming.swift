package import HoldfastModel

/// Reads the framing of a dump in PostgreSQL's custom format as its bytes pass, in pieces of any size.
///
/// After the head (see `DumpHead`) come data blocks: a type byte (1 is data, 3 large objects), the entry's dump id
/// (integer), and chunks (length as an integer, bytes) up to a chunk of no bytes. A block of large objects has, before the
/// chunks of each, its OID (integer), up to an OID of 0. The stream ends after a block.
package struct DumpFraming: Sendable {
    /// A place in the stream where one part ends and another begins.
    package enum Mark: Hashable, Sendable {
        /// The head has ended; `contents` is complete.
        case contents
        case table(DumpTable)
        case largeObjects(count: Int)
    }

    private enum State: Sendable {
        case head, blockType, dumpID, chunkLength, chunk(left: Int64), objectID
    }

    package var contents: DumpContents? { head.isComplete ? head.contents : nil }
    package private(set) var tables: [DumpTable] = []
    package private(set) var largeObjects = 0
    /// How many bytes were consumed.
    package private(set) var position: Int64 = 0

    private var state = State.head
    private var head = DumpHead()
    /// Bytes of a head's item, or of an integer, that is not all there yet.
    private var pending: [UInt8] = []
    /// What the contents promise and the stream has not yet given, by dump id.
    private var promised: [Int32: DumpEntry] = [:]
    private var block: Block?

    private struct Block: Sendable {
        var entry: DumpEntry
        var start: Int64
        var isLargeObjects: Bool
        var lines = CopyLines()
        var objects = 0
    }

    package init() {}

    /// Consumes bytes up to the next mark, or all of them.
    /// - Returns: how many, and the mark they end at.
    /// - Throws: `malformed`; the stream is not to be read further.
    package mutating func consume(_ bytes: UnsafeRawBufferPointer) throws(HoldfastError) -> (count: Int, mark: Mark?) {
        var at = 0
        let start = position
        while at < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
            let (count, mark) = try step(rest)
            at += count
            position = start + Int64(at)
            guard var mark else { continue }
            if case .table(var table) = mark {
                table.length = position - table.offset
                tables.append(table)
                mark = .table(table)
            }
            return (at, mark)
        }
        return (at, nil)
    }

    /// Says that the stream has ended.
    /// - Throws: `malformed` if it was cut short, or lacks data its contents promise.
    package func finish() throws(HoldfastError) {
        guard case .blockType = state else { throw malformed("it is cut short") }
        if let missing = promised.values.min(by: { $0.dumpID < $1.dumpID }) {
            throw malformed(
                "it lacks the data of \(promised.count) entries, among them \(missing.kind) \(missing.tag.printable())")
        }
    }

    private mutating func step(_ bytes: UnsafeRawBufferPointer) throws(HoldfastError) -> (Int, Mark?) {
        switch state {
        case .head: return try readHead(bytes)
        case .blockType:
            guard bytes[0] == 1 || bytes[0] == 3 else {
                throw malformed("at byte \(position), where a block of data should begin, is something else")
            }
            block = Block(
                entry: DumpEntry(dumpID: 0, kind: "", tag: ""), start: position, isLargeObjects: bytes[0] == 3)
            state = .dumpID
            return (1, nil)
        case .chunk(let left):
            let count = min(Int(left), bytes.count)
            try pass(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            state = left == Int64(count) ? .chunkLength : .chunk(left: left - Int64(count))
            return (count, nil)
        case .dumpID, .chunkLength, .objectID:
            let (count, value) = integer(bytes)
            guard let value else { return (count, nil) }
            return (count, try take(value))
        }
    }

    /// Gathers one integer; the usual case, all of it in one piece, copies nothing.
    private mutating func integer(_ bytes: UnsafeRawBufferPointer) -> (Int, Int64?) {
        if pending.isEmpty {
            var reader = ArchiveReader(bytes)
            if let value = try? reader.integer() { return (reader.position, value) }
        }
        let count = min(1 + ArchiveReader.integerSize - pending.count, bytes.count)
        pending.append(contentsOf: bytes[..<count])
        guard pending.count == 1 + ArchiveReader.integerSize else { return (count, nil) }
        let value = pending.withUnsafeBytes { buffer in
            var reader = ArchiveReader(buffer)
            return try? reader.integer()
        }
        pending.removeAll(keepingCapacity: true)
        return (count, value)
    }

    private mutating func take(_ value: Int64) throws(HoldfastError) -> Mark? {
        switch state {
        case .dumpID: try begin(value)
        case .objectID:
            // An OID above the greatest signed integer is written as a negative one.
            guard Int32(exactly: value) != nil else { throw malformed("a large object has a bad OID") }
            if value == 0 { return try end() }
            block?.objects += 1
            state = .chunkLength
        default:
            guard value >= 0 else { throw malformed("a piece of data has a negative length") }
            if value > 0 {
                state = .chunk(left: value)
            } else if block?.isLargeObjects == true {
                state = .objectID
            } else {
                return try end()
            }
        }
        return nil
    }

    private mutating func begin(_ value: Int64) throws(HoldfastError) {
        guard let id = Int32(exactly: value), let entry = promised.removeValue(forKey: id) else {
            throw malformed("it has data for entry \(value), which its contents don't promise, or twice")
        }
        let isLargeObjects = block?.isLargeObjects ?? false
        guard isLargeObjects == (entry.kind == "BLOBS") else {
            throw malformed("entry \(value), \(entry.kind.printable()), has data of the wrong kind")
        }
        guard isLargeObjects || entry.isCopied else {
            throw malformed("the data of \(entry.tag.printable()) is not in COPY's form, so its rows can't be counted")
        }
        block?.entry = entry
        state = isLargeObjects ? .objectID : .chunkLength
    }

    private mutating func pass(_ bytes: UnsafeRawBufferPointer) throws(HoldfastError) {
        guard block?.isLargeObjects == false else { return }
        guard block?.lines.consume(bytes) ?? true else {
            throw malformed("the data of \(block?.entry.tag.printable() ?? "") goes on after its end")
        }
    }

    private mutating func end() throws(HoldfastError) -> Mark? {
        guard let block else { return nil }
        self.block = nil
        state = .blockType
        guard !block.isLargeObjects else {
            largeObjects += block.objects
            return .largeObjects(count: block.objects)
        }
        guard block.lines.hasEnded else { throw malformed("the data of \(block.entry.tag.printable()) is cut short") }
        return .table(
            DumpTable(
                schema: block.entry.schema ?? "", name: block.entry.tag, dumpID: block.entry.dumpID,
                offset: block.start, length: 0, rows: block.lines.rows))
    }

    private mutating func readHead(_ bytes: UnsafeRawBufferPointer) throws(HoldfastError) -> (Int, Mark?) {
        pending.append(contentsOf: bytes)
        let (done, failure) = pending.withUnsafeBytes { head.items(in: $0) }
        switch failure {
        case .malformed(let reason): throw malformed(reason)
        case .needsMore:
            pending.removeFirst(done)
            guard pending.count <= 4 * ArchiveReader.stringLimit else { throw malformed("an entry is too large") }
            return (bytes.count, nil)
        case nil: break
        }
        let left = pending.count - done
        pending = []
        for entry in head.contents?.entries ?? [] where entry.hasData {
            guard promised.updateValue(entry, forKey: entry.dumpID) == nil else {
                throw malformed("two entries have the number \(entry.dumpID)")
            }
        }
        state = .blockType
        return (bytes.count - left, .contents)
    }

    private func malformed(_ reason: String) -> HoldfastError {
        HoldfastError(.malformed, "The dump is not whole: \(reason)")
    }
}
