package import HoldfastArchive
package import HoldfastModel
import Synchronization

/// Index files in memory. A finished file outlives a power cut; one that wasn't never was.
package struct MemoryIndexFiles: IndexFiles {
    private final class Storage: Sendable {
        let files = Mutex<[String: MappedBytes]>([:])
    }

    private let storage: Storage
    private let before: @Sendable () throws(HoldfastError) -> Void

    package init() { self.init(storage: Storage()) { () throws(HoldfastError) in } }

    private init(storage: Storage, before: @escaping @Sendable () throws(HoldfastError) -> Void) {
        self.storage = storage
        self.before = before
    }

    /// The same files as one process sees them.
    /// - Parameter before: asked before each call; what it throws the call fails with, without effect.
    package func process(before: @escaping @Sendable () throws(HoldfastError) -> Void) -> MemoryIndexFiles {
        MemoryIndexFiles(storage: storage, before: before)
    }

    package func map(_ name: String) throws(HoldfastError) -> MappedBytes {
        try before()
        guard let file = storage.files.withLock({ $0[name] }) else {
            throw HoldfastError(.notFound, "There is no index file \(name)")
        }
        return file
    }

    package func create(_ name: String) throws(HoldfastError) -> any IndexFileOutput {
        try before()
        return Output(name: name, files: self)
    }

    package func remove(_ name: String) {
        guard (try? before()) != nil else { return }
        storage.files.withLock { $0[name] = nil }
    }

    /// All names, in order.
    package var names: [String] { storage.files.withLock { $0.keys.sorted() } }

    private final class Output: IndexFileOutput {
        private let name: String
        private let files: MemoryIndexFiles
        private var bytes: [UInt8] = []

        init(name: String, files: MemoryIndexFiles) {
            self.name = name
            self.files = files
        }

        func append(_ bytes: [UInt8]) throws(HoldfastError) {
            try files.before()
            self.bytes += bytes
        }

        func finish() throws(HoldfastError) {
            try files.before()
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
            copy.copyBytes(from: bytes)
            let file = MappedBytes(UnsafeRawBufferPointer(copy)) { $0.deallocate() }
            files.storage.files.withLock { $0[name] = file }
        }

        func discard() { bytes = [] }
    }
}
