import HoldfastArchive
import HoldfastCatalog
import HoldfastModel
import HoldfastWire
import Logging

/// Leaves each part of a backup one reference list. What rewriting made superfluous goes: first the holds of the shards that
/// only the old list named, then, on every node, that list, for which the one that stays is stored there.
///
/// It decides by what the nodes have and not by what was done before. So it also puts right a catalog that has gone back to
/// when a backup was read by a list that is no longer there.
struct ListRetiring {
    let office: Office
    let job: JobID
    let project: ProjectID
    let name: Name

    /// A backup some part of which has more lists than one, or not the one that the catalog names.
    fileprivate struct Case {
        var stored: Stored<Backup>
        var choices: [ListChoice] = []
        /// Of all parts' candidates, by name.
        var lists: [ObjectName: ReferenceList] = [:]
    }

    func run() async throws -> CollectMachine.Event {
        let nodes = try await ProjectNodes(office: office, project: project, name: name)
        try nodes.requireEnough()
        guard nodes.away.isEmpty else { return .retired(lists: 0, problems: []) }
        let found = try await nodes.lists()
        let byManifest = Dictionary(grouping: found.keys.sorted()) { found[$0]?.manifest }
        var cases: [Case] = []
        for stored in try await office.catalog.all(Backup.self, group: name.text)
        where stored.value.project == project && stored.value.isRewritable {
            let isPlain = stored.value.parts.allSatisfy { byManifest[$0.manifest] == [$0.references] }
            if !isPlain, let found = try await look(at: stored, nodes, found, byManifest) { cases.append(found) }
        }
        var problems: [String] = []
        for index in cases.indices where cases[index].isMisnamed {
            guard let moved = try await rename(cases[index], nodes) else {
                problems.append("Backup \(cases[index].stored.value.id) could not be told where its content lies")
                cases[index].choices = []
                continue
            }
            cases[index].stored = moved
        }
        // Read after the catalog names the lists that stay: who begins to read from here on reads by these.
        let users = try await office.catalog.all(Job.self, scope: Job.Scope.open.rawValue).map(\.value.machine)
            .filter(\.isAtWork)
        var count = 0
        for item in cases where !users.contains(where: { $0.uses(item.stored.value.id) }) {
            count += try await retire(item, nodes, found)
        }
        return .retired(lists: count, problems: problems)
    }

    /// Nil where some part has no good list: nothing is known of it then.
    private func look(
        at stored: Stored<Backup>, _ nodes: ProjectNodes, _ found: [ObjectName: FoundList],
        _ byManifest: [ObjectName?: [ObjectName]]
    ) async throws -> Case? {
        let backup = stored.value
        var item = Case(stored: stored)
        var candidates: [[ListChoice.Candidate]] = []
        for part in backup.parts {
            var good: [ListChoice.Candidate] = []
            for name in byManifest[part.manifest] ?? [] {
                guard let place = found[name], place.backup == backup.id,
                    let list = try await nodes.list(name, place), list.service == part.service
                else { continue }
                item.lists[name] = list
                good.append(ListChoice.Candidate(name: name, shards: Set(list.shards)))
            }
            candidates.append(good)
        }
        let objects = candidates.joined().reduce(into: Set(backup.parts.map(\.manifest))) { $0.formUnion($1.objects) }
        let holders = try await nodes.hold(objects, for: backup.id, after: backup.receipt).holders
        for (part, good) in zip(backup.parts, candidates) {
            guard let choice = ListChoice(good, named: part.references, policy: nodes.policy, holders: holders) else {
                return nil
            }
            item.choices.append(choice)
        }
        return item
    }

    /// Writes to the catalog by which lists the backup is read.
    ///
    /// - Returns: nil where that is not possible now.
    private func rename(_ item: Case, _ nodes: ProjectNodes) async throws -> Stored<Backup>? {
        var backup = item.stored.value
        for (index, choice) in item.choices.enumerated() { backup.parts[index].references = choice.kept.name }
        let objects = item.kept.union(backup.parts.map(\.manifest))
        let receipt = try await nodes.hold(objects, for: backup.id, after: backup.receipt).receipt
        backup.receipt = receipt
        var changes = Changes()
        try changes.put(backup, over: item.stored)
        do {
            try await office.ledger.commit(changes)
        } catch let error as HoldfastError where error.code == .conflict {
            return nil
        }
        office.logger.warning("Backup \(backup.id) is read by other reference lists than the catalog knew")
        return try await office.catalog.get(Backup.self, backup.id)
    }

    /// - Returns: how many lists are given up.
    private func retire(_ item: Case, _ nodes: ProjectNodes, _ found: [ObjectName: FoundList]) async throws -> Int {
        let superseded = item.choices.flatMap(\.superseded)
        guard !superseded.isEmpty else { return 0 }
        let backup = item.stored.value.id
        let order = office.order(for: job)
        let objects = superseded.reduce(into: Set<ObjectName>()) { $0.formUnion($1.objects) }.subtracting(item.kept)
        for node in nodes.here {
            let message = ReleaseObjects(order: order, project: project, backup: backup)
            _ = try await office.call(node, message, bulk: objects.sorted().flatMap(\.bytes))
        }
        for choice in item.choices {
            guard let kept = item.lists[choice.kept.name] else { continue }
            let bytes = try kept.sealed(nodes.keys).bytes
            for list in choice.superseded {
                for node in (found[list.name]?.nodes ?? []).sorted() {
                    let message = ReplaceList(order: order, project: project, superseded: list.name, now: office.now)
                    _ = try await office.call(node, message, bulk: bytes)
                }
            }
        }
        return superseded.count
    }
}

extension ListRetiring.Case {
    /// The catalog names another list than the one that counts.
    fileprivate var isMisnamed: Bool {
        zip(stored.value.parts, choices).contains { $0.references != $1.kept.name }
    }

    /// What lies on nodes for the backup's sake from now on: also what can't be given up yet.
    fileprivate var kept: Set<ObjectName> {
        choices.reduce(into: []) { kept, choice in
            kept.formUnion(choice.kept.objects)
            for list in choice.waiting { kept.formUnion(list.objects) }
        }
    }
}
