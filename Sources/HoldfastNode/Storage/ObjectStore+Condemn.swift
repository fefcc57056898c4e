package import HoldfastModel
package import HoldfastWire

/// Condemned shards serve reads and refuse holds. Either a hold comes first, and the shard is not condemned, or it is
/// condemned first, and the hold is refused: who holds is noted before it looks, and who condemns notes it before it looks.
extension ObjectStore {
    /// Condemns the shards that are here, are the project's, and are not held; durable on return.
    ///
    /// - Returns: those that are held now, which are not condemned.
    /// - Throws: `deposed`; `corrupt` while a hold can't be read; `tooLarge`, `noSpace`, `inputOutput`.
    package nonisolated func condemn(
        _ shards: Set<ObjectName>, of project: ProjectID, by order: Order
    ) async throws -> (condemned: Int, held: [ObjectName]) {
        try await recordWrites.withTurn(CondemnedFile.directory) {
            try await obey(order)
            let candidates = await beginCondemning(shards, of: project)
            var added = candidates.added
            do {
                let held = try await held(among: added, of: project)
                await pardon(held, of: project)
                added.subtract(held)
                try await writeCondemned(of: project)
                return (added.count, candidates.beingHeld.union(held).sorted())
            } catch {
                await pardon(added, of: project)
                throw error
            }
        }
    }

    /// They can be held again; durable on return.
    package nonisolated func spare(_ shards: Set<ObjectName>, of project: ProjectID, by order: Order) async throws {
        try await recordWrites.withTurn(CondemnedFile.directory) {
            try await obey(order)
            let left = await condemned(of: project).subtracting(shards)
            guard await condemned(of: project) != left else { return }
            // Written first: what is forgotten by a crash must not have been held meanwhile.
            try await CondemnedFile(project: project, names: left).write(on: disk)
            await pardon(shards, of: project)
        }
    }

    package func condemned(of project: ProjectID) -> Set<ObjectName> { condemnedShards[project] ?? [] }

    func isCondemned(_ shard: ObjectName) -> Bool { condemnedShards.values.contains { $0.contains(shard) } }

    /// Notes in memory, before anything is looked at, what is to be condemned: from here on holds refuse it.
    private func beginCondemning(
        _ shards: Set<ObjectName>, of project: ProjectID
    ) -> (added: Set<ObjectName>, beingHeld: Set<ObjectName>) {
        let here = shards.intersection(inventory.projects[project]?.names(of: .shard) ?? [])
        let beingHeld = here.intersection(holding.values.reduce(into: []) { $0.formUnion($1) })
        let added = here.subtracting(beingHeld).subtracting(condemnedShards[project] ?? [])
        condemnedShards[project, default: []].formUnion(added)
        return (added, beingHeld)
    }

    private nonisolated func writeCondemned(of project: ProjectID) async throws {
        let names = await condemned(of: project)
        guard names.count <= CondemnedFile.nameLimit else {
            throw HoldfastError(.tooLarge, "More than \(CondemnedFile.nameLimit) shards of a project are condemned")
        }
        try await CondemnedFile(project: project, names: names).write(on: disk)
    }

    func pardon(_ shards: Set<ObjectName>, of project: ProjectID) {
        condemnedShards[project]?.subtract(shards)
        if condemnedShards[project]?.isEmpty == true { condemnedShards[project] = nil }
    }

    // MARK: Who holds

    /// Notes that these are about to be held, so that none is condemned meanwhile.
    ///
    /// - Returns: what to say at the end, and those that are condemned already.
    func beginHolding(_ objects: some Sequence<ObjectName>) -> (ticket: UInt64, condemned: Set<ObjectName>) {
        let objects = Set(objects)
        let refused = condemnedShards.values.reduce(into: Set<ObjectName>()) { $0.formUnion(objects.intersection($1)) }
        holdTickets += 1
        holding[holdTickets] = objects.subtracting(refused)
        return (holdTickets, refused)
    }

    func endHolding(_ ticket: UInt64) { holding[ticket] = nil }
}
