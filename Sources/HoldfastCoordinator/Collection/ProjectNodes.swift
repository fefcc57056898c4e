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
    private let copies: Int
    private let office: Office
    private let project: ProjectID

    /// - Throws: `notFound` where the project was removed.
    init(office: Office, project: ProjectID, name: Name) async throws {
        let actor = await office.projects[name]
        let record = try await actor.record(project).value
        let allowed = record.policy.allowedRegions
        let members = await office.registry.holders(in: allowed)
        let connected = Set(await office.nodes.connected())
        let missing = members.filter { !connected.contains($0.id) }
        keys = try ProjectKeys(serialized: try await actor.keys(of: record))
        here = members.map(\.id).filter(connected.contains)
        away = missing.map(\.name.text)
        awaited = missing.first?.id
        copies = record.policy.copies
        self.office = office
        self.project = project
    }

    /// A list is on as many nodes as there are copies, so with fewer away one of those that are here has it.
    ///
    /// - Throws: `Obstacle` naming a node.
    func requireEnough() throws {
        guard let awaited, away.count >= copies else { return }
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

    /// - Throws: `malformed` where what came is not whole records, as many as were said.
    private func records(
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
