import HoldfastCatalog
import HoldfastModel

/// Which projects' keys are known to be on as many nodes as a backup has copies: a backup whose key only the catalog has would
/// be lost with it.
package actor SecuredKeys {
    private var secured: [ProjectID: SealedSecret] = [:]

    /// Has nodes that are here keep the project's record before a backup that its keys sealed is complete.
    ///
    /// - Throws: `unavailable` where too few nodes can; an obstacle where too few are here.
    func secure(_ project: Project, in office: Office) async throws {
        guard secured[project.id] != project.wrappedKey else { return }
        let records = ProjectRecords(office: office)
        let item = try await records.current(of: project)
        let connected = Set(await office.nodes.connected())
        let holders = await office.registry.holders(in: project.policy.allowedRegions)
        let needed = project.policy.degradedCopies ?? project.policy.copies
        var kept = 0
        var problem: HoldfastError?
        for node in holders where connected.contains(node.id) {
            do {
                let version = try await records.store(item, on: node.id)
                guard version <= item.version else {
                    throw HoldfastError(
                        .conflict,
                        "node \(node.name) has a newer record than the catalog: `holdfast catalog rebuild` takes it up")
                }
                kept += 1
            } catch let error as HoldfastError where error.code == .unsupported {
                // One that is too old to keep any.
                kept += 1
            } catch let obstacle as Obstacle {
                problem = HoldfastError(.unavailable, "\(obstacle.description) went away")
            } catch let error as HoldfastError where error.code != .deposed && error.code != .cancelled {
                problem = error
            }
        }
        guard kept >= needed else {
            let away = holders.filter { !connected.contains($0.id) }
            throw problem == nil && !away.isEmpty
                ? Self.obstacle(away, office) : Self.failure(kept, needed, problem)
        }
        secured[project.id] = project.wrappedKey
    }

    private static func obstacle(_ away: [Node], _ office: Office) -> any Error {
        let names = away.map(\.name.text).joined(separator: ", ")
        return Obstacle(description: "one of the nodes \(names), to keep the project's keys") {
            // One may come, or be removed.
            try await office.nodes.waitForAnother(atMost: office.configuration.heartbeat * 2, office.time)
        }
    }

    private static func failure(_ kept: Int, _ needed: Int, _ problem: HoldfastError?) -> any Error {
        HoldfastError(
            .unavailable,
            """
            The project's keys are on \(kept) of the \(needed) nodes that are to have them before a backup counts as \
            complete\(problem.map { ": \($0.message)" } ?? ": join more nodes, or give the project another policy")
            """)
    }
}
