import Glibc
import HoldfastArchive
import HoldfastModel

/// What the root directory of a tree has besides its entries. It goes with them from side to side.
struct RootMetadata: Equatable {
    var mode: UInt16
    var owner: UInt32
    var group: UInt32
    var modified: FileTime
    var attributes: [MediaEntry.ExtendedAttribute]

    init(_ entry: MediaEntry) {
        mode = entry.mode
        owner = entry.owner
        group = entry.group
        modified = entry.modified
        attributes = entry.attributes
    }

    init(of directory: MediaHandle) throws(CallFailure) {
        let status = try directory.status()
        self.init(status.entry(path: [], kind: .directory, attributes: try directory.attributes(of: [])))
    }

    /// Whether a directory's is the same; its times change by themselves.
    func fits(_ other: RootMetadata) -> Bool {
        mode == other.mode && owner == other.owner && group == other.group && attributes == other.attributes
    }

    /// Gives it to the directory. Attributes that only `other`, the side that leaves, had are removed.
    func apply(to directory: MediaHandle, leaving other: RootMetadata, warn: (String) -> Void) throws(CallFailure) {
        for attribute in try directory.attributes(of: [])
        where !attributes.contains(where: { $0.name == attribute.name }) {
            let isOurs = other.attributes.contains { $0.name == attribute.name } || Self.isContent(attribute.name)
            guard isOurs else { continue }
            do {
                try directory.removeAttribute(attribute.name, of: [])
            } catch {
                guard error.meansRefused || error.number == ENODATA else { throw error }
            }
        }
        var entry = try directory.status().entry(path: [], kind: .directory, attributes: attributes)
        entry.mode = mode
        entry.owner = owner
        entry.group = group
        entry.modified = modified
        do {
            try EntryMetadata(isRoot: directory.isRoot).apply(entry, to: [], in: directory) {
                warn("The tree's root \($0).")
            }
        } catch {
            guard error.meansRefused else { throw error }
            warn("The tree's root belongs to another user and keeps its mode and times: \(error.text).")
        }
    }

    /// Labels of the system are left to the system.
    private static func isContent(_ name: [UInt8]) -> Bool {
        name.starts(with: "user.".utf8) || name.starts(with: "system.posix_acl".utf8)
    }

    init(from reader: inout RecordReader) throws {
        mode = try reader.next()
        owner = try reader.next()
        group = try reader.next()
        modified = FileTime(seconds: try reader.next(), nanoseconds: try reader.next())
        attributes = []
        for _ in 0..<(try reader.next(UInt32.self)) {
            attributes.append(.init(name: try reader.nextBytes(), value: try reader.nextBytes()))
        }
    }

    func write(to writer: inout RecordWriter) {
        writer.add(mode)
        writer.add(owner)
        writer.add(group)
        writer.add(modified.seconds)
        writer.add(modified.nanoseconds)
        writer.add(UInt32(attributes.count))
        for attribute in attributes {
            writer.add(attribute.name)
            writer.add(attribute.value)
        }
    }
}

/// The file `root` of a staging directory: the root directory's metadata that belongs to what lies in `tree/`. It is
/// written last, so a staged tree that has it is whole.
struct StagedRoot {
    static let name = Array("root".utf8)
    private static let (magic, version) = ("HFSR", UInt8(1))

    let metadata: RootMetadata

    init(_ metadata: RootMetadata) { self.metadata = metadata }

    /// Nil where the staging never ended.
    init?(in staging: MediaStaging) throws {
        guard let bytes = try staging.record(Self.name) else { return nil }
        var reader = try RecordReader(
            bytes, magic: Self.magic, version: Self.version, what: "record of the staged root in '\(staging.directory)'"
        )
        metadata = try RootMetadata(from: &reader)
        try reader.finish()
    }

    func write(in staging: MediaStaging) throws(CallFailure) {
        var writer = RecordWriter(magic: Self.magic, version: Self.version)
        metadata.write(to: &writer)
        try staging.writeRecord(Self.name, writer.finished())
    }
}

extension MediaStaging {
    /// A list of a million names takes some 60 MB.
    private static let longestRecord = 1 << 29

    /// A record of the staging directory; nil where there is none.
    func record(_ name: [UInt8]) throws -> [UInt8]? {
        do {
            return try handle.file(name).contents(limit: Self.longestRecord)
        } catch {
            if error.number == ENOENT { return nil }
            throw error.error("read", name)
        }
    }

    /// Replaces a record at once and durably.
    func writeRecord(_ name: [UInt8], _ bytes: [UInt8]) throws(CallFailure) {
        let temporary = name + Array(".part".utf8)
        if try handle.statusIfPresent(of: temporary) != nil { try handle.remove(temporary) }
        let file = try handle.makeFile(temporary)
        let outcome = bytes.withUnsafeBytes { buffer -> Result<Void, CallFailure> in
            do throws(CallFailure) {
                return .success(try file.write(buffer, at: 0))
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
        try file.sync()
        try handle.rename(temporary, over: name)
        try handle.sync()
    }
}
