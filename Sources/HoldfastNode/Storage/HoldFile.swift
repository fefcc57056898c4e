import Crypto
import HoldfastModel

/// Which objects a backup protects from collection until a time: `holds/<backup>`.
///
/// ```
/// offset  size  content
///      0     8  "HFHOLD" 0 1: magic and version; 2 where there is a lock
///      8    12  backup
///     20    12  project
///     32     8  until, milliseconds since 1970, big-endian
///     40     4  count of names, big-endian
///     44     8  in version 2: until when it is locked, as above
///      …  32·n  names, ascending, each once
///      …    32  SHA-256 of everything before
/// ```
struct HoldFile {
    private static let magic = Array("HFHOLD".utf8) + [0]
    static let headerByteCount = 44
    static let lockByteCount = 8
    static let nameLimit = 1 << 22
    static let byteLimit = headerByteCount + lockByteCount + 32 * (nameLimit + 1)
    static let directory = "holds"

    struct Header: Hashable, Sendable {
        var backup: BackupID
        var project: ProjectID
        var until: Timestamp
        var count: Int
        /// Until then nothing of it is given up, whoever asks.
        var lockedUntil: Timestamp?

        func isLocked(at now: Timestamp) -> Bool { lockedUntil.map { now < $0 } ?? false }
    }

    var header: Header
    /// Ascending.
    var names: [ObjectName]

    static func path(_ backup: BackupID) -> String { "\(directory)/\(backup)" }

    var bytes: [UInt8] {
        var bytes = Self.magic + [header.lockedUntil == nil ? 1 : 2]
        bytes += Array(header.backup.text.utf8) + Array(header.project.text.utf8)
        bytes.reserveCapacity(Self.headerByteCount + Self.lockByteCount + 32 * (names.count + 1))
        withUnsafeBytes(of: header.until.milliseconds.bigEndian) { bytes += $0 }
        withUnsafeBytes(of: UInt32(names.count).bigEndian) { bytes += $0 }
        if let lock = header.lockedUntil { withUnsafeBytes(of: lock.milliseconds.bigEndian) { bytes += $0 } }
        for name in names { bytes += name.bytes }
        bytes += SHA256.hash(data: bytes)
        return bytes
    }

    /// - Throws: `corrupt`.
    // Inlined into a loop, the throwing initialiser crashes the optimiser of Swift 6.3.1.
    @inline(never)
    static func read(_ path: String, of backup: BackupID, on disk: any Disk) async throws -> HoldFile? {
        guard let bytes = try await disk.contents(of: path, limit: byteLimit) else { return nil }
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
        let hasLock = bytes.dropFirst(Self.magic.count).first == 2
        let start = Self.headerByteCount + (hasLock ? Self.lockByteCount : 0)
        guard bytes.count >= start + 32, bytes.starts(with: Self.magic + [hasLock ? 2 : 1]) else {
            throw fault("is cut short or not of a version this program knows")
        }
        guard SHA256.hash(data: bytes.dropLast(32)).elementsEqual(bytes.suffix(32)) else {
            throw fault("is not what was written")
        }
        func time(at offset: Int) -> Timestamp {
            let number = bytes[offset..<offset + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Timestamp(milliseconds: Int64(bitPattern: number))
        }
        let count = bytes[40..<44].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count == start + 32 * (count + 1),
            String(decoding: bytes[8..<20], as: UTF8.self) == backup.text,
            let project = ProjectID(String(decoding: bytes[20..<32], as: UTF8.self))
        else { throw fault("does not fit its own header") }
        header = Header(
            backup: backup, project: project, until: time(at: 32), count: count,
            lockedUntil: hasLock ? time(at: 44) : nil)
        names = stride(from: start, to: bytes.count - 32, by: 32).map {
            ObjectName(bytes: Array(bytes[$0..<$0 + 32]))
        }
    }
}
