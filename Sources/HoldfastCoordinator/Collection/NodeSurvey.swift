import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// What one node says that it keeps of a project.
struct NodeSurvey {
    private var records: [SurveyObjects.Subject: [ArraySlice<UInt8>]] = [:]

    /// - Throws: `malformed` where what came is not whole records, as many as were said.
    init(_ subjects: [SurveyObjects.Subject], _ counts: [Int], _ bytes: [UInt8]) throws(HoldfastError) {
        var rest = bytes[...]
        for (subject, count) in zip(subjects, counts) {
            let size = subject.recordByteCount
            guard (0...rest.count / size).contains(count) else { throw Self.malformed }
            records[subject] = (0..<count).map { rest.dropFirst($0 * size).prefix(size) }
            rest = rest.dropFirst(count * size)
        }
        guard counts.count == subjects.count, rest.isEmpty else { throw Self.malformed }
    }

    private static var malformed: HoldfastError {
        HoldfastError(.malformed, "it names other objects than it says that it has")
    }

    var shards: [(name: ObjectName, isCondemned: Bool)] {
        self[.shards].map { (ObjectName(bytes: Array($0.prefix(32))), $0.last != 0) }
    }

    var manifests: [(name: ObjectName, backup: BackupID?)] {
        self[.manifests].map { (ObjectName(bytes: Array($0.prefix(32))), Self.backup($0)) }
    }

    /// The manifests that it has good lists for, of dead backups too.
    var listedManifests: [ObjectName] { self[.lists].map { ObjectName(bytes: Array($0.prefix(32))) } }

    /// The good lists of backups without a tombstone.
    var lists: [(name: ObjectName, manifest: ObjectName, backup: BackupID)] {
        self[.listNames].compactMap { record in
            guard let backup = Self.backup(record) else { return nil }
            let manifest = record.dropFirst(32).prefix(32)
            return (ObjectName(bytes: Array(record.prefix(32))), ObjectName(bytes: Array(manifest)), backup)
        }
    }

    /// The shards that these name.
    var referenced: [ObjectName] { self[.references].map { ObjectName(bytes: Array($0)) } }

    /// Those that were written with the project's keys.
    func tombstones(of project: ProjectID, _ keys: ProjectKeys) -> [(backup: BackupID, object: SealedObject)] {
        self[.tombstones].compactMap { bytes in
            guard let tombstone = try? Tombstone(verifying: Array(bytes), keys: keys), tombstone.project == project
            else { return nil }
            return (tombstone.backup, tombstone.sealed(keys))
        }
    }

    private subscript(subject: SurveyObjects.Subject) -> [ArraySlice<UInt8>] { records[subject] ?? [] }

    /// It stands last.
    private static func backup(_ record: ArraySlice<UInt8>) -> BackupID? {
        BackupID(String(decoding: record.suffix(BackupID.length), as: UTF8.self))
    }
}

extension SurveyObjects.Subject {
    fileprivate var recordByteCount: Int {
        switch self {
        case .shards: ObjectName.byteCount + 1
        case .manifests, .lists: ObjectName.byteCount + BackupID.length
        case .references: ObjectName.byteCount
        case .listNames: 2 * ObjectName.byteCount + BackupID.length
        case .tombstones: Tombstone.byteCount
        }
    }
}
