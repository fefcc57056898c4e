import Glibc
import HoldfastModel

/// The data directory on the operating system's file system.
package struct PosixDisk: Disk {
    package let root: String

    /// Makes the directory where it is missing, readable by its owner only.
    package init(root: String) throws {
        self.root = root
        try Self.makeDirectories(root)
    }

    package func create(_ path: String) throws -> any DiskFile {
        try open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND)
    }

    package func openForAppending(_ path: String) throws -> any DiskFile {
        try open(path, O_WRONLY | O_APPEND)
    }

    package func openForReading(_ path: String) throws -> any DiskFile {
        try open(path, O_RDONLY)
    }

    package func openUncached(_ path: String) throws -> any DiskFile {
        let file = try open(path, O_RDONLY)
        return UncachedFile(file)
    }

    package func makeDirectory(_ path: String) throws {
        var missing: [String] = []
        var current = path
        while !current.isEmpty, Glibc.access(absolute(current), F_OK) != 0 {
            missing.append(current)
            current = DiskPath.parent(of: current)
        }
        for directory in missing.reversed() {
            if Glibc.mkdir(absolute(directory), 0o700) != 0, errno != EEXIST { throw failure("make", directory) }
            try syncDirectory(DiskPath.parent(of: directory))
        }
    }

    package func syncDirectory(_ path: String) throws {
        let descriptor = Glibc.open(absolute(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { _ = Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    package func rename(_ path: String, to newPath: String) throws {
        guard Glibc.rename(absolute(path), absolute(newPath)) == 0 else { throw failure("rename", path) }
    }

    package func remove(_ path: String) throws {
        guard unlink(absolute(path)) == 0 else { throw failure("remove", path) }
    }

    package func list(_ directory: String) throws -> [DiskEntry] {
        guard let stream = opendir(absolute(directory)) else {
            if errno == ENOENT { return [] }
            throw failure("list", directory)
        }
        defer { closedir(stream) }
        var entries: [DiskEntry] = []
        errno = 0
        while let entry = readdir(stream) {
            let (name, kind) = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                let start = UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self)
                return (String(cString: start), entry.pointee.d_type)
            }
            if name != ".", name != ".." {
                let path = directory.isEmpty ? name : directory + "/" + name
                let isDirectory = Int32(kind) == DT_UNKNOWN ? status(path)?.isDirectory ?? false : Int32(kind) == DT_DIR
                entries.append(DiskEntry(name: name, isDirectory: isDirectory))
            }
            errno = 0
        }
        guard errno == 0 else { throw failure("list", directory) }
        return entries.sorted { $0.name < $1.name }
    }

    package func size(of path: String) throws -> Int64? {
        errno = 0
        guard let status = status(path) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("look at", path)
        }
        return status.isDirectory ? nil : status.size
    }

    package func space() throws -> DiskSpace {
        var status = statvfs()
        guard statvfs(root, &status) == 0 else { throw failure("look at", "") }
        let block = Int64(status.f_frsize)
        return DiskSpace(
            capacity: Int64(status.f_blocks) * block, free: Int64(status.f_bavail) * block,
            isReadOnly: status.f_flag & UInt(ST_RDONLY) != 0)
    }

    package func lock(_ path: String) throws -> any Sendable {
        // Open for reading, so that an operator can mount the file system read-only while the node runs.
        let file = try open(path, O_RDONLY | O_CREAT)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw HoldfastError(
                .busy,
                "The data directory \(root) is in use by another process: stop that one, or give this node its own directory"
            )
        }
        return HeldLock(file: file)
    }

    private func open(_ path: String, _ flags: Int32) throws -> PosixFile {
        let descriptor = Glibc.open(absolute(path), flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("open", path) }
        return PosixFile(descriptor: descriptor, path: absolute(path))
    }

    private func status(_ path: String) -> (isDirectory: Bool, size: Int64)? {
        var status = stat()
        guard lstat(absolute(path), &status) == 0 else { return nil }
        return (status.st_mode & S_IFMT == S_IFDIR, Int64(status.st_size))
    }

    private func absolute(_ path: String) -> String { path.isEmpty ? root : root + "/" + path }

    private func failure(_ verb: String, _ path: String) -> HoldfastError {
        PosixFailure.error(errno, verb, absolute(path))
    }

    private static func makeDirectories(_ path: String) throws {
        guard access(path, F_OK) != 0 else { return }
        let parent = DiskPath.parent(of: path)
        if !parent.isEmpty { try makeDirectories(parent) }
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw PosixFailure.error(errno, "make", path) }
    }
}

/// A lock that ends with its last reference. Closing the file alone would leave it to a child that another thread has just
/// forked, until that starts its program.
private final class HeldLock: Sendable {
    private let file: PosixFile

    init(file: PosixFile) { self.file = file }

    deinit { flock(file.descriptor, LOCK_UN) }
}
