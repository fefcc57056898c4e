import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    func clusterStatus(_ principal: Principal) async throws -> CommandResult {
        let projects = try await office.catalog.all(Project.self).map(\.value)
        let open = try await visibleOpenJobs(principal).filter(\.machine.isAtWork)
        return .clusterStatus(
            ClusterStatus(
                softwareVersion: office.configuration.softwareVersion, epoch: office.ledger.epoch,
                leaderSince: office.leaderSince, now: office.now, nodes: await office.registry.statuses,
                projects: projects.count { principal.has(.viewer, in: $0.name) }, openJobs: open.count,
                needingAttention: try await summaries(of: open.filter { $0.status == .needsAttention }),
                retention: await retentionStatus(),
                erasures: principal.isAdministrator ? try await erasures() : nil))
    }

    func nodeToken(_ token: NodeToken, _ principal: Principal) async throws -> CommandResult {
        guard (60...30 * 24 * 60 * 60).contains(token.validSeconds) else {
            throw HoldfastError(.invalidArgument, "A join token is valid for one minute to 30 days")
        }
        return .token(try await admission.makeToken(valid: .seconds(token.validSeconds), author: principal.name))
    }
}
