import HoldfastArchive
import HoldfastCatalog
import HoldfastModel
import HoldfastWire
import Logging

/// What the nodes that are here say that they keep of one project, for repair: of all members, also those that are leaving or
/// that the policy no longer allows.
struct RepairLook {
    let nodes: ProjectNodes
    let placement: Placement
    /// Those that answered.
    private(set) var here: Set<NodeID> = []
    private(set) var silent: [String] = []
    private(set) var present: [ObjectReference: Set<NodeID>] = [:]
    /// The good lists of live backups, as the nodes tell of them.
    private(set) var lists: [ObjectName: FoundList] = [:]
    private var shards: Set<ObjectName> = []
    /// Those of the backups that can be read or taken back, as the catalog has them.
    private let counted: Set<ObjectName>

    /// A node that goes away meanwhile is one that is not here.
    init(office: Office, project: ProjectID, name: Name) async throws {
        nodes = try await ProjectNodes(office: office, project: project, name: name, everywhere: true)
        counted = try await Self.manifests(of: project, name, office)
        let layout = await office.registry.layout
        placement = Placement(layout: layout, policy: nodes.policy, without: await office.registry.givenUp)
        silent = nodes.away
        for node in nodes.here {
            do {
                let account = try await NodeAccount(of: node, nodes)
                add(account, of: node)
            } catch let obstacle as Obstacle {
                silent.append(obstacle.description)
            } catch let error as HoldfastError where error.code != .deposed && error.code != .cancelled {
                silent.append("node \(await office.registry.text(of: node)): \(error.message)")
            }
        }
    }

    private static func manifests(
        of project: ProjectID, _ name: Name, _ office: Office
    ) async throws -> Set<ObjectName> {
        let backups = try await office.catalog.all(Backup.self, group: name.text).map(\.value).filter { backup in
            backup.project == project && [.complete, .deleted].contains(backup.state) && backup.removedAt == nil
        }
        return Set(backups.flatMap(\.parts).map(\.manifest))
    }

    private mutating func add(_ account: NodeAccount, of node: NodeID) {
        here.insert(node)
        for object in account.objects { present[object, default: []].insert(node) }
        for (name, list) in account.lists {
            lists[name, default: FoundList(manifest: list.manifest, backup: list.backup)].nodes.insert(node)
        }
        shards.formUnion(account.referenced)
    }

    /// What live backups need: their shards, lists and manifests.
    var needed: Set<ObjectReference> {
        var needed = Set(shards.map { ObjectReference(.shard, $0) })
        for (name, list) in lists {
            needed.insert(ObjectReference(.references, name))
            // A list comes before its manifest: where the backup failed between them there never was one.
            let manifest = ObjectReference(.manifest, list.manifest)
            if counted.contains(list.manifest) || present[manifest] != nil { needed.insert(manifest) }
        }
        return needed
    }

    var plan: RepairPlan { RepairPlan(needed: needed, present: present, placement: placement, here: here) }

    /// By backup, what it needs. Only lists that some node here has as they should be count.
    func objects(of backups: Set<BackupID>) async throws -> [BackupID: Set<ObjectReference>] {
        var objects: [BackupID: Set<ObjectReference>] = [:]
        for (name, found) in lists where backups.contains(found.backup) {
            guard let list = try await nodes.list(name, found) else { continue }
            objects[found.backup, default: []].formUnion(list.shards.map { ObjectReference(.shard, $0) })
            objects[found.backup, default: []].formUnion([
                ObjectReference(.references, name), ObjectReference(.manifest, found.manifest),
            ])
        }
        return objects
    }
}

/// What one node says.
private struct NodeAccount {
    var objects: Set<ObjectReference> = []
    var lists: [ObjectName: FoundList] = [:]
    var referenced: Set<ObjectName> = []

    /// Shards first and lists last: a backup that completes meanwhile stores its list after its shards.
    init(of node: NodeID, _ nodes: ProjectNodes) async throws {
        for record in try await nodes.records(.shards, 33, on: node) {
            objects.insert(ObjectReference(.shard, ObjectName(bytes: Array(record[..<32]))))
        }
        for record in try await nodes.records(.manifests, 44, on: node) {
            objects.insert(ObjectReference(.manifest, ObjectName(bytes: Array(record[..<32]))))
        }
        for record in try await nodes.records(.listNames, 76, on: node) {
            guard let backup = BackupID(String(decoding: record[64...], as: UTF8.self)) else { continue }
            let name = ObjectName(bytes: Array(record[..<32]))
            objects.insert(ObjectReference(.references, name))
            lists[name] = FoundList(manifest: ObjectName(bytes: Array(record[32..<64])), backup: backup)
        }
        referenced = Set(try await nodes.records(.references, 32, on: node).map { ObjectName(bytes: $0) })
    }
}
