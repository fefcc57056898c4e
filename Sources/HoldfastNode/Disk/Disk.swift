/// The files of one node's data directory. Paths are relative to that directory, with `/` between components.
///
/// What was written survives a crash only after the file was synced, and a name only after its directory was. Every error
/// is a `HoldfastError`: `noSpace`, `notFound`, `busy`, `unavailable` while the file system is mounted for reading only, or
/// `inputOutput`.
package protocol Disk: Sendable {
    /// Creates an empty file and opens it for appending.
    /// - Throws: `alreadyExists` where there is one.
    func create(_ path: String) async throws -> any DiskFile
    /// Opens an existing file for appending at its end.
    func openForAppending(_ path: String) async throws -> any DiskFile
    func openForReading(_ path: String) async throws -> any DiskFile
    /// The same for reading what is on the medium: without what the system has cached of the file, and leaving nothing of it
    /// in the cache.
    func openUncached(_ path: String) async throws -> any DiskFile
    /// Makes the directory and those above it that are missing, and syncs each directory that got a new name.
    func makeDirectory(_ path: String) async throws
    /// Makes names made, changed or removed in the directory durable.
    func syncDirectory(_ path: String) async throws
    /// Gives the file another name, in place of what bears that now.
    func rename(_ path: String, to newPath: String) async throws
    func remove(_ path: String) async throws
    /// In the order of their names; empty where there is no such directory.
    func list(_ directory: String) async throws -> [DiskEntry]
    /// Nil where there is no such file.
    func size(of path: String) async throws -> Int64?
    func space() async throws -> DiskSpace
    /// Holds the file's lock for as long as the result lives.
    /// - Throws: `busy` where another process has it.
    func lock(_ path: String) async throws -> any Sendable
}

extension Disk {
    package func openUncached(_ path: String) async throws -> any DiskFile { try await openForReading(path) }
}

/// An open file of a `Disk`.
package protocol DiskFile: Sendable {
    func append(_ bytes: [UInt8]) async throws
    /// Up to `count` bytes, fewer only at the file's end.
    func read(at offset: Int64, count: Int) async throws -> [UInt8]
    /// Makes the content durable. Never tried again after it failed: the kernel may have dropped the pages.
    func sync() async throws
    /// May be called again; errors of writing show in `sync`.
    func close() async
}

package struct DiskEntry: Hashable, Sendable {
    package var name: String
    package var isDirectory: Bool

    package init(name: String, isDirectory: Bool) {
        self.name = name
        self.isDirectory = isDirectory
    }
}

/// Of the file system that the data directory lies on, in bytes.
package struct DiskSpace: Hashable, Sendable {
    package var capacity: Int64
    /// What an ordinary process may still take.
    package var free: Int64
    /// It is mounted for reading only, by an operator or by a kernel that saw it fail.
    package var isReadOnly: Bool

    package init(capacity: Int64, free: Int64, isReadOnly: Bool = false) {
        self.capacity = capacity
        self.free = free
        self.isReadOnly = isReadOnly
    }
}
