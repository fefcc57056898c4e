import Glibc
import HoldfastArchive
import HoldfastModel

/// An open directory or file of a media tree, closed with its last reference. All work on a tree goes through these, by
/// single names relative to an open directory, so that no path is ever resolved twice.
package final class MediaHandle: Sendable {
    let calls: any FileCalls
    let number: FileNumber

    /// Takes over an open file's number.
    init(owning number: FileNumber, calls: any FileCalls) {
        self.number = number
        self.calls = calls
    }

    deinit { calls.close(number) }

    /// Whether this process may do what only root may.
    var isRoot: Bool { calls.effectiveUser == 0 }

    func status() throws(CallFailure) -> FileStatus { try status(of: []) }

    /// Of the name itself, should it be a symbolic link. An empty name stands for what the handle has open.
    func status(of name: [UInt8]) throws(CallFailure) -> FileStatus { try calls.status(of: name, in: number) }

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
        MediaHandle(owning: try calls.openDirectory(path, in: number, sameMount: sameMount), calls: calls)
    }

    /// The directory above this one.
    func parent() throws(CallFailure) -> MediaHandle {
        MediaHandle(owning: try calls.openParent(of: number), calls: calls)
    }

    /// Opens what may be a file for reading. The caller checks what was opened.
    func file(_ name: [UInt8]) throws(CallFailure) -> MediaHandle {
        MediaHandle(owning: try calls.openFile(name, in: number), calls: calls)
    }

    func makeFile(_ name: [UInt8], mode: UInt16 = 0o600) throws(CallFailure) -> MediaHandle {
        MediaHandle(owning: try calls.createFile(name, in: number, mode: mode), calls: calls)
    }

    func makeDirectory(_ name: [UInt8]) throws(CallFailure) {
        try calls.makeDirectory(name, in: number, mode: 0o700)
    }

    func remove(_ name: [UInt8], isDirectory: Bool = false) throws(CallFailure) {
        try calls.remove(name, in: number, isDirectory: isDirectory)
    }

    func sync() throws(CallFailure) { try calls.sync(number) }

    func linkTarget(of name: [UInt8]) throws(CallFailure) -> [UInt8] { try calls.linkTarget(of: name, in: number) }

    func space() throws(CallFailure) -> FileSystemSpace { try calls.space(at: number) }

    /// How many bytes of an open file were read; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(CallFailure) -> Int {
        try calls.read(number, into: buffer, at: offset)
    }
}

extension [UInt8] {
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
