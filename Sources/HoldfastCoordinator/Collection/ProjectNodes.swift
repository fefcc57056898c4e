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

    /// Those that were written with the project's keys.
    func tombstones(on node: NodeID) async throws -> [(backup: BackupID, object: SealedObject)] {
        try await records(.tombstones, Tombstone.byteCount, on: node).compactMap { bytes in
            guard let tombstone = try? Tombstone(verifying: bytes, keys: keys), tombstone.project == project else {
                return nil
            }
            return (tombstone.backup, tombstone.sealed(keys))
        }
    }

    /// Those on any of the nodes that are here, and on which of them each is.
    func foundTombstones() async throws -> FoundTombstones {
        var found = FoundTombstones()
        for node in here {
            for tombstone in try await tombstones(on: node) {
                found.places[node, default: []].insert(tombstone.object.name)
                found.all[tombstone.backup] = tombstone.object
            }
        }
        return found
    }

    /// Has every node that is here know each of them; of those that the policy does not allow only such as have something
    /// of the project that says which backups there are.
    ///
    /// - Returns: how many were stored.
    func bury(_ tombstones: FoundTombstones, by order: Order) async throws -> Int {
        var stored = 0
        for node in here where try await isToKnow(node) {
            let missing = tombstones.all.values.filter { !(tombstones.places[node]?.contains($0.name) ?? false) }
                .sorted { $0.name < $1.name }
            guard !missing.isEmpty else { continue }
            _ = try await office.call(node, BuryBackups(order: order, project: project), bulk: missing.flatMap(\.bytes))
            stored += missing.count
        }
        return stored
    }

    private func isToKnow(_ node: NodeID) async throws -> Bool {
        if let region = await office.registry.region(of: node), policy.allows(region) { return true }
        let lists = try await records(.listNames, 76, on: node)
        return lists.isEmpty ? try await !records(.manifests, 44, on: node).isEmpty : true
    }

    /// - Returns: what is there, and the backups with a tombstone on some node.
    func census() async throws -> (Census, buried: Set<BackupID>) {
        var census = Census()
        var buried: Set<BackupID> = []
        // On each node shards first and lists last: a backup that completes meanwhile stores its list after its shards,
        // and its manifest after its list.
        for node in here { try await addShards(on: node, to: &census) }
        for node in here {
            buried.formUnion(try await tombstones(on: node).map(\.backup))
            for record in try await records(.manifests, 44, on: node) {
                guard let backup = Self.backup(record) else { continue }
                census.manifests[ObjectName(bytes: Array(record[..<32]))] = backup
            }
        }
        for node in here {
            for record in try await records(.lists, 44, on: node) {
                census.listed.insert(ObjectName(bytes: Array(record[..<32])))
            }
            if let names = try await listNames(on: node) {
                census.lists?.formUnion(names)
            } else {
                census.lists = nil
            }
            for record in try await records(.references, 32, on: node) {
                census.referenced.insert(ObjectName(bytes: record))
            }
        }
        return (census, buried)
    }

    private func addShards(on node: NodeID, to census: inout Census) async throws {
        var share = Census.Share()
        for record in try await records(.shards, 33, on: node) {
            let name = ObjectName(bytes: Array(record[..<32]))
            share.shards.insert(name)
            if record[32] != 0 { share.condemned.insert(name) }
        }
        census.shares[node] = share
    }

    private static func backup(_ record: [UInt8]) -> BackupID? {
        BackupID(String(decoding: record[32...], as: UTF8.self))
    }

    /// Nil where the node is too old to tell.
    private func listNames(on node: NodeID) async throws -> [ObjectName]? {
        do {
            return try await records(.listNames, 76, on: node).map { ObjectName(bytes: Array($0[..<32])) }
        } catch let error as HoldfastError where [.malformed, .unsupported].contains(error.code) {
            return nil
        }
    }

    /// The lists of backups without a tombstone, and where they lie.
    ///
    /// - Throws: `malformed` or `unsupported` where a node is too old to tell.
    func lists() async throws -> [ObjectName: FoundList] {
        var lists: [ObjectName: FoundList] = [:]
        for node in here {
            for record in try await records(.listNames, 76, on: node) {
                guard let backup = BackupID(String(decoding: record[64...], as: UTF8.self)) else { continue }
                let name = ObjectName(bytes: Array(record[..<32]))
                let manifest = ObjectName(bytes: Array(record[32..<64]))
                lists[name, default: FoundList(manifest: manifest, backup: backup)].nodes.insert(node)
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

    /// - Throws: `malformed` where what came is not whole records, as many as were said.
    func records(
        _ subject: SurveyObjects.Subject, _ size: Int, on node: NodeID
    ) async throws -> [[UInt8]] {
        let answer = try await office.call(node, SurveyObjects(project: project, subject: subject), bulk: [])
        guard answer.received.count == answer.reply.count * size else {
            throw HoldfastError(
                .malformed, "Node \(node) said that it has \(answer.reply.count) \(subject.rawValue), and named others")
        }
        return stride(from: 0, to: answer.received.count, by: size).map { Array(answer.received[$0..<$0 + size]) }
    }
}

/// What says for good that backups were removed.
struct FoundTombstones {
    var all: [BackupID: SealedObject] = [:]
    /// Which of them each node has.
    var places: [NodeID: Set<ObjectName>] = [:]
}

/// A reference list as the nodes tell of it.
struct FoundList {
    var manifest: ObjectName
    var backup: BackupID
    var nodes: Set<NodeID> = []

    init(manifest: ObjectName, backup: BackupID) { (self.manifest, self.backup) = (manifest, backup) }
}
