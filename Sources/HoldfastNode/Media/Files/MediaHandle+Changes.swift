import Glibc
import HoldfastArchive
import HoldfastModel

/// Changing what a tree holds. An empty name stands for what the handle has open.
extension MediaHandle {
    func setMode(_ mode: UInt16, of name: [UInt8]) throws(CallFailure) {
        try calls.setMode(mode, of: name, in: number)
    }

    func setOwner(_ owner: UInt32, _ group: UInt32, of name: [UInt8]) throws(CallFailure) {
        try calls.setOwner(owner, group, of: name, in: number)
    }

    func setModified(_ time: FileTime, of name: [UInt8]) throws(CallFailure) {
        try calls.setModified(time, of: name, in: number)
    }

    func setSize(_ size: UInt64) throws(CallFailure) { try calls.setSize(of: number, size) }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(CallFailure) {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            done += try calls.write(number, rest, at: offset + UInt64(done))
        }
    }

    func makeSymbolicLink(_ name: [UInt8], to target: [UInt8]) throws(CallFailure) {
        try calls.makeSymbolicLink(name, in: number, to: target)
    }

    func makeNode(_ name: [UInt8], _ kind: FileStatus.Kind, special: UInt64 = 0) throws(CallFailure) {
        try calls.makeNode(name, in: number, kind, mode: 0o600, special: special)
    }

    func makeHardLink(_ name: [UInt8], to first: [UInt8], in directory: MediaHandle) throws(CallFailure) {
        try calls.makeHardLink(name, in: number, to: first, in: directory.number)
    }

    /// Fails with `EEXIST` where the new name is taken.
    func rename(_ name: [UInt8], to newName: [UInt8], in directory: MediaHandle) throws(CallFailure) {
        try calls.rename(name, in: number, to: newName, in: directory.number, .toFree)
    }

    func rename(_ name: [UInt8], over newName: [UInt8]) throws(CallFailure) {
        try calls.rename(name, in: number, to: newName, in: number, .over)
    }

    func exchange(_ name: [UInt8], with directory: MediaHandle) throws(CallFailure) {
        try calls.rename(name, in: number, to: name, in: directory.number, .exchange)
    }

    /// Everything written to this file system so far. Fails with what went wrong since the handle was opened.
    func syncFileSystem() throws(CallFailure) { try calls.syncFileSystem(of: number) }

    /// A small file, whole. Fails with `EFBIG` beyond `limit` bytes.
    func contents(limit: Int) throws(CallFailure) -> [UInt8] {
        let size = try status().size
        guard size <= UInt64(limit) else { throw CallFailure(EFBIG) }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        let outcome = bytes.withUnsafeMutableBytes { buffer -> Result<Int, CallFailure> in
            do throws(CallFailure) {
                return .success(try fill(buffer))
            } catch {
                return .failure(error)
            }
        }
        return Array(bytes.prefix(try outcome.get()))
    }

    /// Reads from the file's beginning until the buffer is full or the file at its end.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(CallFailure) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = try read(into: rest, at: UInt64(done))
            if count == 0 { break }
            done += count
        }
        return done
    }
}
