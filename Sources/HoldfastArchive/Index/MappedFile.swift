import Glibc
import HoldfastModel

/// A file mapped into memory for reading, for as long as this object lives.
final class MappedFile: Sendable {
    /// Never written through, and unmapped only by `deinit`.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    /// - Throws: `notFound`, or `inputOutput` for anything else.
    init(_ path: String) throws(HoldfastError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("can't be opened", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("can't be examined", path) }
        guard status.st_size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED
        else { throw .system("can't be mapped", path) }
        bytes = UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }
}

extension HoldfastError {
    /// What the last system call on `path` failed with.
    static func system(_ what: String, _ path: String) -> HoldfastError {
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
