/// A file that is read from the medium: what the system has cached of it is dropped before it is read, and afterwards, so that
/// reading a whole store back neither proves only the cache nor empties it of what others need. Pages that are not written
/// yet stay; objects are synced before they get their names.
struct UncachedFile: DiskFile {
    private let file: PosixFile

    init(_ file: PosixFile) {
        self.file = file
        file.dropCache()
    }

    func append(_ bytes: [UInt8]) throws { try file.append(bytes) }
    func read(at offset: Int64, count: Int) throws -> [UInt8] { try file.read(at: offset, count: count) }
    func sync() throws { try file.sync() }

    func close() {
        file.dropCache()
        file.close()
    }
}
