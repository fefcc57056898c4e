import Crypto
import HoldfastModel

/// Which objects a backup protects from collection until a time: `holds/<backup>`.
///
/// ```
/// offset  size  content
///      0     8  "HFHOLD" 0 1: magic and version
///      8    12  backup
///     20    12  project
///     32     8  until, milliseconds since 1970, big-endian
///     40     4  count of names, big-endian
///     44  32·n  names, ascending, each once
///      …    32  SHA-256 of everything before
/// ```
struct HoldFile {
    static let magic = Array("HFHOLD".utf8) + [0, 1]
    static let headerByteCount = 44
    static let nameLimit = 1 << 22

    struct Header: Hashable, Sendable {
        var backup: BackupID
        var project: ProjectID
        var until: Timestamp
        var count: Int
    }

    var header: Header
    /// Ascending.
    var names: [ObjectName]

    static func path(_ backup: BackupID) -> String { "holds/\(backup)" }

    var bytes: [UInt8] {
        var bytes = Self.magic + Array(header.backup.text.utf8) + Array(header.project.text.utf8)
        bytes.reserveCapacity(Self.headerByteCount + 32 * (names.count + 1))
        withUnsafeBytes(of: header.until.milliseconds.bigEndian) { bytes += $0 }
        withUnsafeBytes(of: UInt32(names.count).bigEndian) { bytes += $0 }
        for name in names { bytes += name.bytes }
        bytes += SHA256.hash(data: bytes)
        return bytes
    }

    /// - Throws: `corrupt`.
    // Inlined into a loop, the throwing initialiser crashes the optimiser of Swift 6.3.1.
    @inline(never)
    static func read(_ path: String, of backup: BackupID, on disk: any Disk) async throws -> HoldFile? {
        let limit = headerByteCount + 32 * (nameLimit + 1)
        guard let bytes = try await disk.contents(of: path, limit: limit) else { return nil }
        return try HoldFile(bytes, of: backup)
    }

    static func check(_ path: String, of backup: BackupID, on disk: any Disk) async throws -> Header {
        guard let file = try await read(path, of: backup, on: disk) else {
            throw HoldfastError(.corrupt, "the file went away")
        }
        return file.header
    }

    init(header: Header, names: [ObjectName]) {
        self.header = header
        self.names = names
    }

    init(_ bytes: [UInt8], of backup: BackupID) throws(HoldfastError) {
        func fault(_ what: String) -> HoldfastError { HoldfastError(.corrupt, "the hold of backup \(backup) \(what)") }
        guard bytes.count >= Self.headerByteCount + 32, bytes.starts(with: Self.magic) else {
            throw fault("is cut short or not of a version this program knows")
        }
        guard SHA256.hash(data: bytes.dropLast(32)).elementsEqual(bytes.suffix(32)) else {
            throw fault("is not what was written")
        }
        let until = bytes[32..<40].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let count = bytes[40..<44].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count == Self.headerByteCount + 32 * (count + 1),
            String(decoding: bytes[8..<20], as: UTF8.self) == backup.text,
            let project = ProjectID(String(decoding: bytes[20..<32], as: UTF8.self))
        else { throw fault("does not fit its own header") }
        header = Header(
            backup: backup, project: project, until: Timestamp(milliseconds: Int64(bitPattern: until)), count: count)
        names = stride(from: Self.headerByteCount, to: bytes.count - 32, by: 32).map {
            ObjectName(bytes: Array(bytes[$0..<$0 + 32]))
        }
    }
}
