import HoldfastArchive
import HoldfastCatalog
import HoldfastModel
import HoldfastWire
import Logging

/// Has a worker copy what is needed of mostly dead shards, then has the backups read by the new reference lists. The old
/// ones stay: `ListRetiring` gives them up.
struct Rewriting {
    private static let attempts = 3

    let office: Office
    let job: JobID
    let project: ProjectID
    let name: Name

    func run() async throws -> CollectMachine.Event {
        let nodes = try await ProjectNodes(office: office, project: project, name: name)
        try nodes.requireEnough()
        // Everything has to be seen: what a backup is read by, and that the new copies are where they should be.
        guard nodes.away.isEmpty else { return .rewritten(nil, problems: []) }
        // What is locked where it is would only be there twice.
        guard nodes.policy.lockDays == nil else { return .rewritten(nil, problems: []) }
        let backups = try await Removal(office: office, project: project, name: name).all().filter(\.isRewritable)
        let lists = try await nodes.lists()
        let movable = Set(backups.flatMap(\.parts).map(\.references)).intersection(lists.keys)
        guard let newest = backups.max(by: { $0.createdAt < $1.createdAt }), !movable.isEmpty else {
            return .rewritten(CollectReport.Rewriting(), problems: [])
        }
        let record = try await office.projects[name].record(project).value
        let reader = try await office.reader(for: newest.environment, of: record)
        let terms: PlacementTerms
        do {
            // What is read by another key from now on was complete before.
            try await office.securedKeys.secure(record, in: office)
            terms = try await office.termsForWriting(record.policy)
        } catch let error as HoldfastError where error.code == .unavailable {
            return .rewritten(nil, problems: [error.message])
        } catch let error as HoldfastError where error.code == .noSpace {
            // What is deleted afterwards makes some.
            return .rewritten(nil, problems: [error.message])
        }
        let message = RewriteShards(
            order: office.order(for: job), project: project, keys: try await office.projects[name].keys(of: record),
            terms: terms,
            byteLimit: office.configuration.rewriteByteLimit,
            holdUntil: office.now.advanced(by: office.configuration.rewriteHoldFor))
        let (reply, stored) = try await office.call(reader, message, bulk: Self.records(lists, movable))
        var rewriting = CollectReport.Rewriting()
        (rewriting.shards, rewriting.deadBytes) = (reply.shards, reply.deadBytes)
        (rewriting.copiedBytes, rewriting.isPartial) = (reply.copiedBytes, reply.isPartial)
        guard !stored.isEmpty else { return .rewritten(rewriting, problems: []) }
        let found = try await nodes.lists()
        var problems: [String] = []
        for (backup, moves) in try Self.moves(stored).sorted(by: { $0.key < $1.key }) {
            if try await move(backup, moves, nodes, found) {
                rewriting.lists += moves.count
            } else {
                problems.append("Backup \(backup) is read by its old shards for now")
            }
        }
        return .rewritten(rewriting, problems: problems)
    }

    private static func records(_ lists: [ObjectName: FoundList], _ movable: Set<ObjectName>) -> [UInt8] {
        var records: [UInt8] = []
        for (name, list) in lists.sorted(by: { $0.key < $1.key }) {
            records += name.bytes + list.manifest.bytes + Array(list.backup.text.utf8)
            records.append(movable.contains(name) ? 1 : 0)
        }
        return records
    }

    /// By backup, which list is to take the place of which.
    private static func moves(_ bytes: [UInt8]) throws -> [BackupID: [ObjectName: ObjectName]] {
        guard bytes.count.isMultiple(of: 76) else {
            throw HoldfastError(.malformed, "The worker named lists in another form than was asked for")
        }
        var moves: [BackupID: [ObjectName: ObjectName]] = [:]
        for start in stride(from: 0, to: bytes.count, by: 76) {
            let record = Array(bytes[start..<start + 76])
            guard let backup = BackupID(String(decoding: record[64...], as: UTF8.self)) else {
                throw HoldfastError(.malformed, "The worker named a backup that can't be one")
            }
            moves[backup, default: [:]][ObjectName(bytes: Array(record[..<32]))] =
                ObjectName(bytes: Array(record[32..<64]))
        }
        return moves
    }

    /// Has the backup read by its new lists, once all of it is held, and what is new of it on as many nodes as the policy
    /// asks.
    ///
    /// - Returns: false where it stays as it is, for a later collection.
    private func move(
        _ id: BackupID, _ moves: [ObjectName: ObjectName], _ nodes: ProjectNodes, _ found: [ObjectName: FoundList]
    ) async throws -> Bool {
        for _ in 1...Self.attempts {
            guard let stored = try await office.catalog.get(Backup.self, id), stored.value.isRewritable else {
                return false
            }
            guard let moved = try await moved(stored.value, moves, nodes, found) else { return false }
            var changes = Changes()
            try changes.put(moved, over: stored)
            do {
                try await office.ledger.commit(changes)
                return true
            } catch let error as HoldfastError where error.code == .conflict {
                continue
            }
        }
        return false
    }

    private func moved(
        _ backup: Backup, _ moves: [ObjectName: ObjectName], _ nodes: ProjectNodes, _ found: [ObjectName: FoundList]
    ) async throws -> Backup? {
        var moved = backup
        var objects: Set<ObjectName> = []
        var pairs: [(old: ListChoice.Candidate, new: ListChoice.Candidate)] = []
        for index in moved.parts.indices {
            let part = backup.parts[index]
            let name = moves[part.references] ?? part.references
            guard let old = try await candidate(part.references, of: part, nodes, found),
                let new = try await candidate(name, of: part, nodes, found)
            else { return nil }
            moved.parts[index].references = name
            objects.formUnion(new.objects)
            objects.insert(part.manifest)
            if name != part.references { pairs.append((old, new)) }
        }
        let (receipt, holders) = try await nodes.hold(objects, for: backup.id, after: backup.receipt)
        for (old, new) in pairs {
            let choice = ListChoice([old, new], named: new.name, policy: nodes.policy, holders: holders)
            guard choice?.kept == new, choice?.superseded == [old] else { return nil }
        }
        // A backup that is not stored as the policy of today asks isn't so by what was rewritten.
        let layout = await office.registry.layout
        let wasSatisfied = backup.receipt?.fault(by: nodes.policy, in: layout) == nil
        if wasSatisfied, receipt.fault(by: nodes.policy, in: layout) != nil { return nil }
        moved.receipt = backup.receipt == nil ? nil : receipt
        return moved
    }

    private func candidate(
        _ name: ObjectName, of part: BackupPart, _ nodes: ProjectNodes, _ found: [ObjectName: FoundList]
    ) async throws -> ListChoice.Candidate? {
        guard let place = found[name], let list = try await nodes.list(name, place), list.manifest == part.manifest,
            list.service == part.service
        else { return nil }
        return ListChoice.Candidate(name: name, shards: Set(list.shards))
    }
}

extension Backup {
    /// Whether its content may move to other shards: it is whole, and not about to be removed.
    var isRewritable: Bool { removedAt == nil && receipt != nil && (state == .complete || state == .deleted) }
}
