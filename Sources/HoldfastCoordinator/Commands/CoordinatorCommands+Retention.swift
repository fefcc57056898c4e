import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    func showRetention(_ scope: RetentionScope) async throws -> CommandResult {
        let project = try await office.projects[scope.project].record().value
        var environment: Environment?
        if case .environment(let reference) = scope {
            environment = try await office.environments.record(reference).value
        }
        return .retention(
            await detail(of: scope, project: project.retention, environment: environment?.retention))
    }

    func setRetention(_ set: RetentionSet) async throws -> CommandResult {
        try set.rules.validate()
        return try await change(set.scope) { set.rules.over($0 ?? RetentionRules()) }
    }

    func resetRetention(_ scope: RetentionScope) async throws -> CommandResult {
        try await change(scope) { _ in nil }
    }

    /// Backups of an environment that was removed can be looked at as well.
    func previewRetention(_ preview: RetentionPreview) async throws -> CommandResult {
        try preview.rules.validate()
        _ = try await office.projects[preview.environment.project].record()
        var rules: RetentionRules?
        let own = try await office.catalog.get(Environment.self, preview.environment)?.value.retention
        if !preview.rules.isEmpty { rules = preview.rules.over(own ?? RetentionRules()) }
        let (scene, stored) = try await office.scene(of: preview.environment, rules: rules)
        if stored.isEmpty { _ = try await office.environments.record(preview.environment) }
        let review = RetentionReview(scene).foreseen(with: try await office.plan(of: preview.environment))
        let entries = review.verdicts.compactMap { verdict in
            stored[verdict.backup].map { stored in
                RetentionPreviewResult.Entry(
                    stored.value, labels: review.relabelled[verdict.backup] ?? stored.value.labels ?? [],
                    verdict: verdict)
            }
        }
        return .retentionPreview(
            RetentionPreviewResult(
                environment: preview.environment, policy: scene.policy, isSaved: rules == nil,
                status: await retentionStatus(), backups: entries))
    }

    func retentionStatus() async -> RetentionStatus {
        let record = await office.retentionState.record
        return RetentionStatus(
            reviewedAt: record.reviewedAt, pause: await office.retentionState.pause,
            resumesAt: await office.retentionState.resumesAt)
    }

    // MARK: parts

    private func change(
        _ scope: RetentionScope, _ body: (RetentionRules?) -> RetentionRules?
    ) async throws -> CommandResult {
        let project = try await office.projects[scope.project].record()
        var changes = Changes()
        var rules = (project: project.value.retention, environment: RetentionRules?.none)
        var affected: [EnvironmentReference] = []
        switch scope {
        case .project(let name):
            var value = project.value
            value.retention = body(value.retention)
            rules.project = value.retention
            try changes.put(value, over: project)
            affected = try await office.catalog.all(Environment.self, scope: name.text).map(\.value.reference)
        case .environment(let reference):
            let stored = try await office.environments.record(reference)
            var value = stored.value
            value.retention = body(value.retention)
            rules.environment = value.retention
            try changes.put(value, over: stored)
            affected = [reference]
        }
        try await office.ledger.commit(changes)
        for environment in affected { office.reviews.ask(for: environment) }
        return .retention(await detail(of: scope, project: rules.project, environment: rules.environment))
    }

    private func detail(
        of scope: RetentionScope, project: RetentionRules?, environment: RetentionRules?
    ) async -> RetentionDetail {
        let own =
            switch scope {
            case .project: project
            case .environment: environment
            }
        return RetentionDetail(
            scope: "\(scope)", own: own ?? RetentionRules(),
            policy: RetentionPolicy(project: project, environment: environment), status: await retentionStatus())
    }
}
