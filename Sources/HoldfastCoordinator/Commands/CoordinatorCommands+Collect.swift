import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastWire

extension CoordinatorCommands {
    func collect(
        _ run: CollectRun, _ principal: Principal, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        let jobs = try await launch(for: run.project, wait: run.wait, report) { project in
            try await office.startCollection(of: project, author: principal.name)
        }
        var collected: [Collected] = []
        for (project, job) in jobs { collected.append(try await result(of: job, project)) }
        return .collected(collected)
    }

    private func result(of id: JobID, _ project: Name) async throws -> Collected {
        guard case .collect(let machine) = try await job(id).machine else {
            throw HoldfastError(.internal, "Job \(id) is no collection")
        }
        var collected = Collected(project: project, job: id, nodeNames: await office.registry.names)
        switch machine.ending {
        case .finished(let report): collected.report = report
        case .failed(let error): collected.failure = error
        case .cancelled, nil: break
        }
        return collected
    }

    /// What each node that is here keeps of the project, by the nodes' own accounts.
    func stored(of project: Project) async -> [StoredShare] {
        let connected = Set(await office.nodes.connected())
        var shares: [StoredShare] = []
        for node in await office.registry.holders(in: project.policy.allowedRegions) where connected.contains(node.id) {
            // One that goes away meanwhile is not here.
            guard let reply = try? await office.call(node.id, MeasureObjects(project: project.id)) else { continue }
            shares.append(StoredShare(node: node.name, objects: reply.objects, bytes: reply.bytes))
        }
        return shares
    }
}
