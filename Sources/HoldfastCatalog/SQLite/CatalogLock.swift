import Glibc
import HoldfastModel
import Synchronization

/// The exclusive right to one catalog file: a lock on a file beside it, held until it is released, this is gone, or the
/// process has ended.
final class CatalogLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// - Throws: `busy`, naming the other process, while one has the catalog open.
    init(besides path: String) throws(HoldfastError) {
        let lockPath = path + ".lock"
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .opening(lockPath, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            guard reason == EWOULDBLOCK else { throw .opening(lockPath, reason) }
            throw HoldfastError(
                .busy,
                """
                The catalog \(path.printable()) is in use by another Holdfast process\(holder.map { " (\($0))" } ?? ""): \
                stop that one first, or give this one a data directory of its own
                """)
        }
        // Only for the message above; a lock without it is as good.
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if let descriptor {
                // Closing alone would leave the lock to a child that another thread has just forked, until it starts
                // its program.
                flock(descriptor, LOCK_UN)
                close(descriptor)
            }
            descriptor = nil
        }
    }

    private static func holder(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 1 else { return nil }
        let text = String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return Int32(text).map { "process \($0)" }
    }
}

extension HoldfastError {
    /// A file of the catalog that the system refuses to open.
    static func opening(_ path: String, _ reason: Int32) -> HoldfastError {
        let code: ErrorCode =
            switch reason {
            case ENOSPC, EDQUOT: .noSpace
            default: .inputOutput
            }
        return HoldfastError(
            code,
            """
            Can't open \(path.printable()): \(String(cString: strerror(reason))). Check that the data directory exists, \
            belongs to the user Holdfast runs as, and has space
            """,
            context: ["path": path])
    }
}
