import Glibc
import HoldfastModel
import Synchronization

/// An open file of the operating system, closed at the latest when nothing refers to it any more.
final class PosixFile: DiskFile {
    let descriptor: Int32
    private let path: String
    private let isClosed = Mutex(false)

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { closeOnce() }

    func append(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
                if count < 0 {
                    if errno == EINTR { continue }
                    throw PosixFailure.error(errno, "write", path)
                }
                done += count
            }
        }
    }

    func read(at offset: Int64, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let memory = UnsafeMutableRawBufferPointer(buffer)
            while initialized < count {
                let got = pread(
                    descriptor, memory.baseAddress?.advanced(by: initialized), count - initialized,
                    off_t(offset) + off_t(initialized))
                if got < 0 {
                    if errno == EINTR { continue }
                    throw PosixFailure.error(errno, "read", path)
                }
                if got == 0 { break }
                initialized += got
            }
        }
    }

    func sync() throws {
        guard fdatasync(descriptor) == 0 else { throw PosixFailure.error(errno, "sync", path) }
    }

    func close() { closeOnce() }

    /// Says that what the system has cached of the file is of no more use.
    func dropCache() {
        isClosed.withLock { closed in
            if !closed { _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) }
        }
    }

    private func closeOnce() {
        isClosed.withLock { closed in
            guard !closed else { return }
            closed = true
            _ = Glibc.close(descriptor)
        }
    }
}
