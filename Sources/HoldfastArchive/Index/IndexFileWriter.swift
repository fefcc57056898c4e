import Crypto
import HoldfastModel

/// Writes an index file from entries in order.
final class IndexFileWriter {
    private let output: any IndexFileOutput
    private var buffer = ByteWriter()
    private var hasher = SHA256()
    private var shards: [ObjectName]
    private var entryCount: UInt64 = 0
    private var isFinished = false
    private static let bufferBytes = 1 << 20

    /// - Parameter shards: sorted; entries refer to them by position.
    init(_ output: any IndexFileOutput, project: ProjectID, shards: [ObjectName]) {
        self.output = output
        self.shards = shards
        buffer.raw(IndexLayout.header(project))
    }

    deinit {
        if !isFinished { output.discard() }
    }

    /// - Parameter shard: by its position here; the record has that of another file.
    func add(_ record: IndexRecord, shard: UInt32) throws(HoldfastError) {
        buffer.name(record.name)
        buffer.integer(shard)
        buffer.integer(record.segment)
        buffer.integer(record.offset)
        buffer.integer(record.length)
        entryCount += 1
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    func finish() throws(HoldfastError) {
        for shard in shards {
            buffer.raw(shard.bytes)
            if buffer.count >= Self.bufferBytes { try flush() }
        }
        buffer.integer(entryCount)
        buffer.integer(UInt32(shards.count))
        try flush()
        buffer.raw(Array(hasher.finalize()))
        buffer.raw(Format.end.magic)
        try flush()
        try output.finish()
        isFinished = true
    }

    private func flush() throws(HoldfastError) {
        let bytes = buffer.bytes
        hasher.update(data: bytes)
        try output.append(bytes)
        buffer.removeAll()
    }
}

/// Where things are in an index file.
enum IndexLayout {
    static let headerBytes = 24
    static let entryBytes = 48
    static let footerBytes = 52

    static func header(_ project: ProjectID) -> [UInt8] {
        // Two zero bytes make entries begin at a multiple of eight.
        Format.index.start + Array(project.text.utf8) + [0, 0]
    }
}
