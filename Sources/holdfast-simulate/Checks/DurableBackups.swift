import Crypto
import HoldfastArchive
import HoldfastModel
import HoldfastTestKit

/// Whether a backup's objects are where its receipt says, as the disks would be found after a power cut this very moment.
struct DurableBackups {
    /// What is left of each node's data directory after a power cut.
    let nodes: [NodeID: MemoryVolume]
    /// How many copies a project's policy asks for.
    let copies: (ProjectID) -> Int
    /// Whether a disk was lost that receipts may count on.
    let hasLost: () -> Bool

    /// Nil where all is well.
    ///
    /// - Parameters:
    ///   - isNew: its receipt is of now; later copies may lie elsewhere.
    ///   - rotten: objects of which a copy was spoiled. It counts for as long as nobody has noticed: what a node
    ///   holds it does not read again.
    func fault(of backup: Backup, isNew: Bool = false, rotten: Set<String>) -> String? {
        guard let receipt = backup.receipt else { return "backup \(backup.id) is complete without a receipt" }
        guard let objects = objects(of: backup) else { return "a reference list of backup \(backup.id) is on no node" }
        var held: [NodeID: Int] = [:]
        var seen: Set<ObjectName> = []
        for (kind, name) in objects where seen.insert(name).inserted {
            let holders = nodes.keys.sorted().filter { hasDurably(kind, name, $0, rotten) }
            for holder in holders { held[holder, default: 0] += 1 }
            // Noticed since, it was set aside; the others' copies are good.
            let spoiled = !isNew && rotten.contains(Self.path(kind, name)) ? 1 : 0
            if holders.count < copies(backup.project) - spoiled {
                return "\(kind.rawValue) \(name) of backup \(backup.id) is durable on \(holders.count) nodes"
            }
        }
        guard isNew, !hasLost() else { return nil }
        for holding in receipt.holdings where held[holding.node, default: 0] < holding.objects {
            return """
                the receipt of backup \(backup.id) counts \(holding.objects) objects on node \(holding.node), which has \
                \(held[holding.node, default: 0]) durably
                """
        }
        return nil
    }

    /// Whether each object of a backup that is just complete is held on as many nodes as the policy asks for.
    func unheld(_ backup: Backup) -> String? {
        guard let objects = objects(of: backup) else { return "a reference list of backup \(backup.id) is on no node" }
        let held = nodes.values.map { holds(of: backup.id, on: $0) }
        for (kind, name) in objects {
            let count = held.count { $0.contains(name) }
            if count < copies(backup.project) {
                return "\(kind.rawValue) \(name) of backup \(backup.id) is held on \(count) nodes"
            }
        }
        return nil
    }

    /// A shard that nothing needs, though all was collected: no list names it, and nothing holds it.
    func garbage() -> String? {
        var (needed, held): (Set<ObjectName>, Set<ObjectName>) = ([], [])
        for volume in nodes.values {
            for path in volume.files {
                if path.hasPrefix("holds/"), let backup = BackupID(String(path.dropFirst(6))) {
                    held.formUnion(holds(of: backup, on: volume))
                } else if path.hasPrefix("objects/references/"), let bytes = volume.durableContents(of: path),
                    let list = try? ReferenceList(decoding: bytes)
                {
                    needed.formUnion(list.shards)
                }
            }
        }
        for (node, volume) in nodes.sorted(by: { $0.key < $1.key }) {
            for path in volume.files.sorted() where path.hasPrefix("objects/shard/") {
                guard let name = ObjectName(String(path.suffix(64))) else { continue }
                if !needed.contains(name), !held.contains(name) { return "\(path) on \(node) is needed by nothing" }
            }
        }
        return nil
    }

    private func objects(of backup: Backup) -> [(ObjectKind, ObjectName)]? {
        var objects: [(ObjectKind, ObjectName)] = []
        for part in backup.parts {
            objects += [(.manifest, part.manifest), (.references, part.references)]
            guard let bytes = anyCopy(.references, part.references),
                let list = try? ReferenceList(decoding: bytes)
            else { return nil }
            objects += list.shards.map { (.shard, $0) }
        }
        return objects
    }

    /// What is held whatever a power cut leaves: a hold that is being replaced counts with what both of its versions name.
    private func holds(of backup: BackupID, on volume: MemoryVolume) -> Set<ObjectName> {
        let versions = volume.durableVersions(of: "holds/\(backup)").map(Self.names)
        return versions.dropFirst().reduce(versions.first ?? []) { $0.intersection($1) }
    }

    /// Names stand from byte 44 on, before a hash; written here once more, as the paths are.
    private static func names(inHold bytes: [UInt8]) -> Set<ObjectName> {
        guard bytes.count >= 76 else { return [] }
        return Set(
            stride(from: 44, to: bytes.count - 32, by: 32).map { ObjectName(bytes: Array(bytes[$0..<$0 + 32])) })
    }

    private func hasDurably(_ kind: ObjectKind, _ name: ObjectName, _ node: NodeID, _ rotten: Set<String>) -> Bool {
        // Of an object that is being stored over itself a power cut leaves one or the other.
        let versions = nodes[node]?.durableVersions(of: Self.path(kind, name)) ?? []
        return !versions.isEmpty
            && versions.allSatisfy { bytes in
                SHA256.hash(data: bytes).elementsEqual(name.bytes) || rotten.contains(Self.path(kind, name))
            }
    }

    private func anyCopy(_ kind: ObjectKind, _ name: ObjectName) -> [UInt8]? {
        nodes.keys.sorted().lazy.compactMap { nodes[$0]?.durableContents(of: Self.path(kind, name)) }.first {
            SHA256.hash(data: $0).elementsEqual(name.bytes)
        }
    }

    /// Where the store keeps an object; written here once more, because this judges the store.
    static func path(_ kind: ObjectKind, _ name: ObjectName) -> String {
        "objects/\(kind.rawValue)/\(name.description.prefix(2))/\(name)"
    }
}
