package import HoldfastArchive

/// The number of an open file or directory, as the process that opened it knows it.
package typealias FileNumber = Int32

/// The system calls by which media trees are read and changed, and the seam between Holdfast's code and a file system.
///
/// Names are single components relative to an open directory, and an empty one stands for the open file itself. No call
/// follows a symbolic link at the name. Calls cut short by a signal are made again, so `EINTR` never shows; all other
/// errors are Linux's.
package protocol FileCalls: Sendable {
    /// Whose rights the calls have: 0 is root.
    var effectiveUser: UInt32 { get }

    // MARK: Opening

    /// An absolute path, whose symbolic links are followed: only for what the node's own configuration names.
    func openConfiguredDirectory(_ path: [UInt8]) throws(CallFailure) -> FileNumber
    /// `path` may have many components. None may be a symbolic link (`ELOOP`) or lead above `directory` or, with
    /// `sameMount`, into another file system (both `EXDEV`).
    func openDirectory(_ path: [UInt8], in directory: FileNumber, sameMount: Bool) throws(CallFailure) -> FileNumber
    /// The directory above. The caller decides what it may be used for.
    func openParent(of directory: FileNumber) throws(CallFailure) -> FileNumber
    /// For reading. Never waits for the other end of a FIFO, and leaves the access time alone where that is permitted.
    func openFile(_ name: [UInt8], in directory: FileNumber) throws(CallFailure) -> FileNumber
    /// For writing. `EEXIST` where something bears the name.
    func createFile(_ name: [UInt8], in directory: FileNumber, mode: UInt16) throws(CallFailure) -> FileNumber
    func close(_ file: FileNumber)

    // MARK: Looking

    func status(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> FileStatus
    /// Hands out every name in the directory once, in no order, but those of itself and its parent.
    func list(
        _ directory: FileNumber, _ body: (UnsafeRawBufferPointer) throws(CallFailure) -> Void
    ) throws(CallFailure)
    func linkTarget(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> [UInt8]
    func space(at directory: FileNumber) throws(CallFailure) -> FileSystemSpace
    /// Nil where the system doesn't tell.
    func place(of directory: FileNumber) -> FilePlace?
    /// Fails where this process may not make and remove names in the directory.
    func requireChangeable(_ directory: FileNumber) throws(CallFailure)

    // MARK: Content

    /// How many bytes were read; 0 at the end.
    func read(
        _ file: FileNumber, into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
    ) throws(CallFailure) -> Int
    /// How many bytes were written, which may be fewer than given.
    func write(_ file: FileNumber, _ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(CallFailure) -> Int
    /// Where data begins, at `offset` or after it. `ENXIO` where only a hole follows.
    func nextData(in file: FileNumber, from offset: UInt64) throws(CallFailure) -> UInt64
    /// Where a hole begins, at `offset` or after it; there is one at the end of each file.
    func nextHole(in file: FileNumber, from offset: UInt64) throws(CallFailure) -> UInt64
    func setSize(of file: FileNumber, _ size: UInt64) throws(CallFailure)
    /// Advice: the file is going to be read once, from its beginning to its end.
    func expectSequentialReading(of file: FileNumber)
    /// Advice: the file's content need not stay in memory.
    func forgetPages(of file: FileNumber)

    // MARK: Names

    func makeDirectory(_ name: [UInt8], in directory: FileNumber, mode: UInt16) throws(CallFailure)
    func makeSymbolicLink(_ name: [UInt8], in directory: FileNumber, to target: [UInt8]) throws(CallFailure)
    func makeNode(
        _ name: [UInt8], in directory: FileNumber, _ kind: FileStatus.Kind, mode: UInt16, special: UInt64
    ) throws(CallFailure)
    func makeHardLink(
        _ newName: [UInt8], in directory: FileNumber, to name: [UInt8], in other: FileNumber
    ) throws(CallFailure)
    func remove(_ name: [UInt8], in directory: FileNumber, isDirectory: Bool) throws(CallFailure)
    func rename(
        _ name: [UInt8], in directory: FileNumber, to newName: [UInt8], in other: FileNumber, _ rule: RenameRule
    ) throws(CallFailure)

    // MARK: Metadata

    func setMode(_ mode: UInt16, of name: [UInt8], in directory: FileNumber) throws(CallFailure)
    func setOwner(_ owner: UInt32, _ group: UInt32, of name: [UInt8], in directory: FileNumber) throws(CallFailure)
    /// The time of last access is set to the same.
    func setModified(_ time: FileTime, of name: [UInt8], in directory: FileNumber) throws(CallFailure)
    /// In no order. `EOPNOTSUPP` where the file system has none.
    func attributeNames(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> [[UInt8]]
    /// `ENODATA` where there is no such attribute.
    func attribute(_ key: [UInt8], of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> [UInt8]
    func setAttribute(
        _ attribute: MediaEntry.ExtendedAttribute, of name: [UInt8], in directory: FileNumber
    ) throws(CallFailure)
    func removeAttribute(_ key: [UInt8], of name: [UInt8], in directory: FileNumber) throws(CallFailure)

    // MARK: Durability

    /// Makes the content of the file, or the names in the directory, durable. Never tried again after it failed: the
    /// kernel then counts what it could not write as written.
    func sync(_ file: FileNumber) throws(CallFailure)
    /// Everything written to the file system so far. Fails with what went wrong since `file` was opened.
    func syncFileSystem(of file: FileNumber) throws(CallFailure)
}

/// What becomes of something that bears the new name already.
package enum RenameRule: Sendable {
    /// Fails with `EEXIST`.
    case toFree
    /// It is replaced.
    case over
    /// It gets the old name. `EINVAL`, `ENOSYS` or `EOPNOTSUPP` where the file system or kernel can't.
    case exchange
}

package struct FileSystemSpace: Hashable, Sendable {
    /// What this process may still use.
    package var availableBytes: UInt64
    package var availableInodes: UInt64
    /// Zero where the file system has no fixed number.
    package var totalInodes: UInt64
    /// The kernel's number for the kind of file system.
    package var type: UInt64

    package init(availableBytes: UInt64, availableInodes: UInt64, totalInodes: UInt64, type: UInt64) {
        self.availableBytes = availableBytes
        self.availableInodes = availableInodes
        self.totalInodes = totalInodes
        self.type = type
    }
}
