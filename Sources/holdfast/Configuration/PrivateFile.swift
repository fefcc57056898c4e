import Foundation
import HoldfastModel

/// Small files of a cluster's own directories: keys, certificates, settings.
enum PrivateFile {
    /// Writes the whole file or nothing: a temporary file, synced, then renamed; then the directory is synced.
    static func write(_ text: String, to path: String, mode: mode_t = 0o600) throws {
        let temporary = path + ".incoming"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw failure("created", path) }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure("written", path) }
            bytes = bytes.dropFirst(count)
        }
        guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw failure("written", path)
        }
        let parent = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw failure("synced", path) }
        defer { close(parent) }
        guard fsync(parent) == 0 else { throw failure("synced", path) }
    }

    static func read(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw HoldfastError(.notFound, "\(path.printable()) can't be read: is the path right?")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Reads a file that only its owner may read.
    static func readSecret(_ path: String) throws -> String {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & 0o077 != 0 {
            throw HoldfastError(
                .permissionDenied,
                "Others may read \(path.printable()), which holds a key. Make it yours alone: chmod 600 \(path.printable())"
            )
        }
        return try read(path)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes a directory that only its owner may enter, and those above it.
    static func makeDirectory(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw HoldfastError(
                .inputOutput,
                "The directory \(path.printable()) can't be made: \((error as NSError).localizedDescription)".printable(
                    limit: 300))
        }
    }

    private static func failure(_ what: String, _ path: String) -> HoldfastError {
        let code: ErrorCode = errno == ENOSPC ? .noSpace : .inputOutput
        return HoldfastError(code, "\(path.printable()) can't be \(what): \(String(cString: strerror(errno)))")
    }
}
