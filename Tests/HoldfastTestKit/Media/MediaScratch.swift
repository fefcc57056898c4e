import Glibc

/// A directory for one test, removed with its last reference.
package final class MediaScratch: Sendable {
    package let path: String

    /// `inMemory` asks for a file system where syncing costs nothing, if there is one.
    package init(inMemory: Bool = false) {
        let base =
            inMemory && access("/dev/shm", W_OK) == 0
            ? "/dev/shm" : getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/holdfast-media-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("no directory could be made in \(base)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(Array(path.utf8)) }

    /// A directory in it, made if it isn't there.
    package func directory(_ name: String) -> String {
        mkdir("\(path)/\(name)", 0o755)
        return "\(path)/\(name)"
    }

    private static func remove(_ path: [UInt8]) {
        // Whether it is a directory is not asked by `stat`: a C module beside Foundation makes its members ambiguous.
        if path.withPath({ unlink($0) }) != 0, errno != ENOENT {
            // Directories that shut their owner out are opened first.
            _ = path.withPath { chmod($0, 0o700) }
            if let directory = path.withPath({ opendir($0) }) {
                var names: [[UInt8]] = []
                while let entry = readdir(directory) {
                    names.append(withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) })
                }
                closedir(directory)
                for name in names where name != [46] && name != [46, 46] { remove(path + [47] + name) }
            }
        }
        _ = path.withPath { Glibc.remove($0) }
    }
}
