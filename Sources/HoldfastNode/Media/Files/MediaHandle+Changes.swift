import CLinux
import HoldfastArchive
import HoldfastModel

/// Changing what a tree holds. An empty name stands for what the handle has open.
extension MediaHandle {
    func setMode(_ mode: UInt16, of name: [UInt8]) throws(CallFailure) {
        _ = try CallFailure.check(name.withName { linux_set_mode(number, $0, UInt32(mode)) })
    }

    func setOwner(_ owner: UInt32, _ group: UInt32, of name: [UInt8]) throws(CallFailure) {
        _ = try CallFailure.check(name.withName { linux_set_owner(number, $0, owner, group) })
    }

    func setModified(_ time: FileTime, of name: [UInt8]) throws(CallFailure) {
        _ = try CallFailure.check(name.withName { linux_set_modified(number, $0, time.seconds, time.nanoseconds) })
    }

    func setSize(_ size: UInt64) throws(CallFailure) {
        _ = try CallFailure.check(linux_set_size(number, Int64(clamping: size)))
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(CallFailure) {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = linux_write(number, rest.baseAddress, rest.count, Int64(clamping: offset) + Int64(done))
            done += Int(try CallFailure.check(count))
        }
    }

    func makeSymbolicLink(_ name: [UInt8], to target: [UInt8]) throws(CallFailure) {
        _ = try CallFailure.check(
            name.withName { name in target.withName { linux_make_symbolic_link($0, number, name) } })
    }

    func makeNode(_ name: [UInt8], _ kind: FileStatus.Kind, special: UInt64 = 0) throws(CallFailure) {
        _ = try CallFailure.check(name.withName { linux_make_node(number, $0, kind.rawValue | 0o600, special) })
    }

    func makeHardLink(_ name: [UInt8], to first: [UInt8], in directory: MediaHandle) throws(CallFailure) {
        _ = try CallFailure.check(
            name.withName { name in
                first.withName { linux_make_hard_link(directory.number, $0, number, name) }
            })
    }

    /// Fails with `EEXIST` where the new name is taken.
    func rename(_ name: [UInt8], to newName: [UInt8], in directory: MediaHandle) throws(CallFailure) {
        _ = try CallFailure.check(
            name.withName { name in
                newName.withName { linux_rename_to_free(number, name, directory.number, $0) }
            })
    }

    func rename(_ name: [UInt8], over newName: [UInt8]) throws(CallFailure) {
        _ = try CallFailure.check(
            name.withName { name in newName.withName { linux_rename_over(number, name, number, $0) } })
    }

    func exchange(_ name: [UInt8], with directory: MediaHandle) throws(CallFailure) {
        _ = try CallFailure.check(name.withName { linux_rename_exchange(number, $0, directory.number, $0) })
    }

    /// Everything written to this file system so far. Fails with what went wrong since the handle was opened.
    func syncFileSystem() throws(CallFailure) {
        _ = try CallFailure.check(linux_sync_filesystem(number))
    }

    /// A small file, whole. Fails with `EFBIG` beyond `limit` bytes.
    func contents(limit: Int) throws(CallFailure) -> [UInt8] {
        let size = try status().size
        guard size <= UInt64(limit) else { throw CallFailure(27) }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                return linux_read(number, rest.baseAddress, rest.count, Int64(done))
            }
            guard try CallFailure.check(count) > 0 else { break }
            done += Int(count)
        }
        return Array(bytes.prefix(done))
    }
}
