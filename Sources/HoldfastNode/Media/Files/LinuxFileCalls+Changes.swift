import CLinux
import Glibc
package import HoldfastArchive

/// Changing content, names and metadata.
extension LinuxFileCalls {
    package func read(
        _ file: FileNumber, into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
    ) throws(CallFailure) -> Int {
        try CallFailure.check(linux_read(file, buffer.baseAddress, buffer.count, Int64(clamping: offset)))
    }

    package func write(
        _ file: FileNumber, _ bytes: UnsafeRawBufferPointer, at offset: UInt64
    ) throws(CallFailure) -> Int {
        try CallFailure.check(linux_write(file, bytes.baseAddress, bytes.count, Int64(clamping: offset)))
    }

    package func nextData(in file: FileNumber, from offset: UInt64) throws(CallFailure) -> UInt64 {
        UInt64(try CallFailure.check(linux_seek_data(file, Int64(clamping: offset))))
    }

    package func nextHole(in file: FileNumber, from offset: UInt64) throws(CallFailure) -> UInt64 {
        UInt64(try CallFailure.check(linux_seek_hole(file, Int64(clamping: offset))))
    }

    package func setSize(of file: FileNumber, _ size: UInt64) throws(CallFailure) {
        _ = try CallFailure.check(linux_set_size(file, Int64(clamping: size)))
    }

    package func expectSequentialReading(of file: FileNumber) { _ = linux_expect_sequential(file) }
    package func forgetPages(of file: FileNumber) { _ = linux_forget_pages(file) }

    package func makeDirectory(_ name: [UInt8], in directory: FileNumber, mode: UInt16) throws(CallFailure) {
        _ = try CallFailure.check(name.withName { linux_make_directory(directory, $0, UInt32(mode)) })
    }

    package func makeSymbolicLink(
        _ name: [UInt8], in directory: FileNumber, to target: [UInt8]
    ) throws(CallFailure) {
        _ = try CallFailure.check(
            name.withName { name in target.withName { linux_make_symbolic_link($0, directory, name) } })
    }

    package func makeNode(
        _ name: [UInt8], in directory: FileNumber, _ kind: FileStatus.Kind, mode: UInt16, special: UInt64
    ) throws(CallFailure) {
        _ = try CallFailure.check(
            name.withName { linux_make_node(directory, $0, kind.rawValue | UInt32(mode), special) })
    }

    package func makeHardLink(
        _ newName: [UInt8], in directory: FileNumber, to name: [UInt8], in other: FileNumber
    ) throws(CallFailure) {
        _ = try CallFailure.check(
            newName.withName { newName in
                name.withName { linux_make_hard_link(other, $0, directory, newName) }
            })
    }

    package func remove(_ name: [UInt8], in directory: FileNumber, isDirectory: Bool) throws(CallFailure) {
        _ = try CallFailure.check(name.withName { linux_remove(directory, $0, isDirectory ? 1 : 0) })
    }

    package func rename(
        _ name: [UInt8], in directory: FileNumber, to newName: [UInt8], in other: FileNumber, _ rule: RenameRule
    ) throws(CallFailure) {
        let call =
            switch rule {
            case .toFree: linux_rename_to_free
            case .over: linux_rename_over
            case .exchange: linux_rename_exchange
            }
        _ = try CallFailure.check(
            name.withName { name in newName.withName { call(directory, name, other, $0) } })
    }

    package func setMode(_ mode: UInt16, of name: [UInt8], in directory: FileNumber) throws(CallFailure) {
        _ = try CallFailure.check(name.withName { linux_set_mode(directory, $0, UInt32(mode)) })
    }

    package func setOwner(
        _ owner: UInt32, _ group: UInt32, of name: [UInt8], in directory: FileNumber
    ) throws(CallFailure) {
        _ = try CallFailure.check(name.withName { linux_set_owner(directory, $0, owner, group) })
    }

    package func setModified(_ time: FileTime, of name: [UInt8], in directory: FileNumber) throws(CallFailure) {
        _ = try CallFailure.check(
            name.withName { linux_set_modified(directory, $0, time.seconds, time.nanoseconds) })
    }
}
