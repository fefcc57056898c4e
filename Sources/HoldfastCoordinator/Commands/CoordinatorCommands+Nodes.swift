import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastWire

extension CoordinatorCommands {
    private static let maintenanceLimit = 7 * 24 * 60 * 60

    private var membership: Membership { Membership(office: office) }

    func changeNode(_ change: NodeChange) async throws -> CommandResult {
        let stored = try await membership.node(named: change.node)
        if change.isLeaving == true, stored.value.leavingSince == nil {
            try await membership.requirePolicies(without: stored.value)
        }
        if let weight = change.weight {
            guard weight.isFinite, weight > 0, weight <= 1e9 else {
                throw HoldfastError(
                    .invalidArgument,
                    "A node's weight is a number greater than 0, usually its GiB; `node drain` is for one that shall be empty"
                )
            }
        }
        if case .begin(let seconds) = change.maintenance {
            guard (60...Self.maintenanceLimit).contains(seconds) else {
                throw HoldfastError(.invalidArgument, "Maintenance takes between one minute and 7 days: --for 2h")
            }
        }
        let now = office.now
        let storedBytes = await office.registry.storedBytes(of: stored.value.id)
        try await membership.change(stored) { node in
            node.weight = change.weight ?? node.weight
            switch change.maintenance {
            case .begin(let seconds): node.maintenanceUntil = now.advanced(by: .seconds(seconds))
            case .end: node.maintenanceUntil = nil
            case nil: break
            }
            if let isLeaving = change.isLeaving {
                if isLeaving, node.leavingSince == nil { node.leavingBytes = storedBytes }
                node.leavingSince = isLeaving ? node.leavingSince ?? now : nil
            }
        }
        return .nodes(await office.registry.statuses.filter { $0.name == change.node })
    }

    func removeNode(_ remove: NodeRemove) async throws -> CommandResult {
        let stored = try await membership.node(named: remove.node)
        try await membership.remove(stored, isLost: remove.isLost)
        return .done(
            remove.isLost
                ? "Node \(remove.node) is no member any more. What it held is copied from other nodes where they have it: see "
                    + "`holdfast repair run`"
                : "Node \(remove.node) is no member any more; its process can be stopped and its disk used for something else"
        )
    }

    func scrubNode(_ name: Name) async throws -> CommandResult {
        let node = try await membership.node(named: name).value
        // No job stands behind it: the order's epoch is what counts.
        _ = try await office.call(node.id, StartScrub(order: office.order(for: office.identifier())))
        return .done("Node \(name) reads everything back from its disk now: `holdfast node list` shows how far it is")
    }

    // MARK: repair

    func repair(
        _ run: RepairRun, _ principal: Principal, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        let jobs = try await launch(for: run.project, wait: run.wait, report) { project in
            try await office.startRepair(of: project, author: principal.name)
        }
        var repaired: [Repaired] = []
        for (project, job) in jobs { repaired.append(try await result(ofRepair: job, project)) }
        return .repaired(repaired)
    }

    private func result(ofRepair id: JobID, _ project: Name) async throws -> Repaired {
        guard case .repair(let machine) = try await job(id).machine else {
            throw HoldfastError(.internal, "Job \(id) is no repair")
        }
        var repaired = Repaired(project: project, job: id, nodeNames: await office.registry.names)
        switch machine.ending {
        case .finished(let report): repaired.report = report
        case .failed(let error): repaired.failure = error
        case .cancelled, nil: break
        }
        return repaired
    }

    func copies(of project: Project) async throws -> CopiesNow? {
        guard let (job, report) = try await office.lastRepair(of: project), let endedAt = job.endedAt else {
            return nil
        }
        return CopiesNow(at: endedAt, report: report)
    }
}
