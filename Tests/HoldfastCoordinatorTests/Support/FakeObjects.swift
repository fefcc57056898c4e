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

    func measure(_ message: MeasureObjects) -> MeasureObjects.Reply {
        MeasureObjects.Reply(objects: Int64(shards.count), bytes: 100 * Int64(shards.count))
    }

    func survey(_ message: SurveyObjects) -> (SurveyObjects.Reply, [UInt8]) {
        let records: [[UInt8]] =
            switch message.subject {
            case .shards: shards.map { $0.bytes + [condemned.contains($0) ? 1 : 0] }
            case .manifests: manifests.map { $0.key.bytes + Array($0.value.text.utf8) }
            case .lists: lists.map { $0.manifest.bytes + Array($0.backup.text.utf8) }
            case .references:
                Set(lists.filter { !buried.contains($0.backup) }.flatMap(\.shards)).map(\.bytes)
            case .tombstones: Array(tombstones)
            }
        return (SurveyObjects.Reply(count: records.count), Array(records.joined()))
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

    private func names(_ bulk: [UInt8]) -> Set<ObjectName> {
        Set(stride(from: 0, to: bulk.count, by: 32).map { ObjectName(bytes: Array(bulk[$0..<$0 + 32])) })
    }
}
