import CLinux
import Glibc
import HoldfastArchive
import HoldfastModel

/// An open directory or file of a media tree, closed with its last reference. All work on a tree goes through these, by
/// single names relative to an open directory, so that no path is ever resolved twice.
package final class MediaHandle: Sendable {
    let number: Int32

    /// Takes over an open file's number.
    init(owning number: Int32) { self.number = number }

    deinit { _ = linux_close(number) }

    func status() throws(CallFailure) -> FileStatus { try status(of: []) }

    /// Of the name itself, should it be a symbolic link. An empty name stands for what the handle has open.
    func status(of name: [UInt8]) throws(CallFailure) -> FileStatus {
        var status = linux_status()
        _ = try CallFailure.check(name.withName { linux_status_of(number, $0, &status) })
        guard let result = FileStatus(status) else { throw CallFailure(EINVAL) }
        return result
    }

    /// Nil where the name is free.
    func statusIfPresent(of name: [UInt8]) throws(CallFailure) -> FileStatus? {
        do {
            return try status(of: name)
        } catch {
            guard error.number == ENOENT else { throw error }
            return nil
        }
    }

    /// Opens a directory by its path beneath this one, however long, following no symbolic link.
    func directory(at path: [UInt8], sameMount: Bool = true) throws(CallFailure) -> MediaHandle {
        // A system call takes paths up to 4095 bytes.
        let limit = 3800
        var rest = path[...]
        var handle = self
        while rest.count > limit {
            guard let cut = rest.prefix(limit).lastIndex(of: UInt8(ascii: "/")) else { throw CallFailure(ENAMETOOLONG) }
            handle = try handle.openDirectory(Array(rest[..<cut]), sameMount: sameMount)
            rest = rest[(cut + 1)...]
        }
        return rest.isEmpty ? handle : try handle.openDirectory(Array(rest), sameMount: sameMount)
    }

    private func openDirectory(_ path: [UInt8], sameMount: Bool) throws(CallFailure) -> MediaHandle {
        MediaHandle(
            owning: try CallFailure.check(path.withName { linux_open_directory(number, $0, sameMount ? 1 : 0) }))
    }

    /// Opens what may be a file for reading. The caller checks what was opened.
    func file(_ name: [UInt8]) throws(CallFailure) -> MediaHandle {
        MediaHandle(owning: try CallFailure.check(name.withName { linux_open_file(number, $0) }))
    }

    func makeFile(_ name: [UInt8], mode: UInt16 = 0o600) throws(CallFailure) -> MediaHandle {
        MediaHandle(owning: try CallFailure.check(name.withName { linux_create_file(number, $0, UInt32(mode)) }))
    }

    func makeDirectory(_ name: [UInt8]) throws(CallFailure) {
        _ = try CallFailure.check(name.withName { linux_make_directory(number, $0, 0o700) })
    }

    func remove(_ name: [UInt8], isDirectory: Bool = false) throws(CallFailure) {
        _ = try CallFailure.check(name.withName { linux_remove(number, $0, isDirectory ? 1 : 0) })
    }

    func sync() throws(CallFailure) {
        _ = try CallFailure.check(linux_sync(number))
    }

    func linkTarget(of name: [UInt8]) throws(CallFailure) -> [UInt8] {
        // Linux allows no longer target than this.
        let limit = 4096
        var count = 0
        let target = try withScratch(limit) { (buffer: UnsafeMutableRawBufferPointer) throws(CallFailure) in
            count = try CallFailure.check(name.withName { linux_read_link(number, $0, buffer.baseAddress, limit) })
            return Array(buffer.prefix(count))
        }
        return target
    }
}

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

    /// This path with one more component.
    func appending(component: [UInt8]) -> [UInt8] {
        if isEmpty { return component }
        var path: [UInt8] = []
        path.reserveCapacity(count + 1 + component.count)
        path += self
        path.append(UInt8(ascii: "/"))
        path += component
        return path
    }
}
