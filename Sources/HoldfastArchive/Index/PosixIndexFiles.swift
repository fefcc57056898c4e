import Glibc
package import HoldfastModel

/// Index files in a directory of this machine, mapped into memory.
package struct PosixIndexFiles: IndexFiles {
    private let directory: String

    /// - Parameter directory: is made by others before anything is written.
    package init(directory: String) { self.directory = directory }

    package func map(_ name: String) throws(HoldfastError) -> MappedBytes {
        let path = path(name)
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("can't be opened", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("can't be examined", path) }
        guard status.st_size > 0 else { return MappedBytes(UnsafeRawBufferPointer(start: nil, count: 0)) { _ in } }
        guard let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED
        else { throw .system("can't be mapped", path) }
        return MappedBytes(UnsafeRawBufferPointer(start: start, count: Int(status.st_size))) {
            munmap(UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
        }
    }

    package func create(_ name: String) throws(HoldfastError) -> any IndexFileOutput {
        try PosixIndexOutput(path: path(name))
    }

    package func remove(_ name: String) { unlink(path(name)) }

    private func path(_ name: String) -> String { "\(directory)/\(name)" }
}

/// Writes beside the file's place first, syncs, then renames over it.
private final class PosixIndexOutput: IndexFileOutput {
    private let path: String
    private let temporary: String
    private var descriptor: Int32

    init(path: String) throws(HoldfastError) {
        self.path = path
        self.temporary = path + ".new"
        descriptor = Glibc.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("can't be created", temporary) }
    }

    func append(_ bytes: [UInt8]) throws(HoldfastError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .system("can't be written", temporary) }
            written += count
        }
    }

    func finish() throws(HoldfastError) {
        guard fsync(descriptor) == 0 else { throw .system("can't be synced", temporary) }
        close(descriptor)
        descriptor = -1
        guard rename(temporary, path) == 0 else {
            let error = HoldfastError.system("can't be renamed", temporary)
            unlink(temporary)
            throw error
        }
        try syncDirectory()
    }

    func discard() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        unlink(temporary)
    }

    deinit { discard() }

    private func syncDirectory() throws(HoldfastError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("can't be opened", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("can't be synced", directory) }
    }
}

extension HoldfastError {
    /// What the last system call on `path` failed with.
    fileprivate static func system(_ what: String, _ path: String) -> HoldfastError {
        let number = errno
        let code: ErrorCode =
            switch number {
            case ENOENT: .notFound
            case ENOSPC, EDQUOT: .noSpace
            default: .inputOutput
            }
        return HoldfastError(code, "\(path) \(what): \(String(cString: strerror(number)))")
    }
}
