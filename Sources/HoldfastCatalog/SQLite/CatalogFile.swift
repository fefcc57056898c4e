import Glibc
import HoldfastModel

/// The file below an `SQLiteCatalog`, before SQLite touches it.
enum CatalogFile {
    /// Creates the file, durably, if there is none, and takes everybody else's rights away.
    ///
    /// - Throws: `corrupt` for what is no SQLite database, `unsupported` for another program's, so that SQLite never
    ///   changes one.
    static func prepare(_ path: String) throws(HoldfastError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .opening(path, errno) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { throw .opening(path, errno) }
        var header = [UInt8](repeating: 0, count: 100)
        let count = pread(descriptor, &header, header.count, 0)
        guard count >= 0 else { throw .opening(path, errno) }
        if count > 0 {
            try check(Array(header.prefix(count)), path)
        } else {
            try synchronizeDirectory(of: path)
        }
    }

    private static func check(_ header: [UInt8], _ path: String) throws(HoldfastError) {
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw .damagedCatalog(path, "it does not begin as an SQLite database does")
        }
        let application = header[68..<72].reduce(Int32(0)) { $0 << 8 | Int32($1) }
        guard application == 0 || application == SQLiteSchema.applicationID else {
            throw HoldfastError(
                .unsupported,
                "\(path.printable()) is the SQLite database of another program: check the data directory")
        }
    }

    private static func synchronizeDirectory(of path: String) throws(HoldfastError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .opening(directory, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .opening(directory, errno) }
    }
}
