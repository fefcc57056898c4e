import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastWire
import Logging

/// The backups of one project that its nodes have and the catalog lacks.
struct ProjectBackups {
    /// Manifests that one message asks for.
    private static let batch = 64
    private static let problemLimit = 100

    struct Outcome {
        var backups: Rebuilt.Backups
        var problems: [String] = []

        mutating func note(_ problem: String) {
            if problems.count < ProjectBackups.problemLimit { problems.append(problem) }
        }
    }

    /// A manifest, and the lists of it that some node has as they should be.
    private struct Candidate {
        var backup: BackupID
        var lists: [ObjectName]
    }

    let office: Office
    let project: Project

    func takeUp() async throws -> Outcome {
        let known = Set(try await office.catalog.all(Backup.self, group: project.name.text).map(\.value.id))
        let look = try await RepairLook(office: office, project: project.id, name: project.name)
        let buried = Set(look.tombstones.all.keys)
        var outcome = Outcome(backups: Rebuilt.Backups(project: project.name, known: known.count))
        for silent in look.silent { outcome.note("\(silent) did not answer") }
        let wanted = Set(look.lists.values.map(\.backup)).subtracting(known).subtracting(buried)
        guard !wanted.isEmpty else { return outcome }
        let objects = try await look.objects(of: wanted)
        var candidates: [ObjectName: Candidate] = [:]
        for (list, found) in look.lists where wanted.contains(found.backup) {
            guard objects[found.backup]?.contains(ObjectReference(.references, list)) == true else { continue }
            candidates[found.manifest, default: Candidate(backup: found.backup, lists: [])].lists.append(list)
        }
        let descriptions = try await describe(Set(candidates.keys), look)
        let byBackup = Dictionary(grouping: descriptions.values, by: \.backup)
        let references = candidates.compactMapValues { $0.lists.min() }
        for backup in wanted.sorted() {
            try await takeUp(
                backup, (byBackup[backup] ?? []).filter { candidates[$0.manifest]?.backup == backup }, references,
                objects[backup] ?? [], &outcome)
        }
        return outcome
    }

    /// - Returns: by manifest, what those say that some node that is here can read.
    private func describe(
        _ manifests: Set<ObjectName>, _ look: RepairLook
    ) async throws -> [ObjectName: PartDescription] {
        var descriptions: [ObjectName: PartDescription] = [:]
        let message = DescribeParts(
            project: project.id, keys: look.nodes.keys.serialized,
            terms: await office.termsForReading(project.policy))
        // The project's keys go only to nodes that its policy allows. Whoever has a manifest is asked for it, then anyone.
        let allowed = try await ProjectNodes(office: office, project: project.id, name: project.name).here
        for (node, isAny) in allowed.map({ ($0, false) }) + allowed.map({ ($0, true) }) {
            let mine = manifests.filter {
                descriptions[$0] == nil
                    && (isAny || look.present[ObjectReference(.manifest, $0)]?.contains(node) == true)
            }.sorted()
            for start in stride(from: 0, to: mine.count, by: Self.batch) {
                let names = mine[start..<min(start + Self.batch, mine.count)]
                do {
                    for description in try await ask(node, message, names) {
                        descriptions[description.manifest] = description
                    }
                } catch is Obstacle {
                    break
                } catch let error as HoldfastError where error.code != .deposed && error.code != .cancelled {
                    let name = await office.registry.text(of: node)
                    office.logger.warning("Manifests on node \(name): \(error.message)")
                    break
                }
            }
        }
        return descriptions
    }

    private func ask(
        _ node: NodeID, _ message: DescribeParts, _ names: some Collection<ObjectName>
    ) async throws -> [PartDescription] {
        let answer = try await office.call(node, message, bulk: names.flatMap(\.bytes))
        let asked = Set(names)
        return try WireJSON.value([PartDescription].self, from: answer.received, "descriptions of parts")
            .filter { asked.contains($0.manifest) }
    }

    private func takeUp(
        _ id: BackupID, _ descriptions: [PartDescription], _ references: [ObjectName: ObjectName],
        _ objects: Set<ObjectReference>, _ outcome: inout Outcome
    ) async throws {
        var backup: Backup
        do {
            backup = try Backup(
                describedBy: descriptions, references: references, project: project, job: office.identifier())
        } catch {
            outcome.backups.incomplete += 1
            return outcome.note("Backup \(id) was not taken up: \(error.message)")
        }
        let names = Set(objects.map(\.name))
        let nodes = try await ProjectNodes(office: office, project: project.id, name: project.name)
        var (receipt, holders) = try await nodes.hold(names, for: id, after: nil)
        let missing = names.count { holders[$0] == nil }
        guard missing == 0 else {
            outcome.backups.incomplete += 1
            outcome.backups.missingObjects += missing
            return outcome.note(
                "Backup \(id) was not taken up: no node that is here has \(missing) of its \(names.count) objects")
        }
        let short = holders.values.count {
            $0.count < project.policy.copies || Set($0.values).count < project.policy.regions
        }
        if short > 0 {
            receipt.degradedObjects = short
            outcome.backups.degraded += 1
        }
        backup.receipt = receipt
        var changes = Changes()
        try changes.insert(backup)
        try await office.ledger.commit(changes)
        outcome.backups.added += 1
        office.reviews.ask(for: backup.environment)
    }
}
