import CLinux
import Glibc
import HoldfastArchive
import HoldfastModel

/// The calls of this machine's kernel.
package struct LinuxFileCalls: FileCalls {
    package let effectiveUser: UInt32

    package init() { effectiveUser = geteuid() }

    package func openConfiguredDirectory(_ path: [UInt8]) throws(CallFailure) -> FileNumber {
        try CallFailure.check(path.withName { linux_open_configured_directory($0) })
    }

    package func openDirectory(
        _ path: [UInt8], in directory: FileNumber, sameMount: Bool
    ) throws(CallFailure) -> FileNumber {
        try CallFailure.check(path.withName { linux_open_directory(directory, $0, sameMount ? 1 : 0) })
    }

    package func openParent(of directory: FileNumber) throws(CallFailure) -> FileNumber {
        try CallFailure.check(linux_open_parent(directory))
    }

    package func openFile(_ name: [UInt8], in directory: FileNumber) throws(CallFailure) -> FileNumber {
        try CallFailure.check(name.withName { linux_open_file(directory, $0) })
    }

    package func createFile(
        _ name: [UInt8], in directory: FileNumber, mode: UInt16
    ) throws(CallFailure) -> FileNumber {
        try CallFailure.check(name.withName { linux_create_file(directory, $0, UInt32(mode)) })
    }

    package func close(_ file: FileNumber) { _ = linux_close(file) }

    package func status(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> FileStatus {
        var status = linux_status()
        _ = try CallFailure.check(name.withName { linux_status_of(directory, $0, &status) })
        guard let result = FileStatus(status) else { throw CallFailure(EINVAL) }
        return result
    }

    package func list(
        _ directory: FileNumber, _ body: (UnsafeRawBufferPointer) throws(CallFailure) -> Void
    ) throws(CallFailure) {
        // The position belongs to the open file, which may have been read before.
        _ = lseek(directory, 0, SEEK_SET)
        let room = 65_536
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try CallFailure.check(linux_list_directory(directory, buffer.baseAddress, room))
            if count == 0 { return }
            var offset = 0
            while offset + 19 < count {
                // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name, zero.
                let length = Int(buffer.loadUnaligned(fromByteOffset: offset + 16, as: UInt16.self))
                guard length > 19, offset + length <= count else { throw CallFailure(EIO) }
                let record = UnsafeRawBufferPointer(rebasing: buffer[(offset + 19)..<(offset + length)])
                let name = UnsafeRawBufferPointer(rebasing: record.prefix { $0 != 0 })
                offset += length
                if !Self.isSelfOrParent(name) { try body(name) }
            }
        }
    }

    private static func isSelfOrParent(_ name: UnsafeRawBufferPointer) -> Bool {
        let dot = UInt8(ascii: ".")
        return name.count == 1 && name[0] == dot || name.count == 2 && name[0] == dot && name[1] == dot
    }

    package func linkTarget(of name: [UInt8], in directory: FileNumber) throws(CallFailure) -> [UInt8] {
        // Linux allows no longer target than this.
        let limit = 4096
        return try withScratch(limit) { (buffer: UnsafeMutableRawBufferPointer) throws(CallFailure) in
            let count = name.withName { linux_read_link(directory, $0, buffer.baseAddress, limit) }
            return Array(buffer.prefix(try CallFailure.check(count)))
        }
    }

    package func space(at directory: FileNumber) throws(CallFailure) -> FileSystemSpace {
        var space = linux_space()
        _ = try CallFailure.check(linux_free_space(directory, &space))
        return FileSystemSpace(
            availableBytes: space.available_bytes, availableInodes: space.available_inodes,
            totalInodes: space.total_inodes, type: space.type)
    }

    package func requireChangeable(_ directory: FileNumber) throws(CallFailure) {
        _ = try CallFailure.check(linux_may_change(directory))
    }

    package func sync(_ file: FileNumber) throws(CallFailure) {
        _ = try CallFailure.check(linux_sync(file))
    }

    package func syncFileSystem(of file: FileNumber) throws(CallFailure) {
        _ = try CallFailure.check(linux_sync_filesystem(file))
    }
}

extension FileStatus {
    /// Nil for a kind of thing that this program doesn't know.
    fileprivate init?(_ status: linux_status) {
        guard let kind = Kind(rawValue: status.mode & 0o170000) else { return nil }
        self.init(
            kind: kind, mode: UInt16(status.mode & 0o7777),
            identity: FileIdentity(device: status.device, inode: status.inode), size: status.size,
            allocated: status.allocated, special: status.special, links: status.links, owner: status.owner,
            group: status.group,
            modified: FileTime(seconds: status.modified_seconds, nanoseconds: status.modified_nanoseconds),
            changed: FileTime(seconds: status.changed_seconds, nanoseconds: status.changed_nanoseconds),
            born: FileTime(seconds: status.born_seconds, nanoseconds: status.born_nanoseconds),
            isMountRoot: status.mount_root != 0)
    }
}

extension LinuxFileCalls {
    /// Room on the stack for one call; `body` throws only what the call does.
    func withScratch<Result>(
        _ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(CallFailure) -> Result
    ) throws(CallFailure) -> Result {
        let outcome = withUnsafeTemporaryAllocation(byteCount: count, alignment: 16) {
            buffer -> Swift.Result<Result, CallFailure> in
            do throws(CallFailure) {
                return .success(try body(buffer))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}

extension [UInt8] {
    /// The bytes as a C string. A zero byte within would cut it short: names that come from elsewhere are checked first.
    func withName<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { buffer in
            for index in indices { buffer.initializeElement(at: index, to: CChar(bitPattern: self[index])) }
            buffer.initializeElement(at: count, to: 0)
            guard let start = buffer.baseAddress else { preconditionFailure("a buffer of at least one byte") }
            return body(UnsafePointer(start))
        }
    }
}
