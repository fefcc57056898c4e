import Crypto
package import HoldfastModel

/// A project's index on one worker: a sorted file, searched in place.
///
/// It makes backups quick and is never trusted: what it lacks is stored again, and holds decide whether what it names
/// is still there. `open` finds damage; the file is then built again from the shards.
package final class ChunkIndex: ChunkLookup {
    package let project: ProjectID
    /// How many chunks it knows.
    package let count: Int
    /// Sorted.
    package let shards: [ObjectName]
    private let file: MappedBytes

    /// Opens a file and checks all of it, at the speed of SHA-256.
    ///
    /// - Throws: `notFound`; `corrupt` where it must be built again; `unsupported` for a later version.
    package init(_ name: String, in files: any IndexFiles, project: ProjectID) throws(HoldfastError) {
        file = try files.map(name)
        self.project = project
        let bytes = file.bytes
        let subject = "index \(name)"
        let damaged = HoldfastError(.corrupt, "The \(subject) is damaged and must be built again from the shards.")
        let (headerBytes, footerBytes) = (IndexLayout.headerBytes, IndexLayout.footerBytes)
        guard bytes.count >= headerBytes + footerBytes else { throw damaged }
        var header = ByteReader(Array(bytes.prefix(headerBytes)), subject)
        try header.format(.index)
        guard try header.raw(ProjectID.length) == Array(project.text.utf8), try header.raw(2) == [0, 0] else {
            throw damaged
        }
        var footer = ByteReader(Array(bytes.suffix(footerBytes)), subject)
        let entries = try footer.integer(UInt64.self)
        let shardCount = Int(try footer.integer(UInt32.self))
        let body = bytes.count - headerBytes - footerBytes
        guard entries <= UInt64(body / IndexLayout.entryBytes),
            body == Int(entries) * IndexLayout.entryBytes + shardCount * ObjectName.byteCount
        else { throw damaged }
        let hashed = bytes.count - SHA256.byteCount - Format.magicLength
        var hasher = SHA256()
        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes.prefix(hashed)))
        guard try footer.raw(SHA256.byteCount) == Array(hasher.finalize()),
            try footer.raw(Format.magicLength) == Format.end.magic
        else { throw damaged }
        count = Int(entries)
        let start = headerBytes + Int(entries) * IndexLayout.entryBytes
        shards = (0..<shardCount).map { number in
            ObjectName(bytes: Array(bytes[start + 32 * number..<start + 32 * number + 32]))
        }
    }

    package func location(of name: ChunkName) -> ChunkLocation? {
        guard let position = position(of: name) else { return nil }
        return entry(position).location
    }

    /// By interpolation, because names are evenly spread, and by halves where that makes no quick progress.
    func position(of name: ChunkName) -> Int? {
        var (low, high) = (0, count)
        var (lowKey, highKey) = (UInt64(0), UInt64.max)
        var steps = 0
        while low < high {
            var middle = low + (high - low) / 2
            if steps < 8, highKey > lowKey {
                let product = UInt64(high - low - 1).multipliedFullWidth(by: name.words.0 - lowKey)
                let range = highKey - lowKey
                if product.high < range { middle = low + Int(range.dividingFullWidth(product).quotient) }
                middle = min(middle, high - 1)
            }
            steps += 1
            let found = self.name(middle)
            if found == name { return middle }
            if found < name {
                (low, lowKey) = (middle + 1, found.words.0)
            } else {
                (high, highKey) = (middle, found.words.0)
            }
        }
        return nil
    }

    func name(_ position: Int) -> ChunkName {
        let start = IndexLayout.headerBytes + position * IndexLayout.entryBytes
        return ChunkName(words: (word(start), word(start + 8), word(start + 16), word(start + 24)))
    }

    func record(_ position: Int) -> IndexRecord {
        let start = IndexLayout.headerBytes + position * IndexLayout.entryBytes + ChunkName.byteCount
        return IndexRecord(
            name: name(position), shard: half(start), segment: half(start + 4), offset: half(start + 8),
            length: half(start + 12))
    }

    private func entry(_ position: Int) -> (name: ChunkName, location: ChunkLocation?) {
        let record = record(position)
        guard Int(record.shard) < shards.count else { return (record.name, nil) }
        return (
            record.name,
            ChunkLocation(
                shard: shards[Int(record.shard)], segment: record.segment, offset: record.offset,
                length: record.length)
        )
    }

    private func word(_ offset: Int) -> UInt64 {
        UInt64(bigEndian: file.bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private func half(_ offset: Int) -> UInt32 {
        UInt32(bigEndian: file.bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}

/// An entry as an index file holds it, with its shard by number.
struct IndexRecord: Sendable {
    var name: ChunkName
    var shard: UInt32
    var segment: UInt32
    var offset: UInt32
    var length: UInt32
}
