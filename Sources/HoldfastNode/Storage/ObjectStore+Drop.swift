package import HoldfastModel
package import HoldfastWire

extension ObjectStore {
    package struct Dropping: Hashable, Sendable {
        package var objects = 0
        package var bytes: Int64 = 0
        /// Objects that stay, because some backup holds them here, or is about to.
        package var kept = 0
    }

    /// Deletes copies that others hold in this node's place, unless some backup holds them here. Durable on return; what a
    /// crash leaves is found and dropped again.
    ///
    /// - Parameter now: the coordinator's clock.
    /// - Throws: `deposed`; `checkFailed` while the clocks differ; `corrupt` while a hold can't be read; `inputOutput`.
    package nonisolated func drop(
        _ objects: Set<ObjectReference>, of project: ProjectID, by order: Order, at now: Timestamp
    ) async throws -> Dropping {
        // Nothing can be held from here on: a worker that asks is sent to those that hold them now.
        let shards = Set(objects.filter { $0.kind == .shard }.map(\.name))
        _ = try await condemn(shards, of: project, by: order)
        return try await recordWrites.withTurn(CondemnedFile.directory) {
            try await obey(order)
            try checkClock(against: now)
            var (dropping, deletion): (Dropping, Deletion) = (Dropping(), Deletion())
            var directories: Set<String> = []
            let condemned = await condemned(of: project)
            var held = try await held(among: Set(objects.map(\.name)), of: project)
            held.formUnion(await beingHeld)
            let dropped = objects.filter { object in
                !held.contains(object.name) && (object.kind != .shard || condemned.contains(object.name))
            }
            dropping.kept = objects.count - dropped.count
            for object in dropped.sorted() { try await remove(object.kind, object.name, &deletion, &directories) }
            for directory in directories.sorted() { try await makeRemovalDurable(in: directory) }
            // Last: a name that comes back after a crash is still condemned.
            let doomed = Set(dropped.map(\.name)).intersection(condemned)
            if !doomed.isEmpty {
                try await CondemnedFile(project: project, names: condemned.subtracting(doomed)).write(on: disk)
                await pardon(doomed, of: project)
            }
            (dropping.objects, dropping.bytes) = (deletion.objects, deletion.bytes)
            return dropping
        }
    }

    private var beingHeld: Set<ObjectName> { holding.values.reduce(into: []) { $0.formUnion($1) } }
}
