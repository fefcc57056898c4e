import HoldfastArchive
import HoldfastCatalog
import HoldfastModel
import HoldfastWire

/// The nodes that may keep something of a project, and what they say of it.
struct ProjectNodes {
    let keys: ProjectKeys
    /// Connected now.
    let here: [NodeID]
    /// The names of the others.
    let away: [String]
    private let awaited: NodeID?
    let policy: PlacementPolicy
    private let office: Office
    private let project: ProjectID

    /// - Throws: `notFound` where the project was removed.
    ///
    /// - Parameter everywhere: also those that the policy does not allow.
    init(office: Office, project: ProjectID, name: Name, everywhere: Bool = false) async throws {
        let actor = await office.projects[name]
        let record = try await actor.record(project).value
        let allowed = record.policy.allowedRegions
        let members = await office.registry.holders(in: everywhere ? nil : allowed)
        let connected = Set(await office.nodes.connected())
        let missing = members.filter { !connected.contains($0.id) }
        keys = try ProjectKeys(serialized: try await actor.keys(of: record))
        here = members.map(\.id).filter(connected.contains)
        away = missing.map(\.name.text)
        awaited = missing.first?.id
        policy = record.policy
        self.office = office
        self.project = project
    }

    /// A list is on as many nodes as there are copies, so with fewer away one of those that are here has it.
    ///
    /// - Throws: `Obstacle` naming a node.
    func requireEnough() throws {
        guard let awaited, away.count >= min(policy.copies, policy.degradedCopies ?? policy.copies) else { return }
        let nodes = office.nodes
        throw Obstacle(description: "node \(away[0])") { try await nodes.wait(for: awaited) }
    }

    /// Those on any of the nodes that are here, and on which of them each is.
    func foundTombstones() async throws -> FoundTombstones {
        var found = FoundTombstones()
        for node in here {
            found.add(try await survey([.tombstones], on: node).tombstones(of: project, keys), on: node)
        }
        return found
    }

    /// Has nodes know each of them.
    ///
    /// - Returns: how many were stored.
    func bury(_ tombstones: FoundTombstones, on nodes: [NodeID], by order: Order) async throws -> Int {
        var stored = 0
        for node in nodes {
            let missing = tombstones.all.values.filter { !(tombstones.places[node]?.contains($0.name) ?? false) }
                .sorted { $0.name < $1.name }
            guard !missing.isEmpty else { continue }
            _ = try await office.call(node, BuryBackups(order: order, project: project), bulk: missing.flatMap(\.bytes))
            stored += missing.count
        }
        return stored
    }

    /// - Returns: what is there, and the backups with a tombstone on some node.
    func census() async throws -> (Census, buried: Set<BackupID>) {
        var census = Census()
        var buried: Set<BackupID> = []
        // Of all nodes shards first and lists last: a backup that completes meanwhile stores its list after its shards,
        // and its manifest after its list.
        for node in here {
            var share = Census.Share()
            for shard in try await survey([.shards], on: node).shards {
                share.shards.insert(shard.name)
                if shard.isCondemned { share.condemned.insert(shard.name) }
            }
            census.shares[node] = share
        }
        for node in here {
            let survey = try await survey([.tombstones, .manifests], on: node)
            buried.formUnion(survey.tombstones(of: project, keys).map(\.backup))
            for case (let name, let backup?) in survey.manifests { census.manifests[name] = backup }
        }
        for node in here {
            let survey = try await survey([.lists, .listNames, .references], on: node)
            census.listed.formUnion(survey.listedManifests)
            census.lists.formUnion(survey.lists.map(\.name))
            census.referenced.formUnion(survey.referenced)
        }
        return (census, buried)
    }

    /// The lists of backups without a tombstone, and where they lie.
    func lists() async throws -> [ObjectName: FoundList] {
        var lists: [ObjectName: FoundList] = [:]
        for node in here {
            for list in try await survey([.listNames], on: node).lists {
                lists[list.name, default: FoundList(manifest: list.manifest, backup: list.backup)].nodes.insert(node)
            }
        }
        return lists
    }

    /// The list itself; nil where none of the nodes has it as the project's keys wrote it.
    func list(_ name: ObjectName, _ found: FoundList) async throws -> ReferenceList? {
        for node in found.nodes.sorted() {
            let message = GetObject(kind: .references, object: name, project: project)
            do {
                let bytes = try await office.call(node, message, bulk: []).received
                let list = try ReferenceList(verifying: bytes, keys: keys)
                let isRight = try list.sealed(keys).name == name
                if isRight, list.project == project, list.backup == found.backup, list.manifest == found.manifest {
                    return list
                }
            } catch let error as HoldfastError where [.corrupt, .notFound, .unsupported].contains(error.code) {
                continue
            }
        }
        return nil
    }

    /// Has every node that is here hold what it has of the objects, locked for as long as the backup was.
    ///
    /// - Parameter earlier: the backup's receipt, whose place the new one takes.
    /// - Returns: what they hold, from their disks, and on which of them each object is.
    func hold(
        _ objects: Set<ObjectName>, for backup: BackupID, after earlier: Receipt?
    ) async throws -> (receipt: Receipt, holders: [ObjectName: [NodeID: Name]]) {
        let layout = await office.registry.layout.number
        let until = office.now.advanced(by: office.configuration.holdFor)
        let names = objects.sorted()
        let lock = earlier?.lockedUntil
        var receipt = Receipt(
            layout: layout, heldUntil: until, objects: names.count, holdings: [], lockedUntil: lock)
        var holders: [ObjectName: [NodeID: Name]] = [:]
        for node in here {
            guard let region = await office.registry.region(of: node) else { continue }
            let message = HoldObjects(
                backup: backup, project: project, until: until, layout: layout, lockedUntil: lock)
            let answer = try await office.call(node, message, bulk: names.flatMap(\.bytes))
            let refused = Set(
                stride(from: 0, through: answer.received.count - 32, by: 32).map {
                    ObjectName(bytes: Array(answer.received[$0..<$0 + 32]))
                })
            guard answer.reply.objects == names.count - refused.count else {
                throw HoldfastError(.malformed, "Node \(node) answered for other objects than it was asked to hold")
            }
            for name in names where !refused.contains(name) { holders[name, default: [:]][node] = region }
            guard answer.reply.objects > 0 else { continue }
            receipt.holdings.append(
                Receipt.Holding(
                    node: node, region: region, objects: answer.reply.objects, bytes: answer.reply.bytes))
        }
        return (receipt, holders)
    }

    /// What a node says, looking at one subject after the other.
    ///
    /// - Throws: `malformed` where its answer is none.
    func survey(_ subjects: [SurveyObjects.Subject], on node: NodeID) async throws -> NodeSurvey {
        let answer = try await office.call(node, SurveyObjects(project: project, subjects: subjects), bulk: [])
        do {
            return try NodeSurvey(subjects, answer.reply.counts, answer.received)
        } catch {
            throw HoldfastError(error.code, "What node \(node) keeps can't be told: \(error.message)")
        }
    }
}

/// What says for good that backups were removed.
struct FoundTombstones {
    var all: [BackupID: SealedObject] = [:]
    /// Which of them each node has.
    var places: [NodeID: Set<ObjectName>] = [:]

    mutating func add(_ tombstones: [(backup: BackupID, object: SealedObject)], on node: NodeID) {
        for tombstone in tombstones {
            places[node, default: []].insert(tombstone.object.name)
            all[tombstone.backup] = tombstone.object
        }
    }
}

/// A reference list as the nodes tell of it.
struct FoundList {
    var manifest: ObjectName
    var backup: BackupID
    var nodes: Set<NodeID> = []

    init(manifest: ObjectName, backup: BackupID) { (self.manifest, self.backup) = (manifest, backup) }
}
