import Crypto
import HoldfastModel

/// Which shards of a project are condemned: `condemned/<project>`.
///
/// ```
/// offset  size  content
///      0     8  "HFCOND" 0 1: magic and version
///      8    12  project
///     20     4  count of names, big-endian
///     24  32·n  names, ascending, each once
///      …    32  SHA-256 of everything before
/// ```
struct CondemnedFile {
    static let directory = "condemned"
    static let magic = Array("HFCOND".utf8) + [0, 1]
    static let headerByteCount = 24
    static let nameLimit = 1 << 22

    var project: ProjectID
    var names: Set<ObjectName>

    static func path(_ project: ProjectID) -> String { "\(directory)/\(project)" }

    init(project: ProjectID, names: Set<ObjectName>) {
        self.project = project
        self.names = names
    }

    var bytes: [UInt8] {
        var bytes = Self.magic + Array(project.text.utf8)
        bytes.reserveCapacity(Self.headerByteCount + 32 * (names.count + 1))
        withUnsafeBytes(of: UInt32(names.count).bigEndian) { bytes += $0 }
        for name in names.sorted() { bytes += name.bytes }
        bytes += SHA256.hash(data: bytes)
        return bytes
    }

    /// - Throws: `corrupt`.
    init(_ bytes: [UInt8], of project: ProjectID) throws(HoldfastError) {
        func fault(_ what: String) -> HoldfastError {
            HoldfastError(.corrupt, "the list of condemned shards of project \(project) \(what)")
        }
        guard bytes.count >= Self.headerByteCount + 32, bytes.starts(with: Self.magic) else {
            throw fault("is cut short or not of a version this program knows")
        }
        guard SHA256.hash(data: bytes.dropLast(32)).elementsEqual(bytes.suffix(32)) else {
            throw fault("is not what was written")
        }
        let count = bytes[20..<24].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count == Self.headerByteCount + 32 * (count + 1),
            String(decoding: bytes[8..<20], as: UTF8.self) == project.text
        else { throw fault("does not fit its own header") }
        self.project = project
        names = Set(
            stride(from: Self.headerByteCount, to: bytes.count - 32, by: 32).map {
                ObjectName(bytes: Array(bytes[$0..<$0 + 32]))
            })
    }

    /// - Throws: `corrupt`.
    // Inlined into a loop, the throwing initialiser crashes the optimiser of Swift 6.3.1.
    @inline(never)
    static func read(_ project: ProjectID, on disk: any Disk) async throws -> CondemnedFile? {
        let limit = headerByteCount + 32 * (nameLimit + 1)
        guard let bytes = try await disk.contents(of: path(project), limit: limit) else { return nil }
        return try CondemnedFile(bytes, of: project)
    }

    /// Durable on return. No file says the same as one without names.
    func write(on disk: any Disk) async throws {
        if names.isEmpty {
            try await disk.removeReplaced(Self.path(project))
        } else {
            try await disk.replace(Self.path(project), with: bytes)
        }
    }
}
