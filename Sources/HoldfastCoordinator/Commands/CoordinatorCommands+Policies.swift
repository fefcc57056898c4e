import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    /// The policy of projects that say nothing else, where it was set.
    static let defaultPolicy = "default"
    private static let policyLimit = 100

    func listPolicies() async throws -> CommandResult {
        .policies(try await details(of: try await storedPolicies()?.value.value ?? []))
    }

    /// Projects that go by the policy do so from the same moment on; repair then moves what lies elsewhere.
    func setPolicy(_ policy: PlacementPolicy) async throws -> CommandResult {
        try policy.validate()
        let stored = try await storedPolicies()
        var policies = stored?.value.value ?? []
        policies.removeAll { $0.name == policy.name }
        guard policies.count < Self.policyLimit else {
            throw HoldfastError(.tooLarge, "There are \(policies.count) policies; remove one first")
        }
        policies.append(policy)
        var changes = try put(policies, over: stored)
        for project in try await projects(by: policy.name) {
            var value = project.value
            value.policy = policy
            try changes.put(value, over: project)
        }
        try await office.ledger.commit(changes)
        return .policies(try await details(of: [policy]))
    }

    func removePolicy(_ name: Name) async throws -> CommandResult {
        let stored = try await storedPolicies()
        var policies = stored?.value.value ?? []
        guard policies.contains(where: { $0.name == name }) else { throw Self.noPolicy(name) }
        let users = try await projects(by: name).map(\.value.name.text)
        guard users.isEmpty else {
            throw HoldfastError(
                .busy,
                "Projects go by policy \(name): \(users.prefix(10).joined(separator: ", ")). Give them another first")
        }
        policies.removeAll { $0.name == name }
        try await office.ledger.commit(try put(policies, over: stored))
        return .done("Policy \(name) was removed")
    }

    func setPolicy(of change: ProjectPolicy) async throws -> CommandResult {
        let stored = try await office.projects[change.project].record()
        var project = stored.value
        (project.policy, project.sharesPolicy) = (try await policy(named: change.policy), true)
        var changes = Changes()
        try changes.put(project, over: stored)
        try await office.ledger.commit(changes)
        return try await showProject(change.project)
    }

    /// What a new project goes by, and whether others do.
    func policy(for create: ProjectCreate) async throws -> (policy: PlacementPolicy, isShared: Bool?) {
        let isOwn = create.copies != nil || create.regions != nil || create.allowedRegions != nil
        if let name = create.policy {
            guard !isOwn else {
                throw HoldfastError(
                    .invalidArgument, "A project goes by a policy that was set, or by copies and regions")
            }
            return (try await policy(named: name), true)
        }
        if !isOwn,
            let known = try await storedPolicies()?.value.value.first(where: { $0.name.text == Self.defaultPolicy })
        {
            return (known, true)
        }
        let policy = PlacementPolicy(
            name: create.name, copies: create.copies ?? 1, regions: create.regions ?? 1,
            allowedRegions: create.allowedRegions)
        try policy.validate()
        return (policy, nil)
    }

    private func policy(named name: Name) async throws -> PlacementPolicy {
        guard let policy = try await storedPolicies()?.value.value.first(where: { $0.name == name }) else {
            throw Self.noPolicy(name)
        }
        return policy
    }

    private static func noPolicy(_ name: Name) -> HoldfastError {
        HoldfastError(
            .notFound, "There is no policy \(name): `holdfast policy list` shows them, `policy set` makes one")
    }

    private func storedPolicies() async throws -> Stored<Setting<[PlacementPolicy]>>? {
        try await office.catalog.get(Setting<[PlacementPolicy]>.self, .policies)
    }

    private func put(
        _ policies: [PlacementPolicy], over stored: Stored<Setting<[PlacementPolicy]>>?
    ) throws -> Changes {
        var changes = Changes()
        let setting = Setting(.policies, policies.sorted { $0.name < $1.name })
        if let stored { try changes.put(setting, over: stored) } else { try changes.insert(setting) }
        return changes
    }

    private func projects(by policy: Name) async throws -> [Stored<Project>] {
        try await office.catalog.all(Project.self).filter {
            $0.value.sharesPolicy == true && $0.value.policy.name == policy
        }
    }

    private func details(of policies: [PlacementPolicy]) async throws -> [PolicyDetail] {
        let layout = await office.registry.layout
        var details: [PolicyDetail] = []
        for policy in policies {
            var fault: String?
            do { try Placement(layout: layout, policy: policy).requireMeetable() } catch { fault = error.message }
            details.append(
                PolicyDetail(
                    policy: policy, projects: try await projects(by: policy.name).map(\.value.name).sorted(),
                    fault: fault))
        }
        return details
    }
}
