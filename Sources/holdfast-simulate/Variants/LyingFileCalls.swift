import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastNode

/// Media trees that say they have done what they have not, or don't show what they have.
struct LyingFileCalls: FileCalls {
    let calls: any FileCalls
    let variant: Variant
    let deceit: Deceit

    var effectiveUser: UInt32 { calls.effectiveUser }

    func openConfiguredDirectory(_ path: [UInt8]) throws(CallFailure) -> FileNumber {
        try calls.openConfiguredDirectory(path)
    }

    func openDirectory(_ path: [UInt8], in directory: FileNumber, sameMount: Bool) throws(CallFailure) -> FileNumber {
        try calls.openDirectory(path, in: directory, sameMount: sameMount)
    }

    func openParent(of directory: FileNumber) throws(CallFailure) -> FileNumber {
        try calls.openParent(of: directory)
    }

    func openFile(_ name: [UInt8], in directory: FileNumber) throws(CallFailure) -> FileNumber {
        if variant == .repeatsExchanges, name == Array("list".utf8), deceit.forgetsList() { throw CallFailure(ENOENT) }
        return try calls.openFile(name, in: directory)
    }

    func createFile(_ name: [UInt8], in directory: FileNumber, mode: UInt16) throws(CallFailure) -> FileNumber {
        try calls.createFile(name, in: directory, mode: mode)
    }

    func close(_ file: FileNumber) {
        calls.close(file)
    }

    func status(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> FileStatus {
        try calls.status(of: name, in: directory)
    }

    func list(_ directory: FileNumber, _ body: (UnsafeRawBufferPointer) throws(CallFailure) -> Void) throws(CallFailure)
    {
        try calls.list(directory, body)
    }

    func linkTarget(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> [UInt8] {
        try calls.linkTarget(of: name, in: directory)
    }

    func place(of directory: FileNumber) -> FilePlace? { calls.place(of: directory) }
    func space(at directory: FileNumber) throws(CallFailure) -> FileSystemSpace {
        try calls.space(at: directory)
    }

    func requireChangeable(_ directory: FileNumber) throws(CallFailure) {
        try calls.requireChangeable(directory)
    }

    func read(_ file: FileNumber, into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(CallFailure)
        -> Int
    {
        try calls.read(file, into: buffer, at: offset)
    }

    func write(_ file: FileNumber, _ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(CallFailure) -> Int {
        try calls.write(file, bytes, at: offset)
    }

    func nextData(in file: FileNumber, from offset: UInt64) throws(CallFailure) -> UInt64 {
        try calls.nextData(in: file, from: offset)
    }

    func nextHole(in file: FileNumber, from offset: UInt64) throws(CallFailure) -> UInt64 {
        try calls.nextHole(in: file, from: offset)
    }

    func setSize(of file: FileNumber, _ size: UInt64) throws(CallFailure) {
        try calls.setSize(of: file, size)
    }

    func expectSequentialReading(of file: FileNumber) {
        calls.expectSequentialReading(of: file)
    }

    func forgetPages(of file: FileNumber) {
        calls.forgetPages(of: file)
    }

    func makeDirectory(_ name: [UInt8], in directory: FileNumber, mode: UInt16) throws(CallFailure) {
        try calls.makeDirectory(name, in: directory, mode: mode)
    }

    func makeSymbolicLink(_ name: [UInt8], in directory: FileNumber, to target: [UInt8]) throws(CallFailure) {
        try calls.makeSymbolicLink(name, in: directory, to: target)
    }

    func makeNode(_ name: [UInt8], in directory: FileNumber, _ kind: FileStatus.Kind, mode: UInt16, special: UInt64)
        throws(CallFailure)
    {
        try calls.makeNode(name, in: directory, kind, mode: mode, special: special)
    }

    func makeHardLink(_ newName: [UInt8], in directory: FileNumber, to name: [UInt8], in other: FileNumber)
        throws(CallFailure)
    {
        try calls.makeHardLink(newName, in: directory, to: name, in: other)
    }

    func remove(_ name: [UInt8], in directory: FileNumber, isDirectory: Bool) throws(CallFailure) {
        try calls.remove(name, in: directory, isDirectory: isDirectory)
    }

    func rename(
        _ name: [UInt8], in directory: FileNumber, to newName: [UInt8], in other: FileNumber, _ rule: RenameRule
    ) throws(CallFailure) {
        // Between two directories only what an exchange moves is renamed.
        if directory != other, variant == .leavesNewMedia, deceit.isKnownOld { return }
        try calls.rename(name, in: directory, to: newName, in: other, rule)
    }

    func setMode(_ mode: UInt16, of name: [UInt8], in directory: FileNumber) throws(CallFailure) {
        try calls.setMode(mode, of: name, in: directory)
    }

    func setOwner(_ owner: UInt32, _ group: UInt32, of name: [UInt8], in directory: FileNumber) throws(CallFailure) {
        try calls.setOwner(owner, group, of: name, in: directory)
    }

    func setModified(_ time: FileTime, of name: [UInt8], in directory: FileNumber) throws(CallFailure) {
        try calls.setModified(time, of: name, in: directory)
    }

    func attributeNames(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> [[UInt8]] {
        try calls.attributeNames(of: name, in: directory)
    }

    func attribute(_ key: [UInt8], of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> [UInt8] {
        try calls.attribute(key, of: name, in: directory)
    }

    func setAttribute(_ attribute: MediaEntry.ExtendedAttribute, of name: [UInt8], in directory: FileNumber)
        throws(CallFailure)
    {
        try calls.setAttribute(attribute, of: name, in: directory)
    }

    func removeAttribute(_ key: [UInt8], of name: [UInt8], in directory: FileNumber) throws(CallFailure) {
        try calls.removeAttribute(key, of: name, in: directory)
    }

    func sync(_ file: FileNumber) throws(CallFailure) {
        if variant != .treesForgetSyncs { try calls.sync(file) }
    }

    func syncFileSystem(of file: FileNumber) throws(CallFailure) {
        try calls.syncFileSystem(of: file)
    }
}
