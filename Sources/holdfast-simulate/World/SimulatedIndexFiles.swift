import HoldfastArchive
import HoldfastModel

/// The index files of one node: they outlive its processes.
final class IndexShelf: @unchecked Sendable {
    // Touched by the executor's one thread.
    fileprivate var files: [String: [UInt8]] = [:]
    fileprivate var unsynced: Set<String> = []

    func clear() { (files, unsynced) = ([:], []) }

    /// Names that were given a short while ago may be gone, as nobody syncs their directory; content never is half there.
    func powerCut(using chance: inout Chance) {
        for name in unsynced.sorted() where chance.isOne(in: 2) { files[name] = nil }
        unsynced = []
    }
}

/// The index files as one process sees them.
struct SimulatedIndexFiles: IndexFiles {
    let shelf: IndexShelf
    let life: Life

    func map(_ name: String) throws(HoldfastError) -> MappedBytes {
        try live()
        guard let file = shelf.files[name] else { throw HoldfastError(.notFound, "no index file \(name)") }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, file.count), alignment: 16)
        copy.copyBytes(from: file)
        // It ends at the file's end; what frees it needs only its beginning.
        return MappedBytes(UnsafeRawBufferPointer(rebasing: copy[..<file.count])) { $0.deallocate() }
    }

    func create(_ name: String) throws(HoldfastError) -> any IndexFileOutput {
        try live()
        return Output(self, name)
    }

    func remove(_ name: String) {
        if life.isAlive { shelf.files[name] = nil }
    }

    fileprivate func live() throws(HoldfastError) {
        do { try life.pass() } catch { throw HoldfastError(error) }
    }

    private final class Output: IndexFileOutput {
        private let files: SimulatedIndexFiles
        private let name: String
        private var bytes: [UInt8] = []

        init(_ files: SimulatedIndexFiles, _ name: String) { (self.files, self.name) = (files, name) }

        func append(_ bytes: [UInt8]) throws(HoldfastError) {
            try files.live()
            self.bytes += bytes
        }

        func finish() throws(HoldfastError) {
            try files.live()
            files.shelf.files[name] = bytes
            files.shelf.unsynced.insert(name)
        }

        func discard() {}
    }
}
