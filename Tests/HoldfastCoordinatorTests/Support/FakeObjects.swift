import Crypto
import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// What a model of a node keeps: one shard per text that was captured.
struct FakeObjects: Sendable {
    struct List: Hashable, Sendable {
        var manifest: ObjectName
        var backup: BackupID
        var shards: Set<ObjectName>
    }

    var shards: Set<ObjectName> = []
    var condemned: Set<ObjectName> = []
    var lists: Set<List> = []
    var manifests: [ObjectName: BackupID] = [:]
    var tombstones: Set<[UInt8]> = []
    /// Lists as a worker writes them, by name. They count as the others do.
    var written: [ObjectName: [UInt8]] = [:]
    /// What a rewriting stores: the list whose place may be taken, then the new one.
    var rewritten: [(replaced: ObjectName, list: SealedObject)] = []
    /// What can't be held.
    var refused: Set<ObjectName> = []
    private(set) var held: [BackupID: Set<ObjectName>] = [:]
    /// Until when they are locked, by the last that was said of each backup.
    private(set) var locks: [BackupID: Timestamp] = [:]
    private(set) var released: Set<ObjectName> = []
    /// What happens as soon as something was condemned.
    var afterCondemning: @Sendable (inout FakeObjects) -> Void = { _ in }

    static func shard(_ text: String) -> ObjectName { ObjectName(bytes: Array(SHA256.hash(data: Array(text.utf8)))) }

    mutating func store(_ text: String, manifest: ObjectName, of backup: BackupID) {
        let shard = Self.shard(text)
        shards.insert(shard)
        lists.insert(List(manifest: manifest, backup: backup, shards: [shard]))
        manifests[manifest] = backup
    }

    private var buried: Set<BackupID> { Set(tombstones.compactMap { try? Tombstone(decoding: $0).backup }) }

    private var parsed: [(name: ObjectName, list: ReferenceList)] {
        written.sorted { $0.key < $1.key }.compactMap { name, bytes in
            (try? ReferenceList(decoding: bytes)).map { (name, $0) }
        }.filter { !buried.contains($0.list.backup) }
    }

    private var allLists: Set<List> {
        lists.union(
            parsed.map { List(manifest: $0.list.manifest, backup: $0.list.backup, shards: Set($0.list.shards)) })
    }

    func measure(_ message: MeasureObjects) -> MeasureObjects.Reply {
        MeasureObjects.Reply(objects: Int64(shards.count), bytes: 100 * Int64(shards.count))
    }

    func survey(_ message: SurveyObjects) -> (SurveyObjects.Reply, [UInt8]) {
        let records = message.subjects.map(records)
        return (SurveyObjects.Reply(counts: records.map(\.count)), Array(records.joined().joined()))
    }

    private func records(_ subject: SurveyObjects.Subject) -> [[UInt8]] {
        switch subject {
        case .shards: shards.map { $0.bytes + [condemned.contains($0) ? 1 : 0] }
        case .manifests: manifests.map { $0.key.bytes + Array($0.value.text.utf8) }
        case .lists: allLists.map { $0.manifest.bytes + Array($0.backup.text.utf8) }
        // As captured here a list is called as its manifest.
        case .listNames:
            lists.filter { !buried.contains($0.backup) }.map {
                $0.manifest.bytes + $0.manifest.bytes + Array($0.backup.text.utf8)
            } + parsed.map { $0.name.bytes + $0.list.manifest.bytes + Array($0.list.backup.text.utf8) }
        case .references: Set(allLists.filter { !buried.contains($0.backup) }.flatMap(\.shards)).map(\.bytes)
        case .tombstones: Array(tombstones)
        }
    }

    mutating func bury(_ bulk: [UInt8]) -> Done {
        for start in stride(from: 0, to: bulk.count, by: Tombstone.byteCount) {
            tombstones.insert(Array(bulk[start..<start + Tombstone.byteCount]))
        }
        return Done()
    }

    mutating func condemn(_ bulk: [UInt8]) -> CondemnShards.Reply {
        condemned.formUnion(names(bulk))
        afterCondemning(&self)
        return CondemnShards.Reply(condemned: bulk.count / 32)
    }

    mutating func spare(_ bulk: [UInt8]) -> Done {
        condemned.subtract(names(bulk))
        return Done()
    }

    mutating func delete(_ bulk: [UInt8]) -> DeleteObjects.Reply {
        let buried = buried
        let before = lists.count + manifests.count
        lists = lists.filter { !buried.contains($0.backup) }
        manifests = manifests.filter { !buried.contains($0.value) }
        let doomed = names(bulk).intersection(condemned)
        shards.subtract(doomed)
        condemned.subtract(doomed)
        return DeleteObjects.Reply(
            objects: doomed.count + before - lists.count - manifests.count, bytes: 100 * Int64(doomed.count), held: 0)
    }

    // MARK: rewriting

    mutating func rewrite() -> (RewriteShards.Reply, [UInt8]) {
        var records: [UInt8] = []
        for (replaced, object) in rewritten {
            guard let list = try? ReferenceList(decoding: object.bytes) else { continue }
            written[object.name] = object.bytes
            shards.formUnion(list.shards)
            records += replaced.bytes + object.name.bytes + Array(list.backup.text.utf8)
        }
        let count = rewritten.count
        rewritten = []
        return (
            RewriteShards.Reply(shards: count, deadBytes: 60, copiedBytes: 40, isPartial: false), records
        )
    }

    func get(_ message: GetObject) throws -> (GetObject.Reply, [UInt8]) {
        guard let bytes = written[message.object] else { throw HoldfastError(.notFound, "no such list") }
        return (GetObject.Reply(byteCount: Int64(bytes.count)), bytes)
    }

    mutating func hold(_ message: HoldObjects, _ bulk: [UInt8]) -> (HoldObjects.Reply, [UInt8]) {
        let wanted = names(bulk)
        let here = shards.subtracting(condemned).union(written.keys).union(manifests.keys).subtracting(refused)
        let held = wanted.intersection(here)
        self.held[message.backup] = held.union(self.held[message.backup] ?? [])
        locks[message.backup] = message.lockedUntil
        let left = wanted.subtracting(held).sorted()
        return (
            HoldObjects.Reply(objects: held.count, bytes: 10 * Int64(held.count), refused: left.count),
            left.flatMap(\.bytes)
        )
    }

    mutating func release(_ message: ReleaseObjects, _ bulk: [UInt8]) -> Done {
        let names = names(bulk)
        held[message.backup]?.subtract(names)
        released.formUnion(names)
        return Done()
    }

    mutating func replace(_ message: ReplaceList, _ bulk: [UInt8]) -> Done {
        written[ObjectName(bytes: Array(SHA256.hash(data: bulk)))] = bulk
        written[message.superseded] = nil
        return Done()
    }

    private func names(_ bulk: [UInt8]) -> Set<ObjectName> {
        Set(stride(from: 0, to: bulk.count, by: 32).map { ObjectName(bytes: Array(bulk[$0..<$0 + 32])) })
    }
}
