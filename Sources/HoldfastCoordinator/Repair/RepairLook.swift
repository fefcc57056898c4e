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
    private(set) var tombstones = FoundTombstones()
    /// Why one that was here did not answer.
    private(set) var failure: HoldfastError?
    private var shards: Set<ObjectName> = []
    private var condemned: [NodeID: Set<ObjectName>] = [:]
    /// Those that have something which says which backups there are.
    private var informed: Set<NodeID> = []
    private let project: ProjectID
    /// Those of the backups that can be read or taken back, as the catalog has them.
    private let counted: Set<ObjectName>

    /// Shards first and lists last: a backup that completes meanwhile stores its list after its shards.
    private static let subjects: [SurveyObjects.Subject] = [.tombstones, .shards, .manifests, .listNames, .references]

    /// A node that goes away meanwhile is one that is not here.
    init(office: Office, project: ProjectID, name: Name) async throws {
        nodes = try await ProjectNodes(office: office, project: project, name: name, everywhere: true)
        counted = try await Self.manifests(of: project, name, office)
        let layout = await office.registry.layout
        placement = Placement(layout: layout, policy: nodes.policy, without: await office.registry.givenUp)
        self.project = project
        silent = nodes.away
        for answer in await Self.ask(nodes) {
            do {
                add(try answer.survey.get(), of: answer.node)
            } catch let obstacle as Obstacle {
                fail(obstacle.description, HoldfastError(.unavailable, "\(obstacle.description) went away meanwhile"))
            } catch let error as HoldfastError where error.code != .deposed && error.code != .cancelled {
                fail("node \(await office.registry.text(of: answer.node)): \(error.message)", error)
            }
        }
    }

    private struct Answer: Sendable {
        var node: NodeID
        var survey: Result<NodeSurvey, any Error>
    }

    /// All at once.
    private static func ask(_ nodes: ProjectNodes) async -> [Answer] {
        await withTaskGroup(of: Answer.self) { group in
            for node in nodes.here { group.addTask { await ask(node, nodes) } }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.node < $1.node }
        }
    }

    private static func ask(_ node: NodeID, _ nodes: ProjectNodes) async -> Answer {
        do {
            return Answer(node: node, survey: .success(try await nodes.survey(subjects, on: node)))
        } catch {
            return Answer(node: node, survey: .failure(error))
        }
    }

    private mutating func fail(_ who: String, _ error: HoldfastError) {
        silent.append(who)
        if failure == nil { failure = error }
    }

    private static func manifests(
        of project: ProjectID, _ name: Name, _ office: Office
    ) async throws -> Set<ObjectName> {
        let backups = try await office.catalog.all(Backup.self, group: name.text).map(\.value).filter { backup in
            backup.project == project && [.complete, .deleted].contains(backup.state) && backup.removedAt == nil
        }
        return Set(backups.flatMap(\.parts).map(\.manifest))
    }

    private mutating func add(_ survey: NodeSurvey, of node: NodeID) {
        here.insert(node)
        tombstones.add(survey.tombstones(of: project, nodes.keys), on: node)
        for shard in survey.shards {
            present[ObjectReference(.shard, shard.name), default: []].insert(node)
            if shard.isCondemned { condemned[node, default: []].insert(shard.name) }
        }
        for manifest in survey.manifests {
            present[ObjectReference(.manifest, manifest.name), default: []].insert(node)
        }
        for list in survey.lists {
            present[ObjectReference(.references, list.name), default: []].insert(node)
            lists[list.name, default: FoundList(manifest: list.manifest, backup: list.backup)].nodes.insert(node)
        }
        shards.formUnion(survey.referenced)
        if !survey.lists.isEmpty || !survey.manifests.isEmpty { informed.insert(node) }
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

    /// Has every node that is here know each tombstone; of those that the policy does not allow only such as have something
    /// of the project that says which backups there are.
    ///
    /// - Returns: how many were stored.
    func bury(_ tombstones: FoundTombstones, by order: Order) async throws -> Int {
        let allowed = Set(placement.layout.members.filter { nodes.policy.allows($0.region) }.map(\.node))
        return try await nodes.bury(
            tombstones, on: nodes.here.filter { allowed.contains($0) || informed.contains($0) }, by: order)
    }

    /// Shards that are needed, and lie where they should, on nodes that would refuse to hold them: these were to drop them once,
    /// and could not.
    var wronglyCondemned: [NodeID: Set<ObjectName>] {
        condemned.mapValues { $0.intersection(shards) }.reduce(into: [:]) { wrongly, entry in
            let here = entry.value.filter { shard in
                placement.holders(of: shard).contains { $0.node == entry.key }
            }
            if !here.isEmpty { wrongly[entry.key] = here }
        }
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
