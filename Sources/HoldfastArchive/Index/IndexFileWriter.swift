import Crypto
import Glibc
import HoldfastModel

/// Writes an index file from entries in order: beside its place first, synced, then renamed over it.
final class IndexFileWriter {
    private let path: String
    private let temporary: String
    private var descriptor: Int32
    private var buffer = ByteWriter()
    private var hasher = SHA256()
    private var shards: [ObjectName]
    private var entryCount: UInt64 = 0
    private static let bufferBytes = 1 << 20

    /// - Parameter shards: sorted; entries refer to them by position.
    init(_ path: String, project: ProjectID, shards: [ObjectName]) throws(HoldfastError) {
        self.path = path
        self.temporary = path + ".new"
        self.shards = shards
        descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("can't be created", temporary) }
        buffer.raw(IndexLayout.header(project))
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
            unlink(temporary)
        }
    }

    func add(_ name: ChunkName, shard: UInt32, segment: UInt32, offset: UInt32, length: UInt32) throws(HoldfastError) {
        buffer.name(name)
        buffer.integer(shard)
        buffer.integer(segment)
        buffer.integer(offset)
        buffer.integer(length)
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
        guard fsync(descriptor) == 0 else { throw .system("can't be synced", temporary) }
        close(descriptor)
        descriptor = -1
        guard rename(temporary, path) == 0 else {
            let error = HoldfastError.system("can't be renamed", temporary)
            unlink(temporary)
            throw error
        }
        try Self.syncDirectory(of: path)
    }

    private func flush() throws(HoldfastError) {
        let bytes = buffer.bytes
        hasher.update(data: bytes)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .system("can't be written", temporary) }
            written += count
        }
        buffer.removeAll()
    }

    private static func syncDirectory(of path: String) throws(HoldfastError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("can't be opened", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("can't be synced", directory) }
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
