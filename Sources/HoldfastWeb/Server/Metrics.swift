import HoldfastCommands
import HoldfastModel

/// The cluster's figures as Prometheus reads them: what whoever asks may see, by the same commands as anywhere.
struct Metrics: Sendable {
    let commands: any CommandService

    func text(for principal: Principal, from origin: Origin) async throws -> String {
        func ask(_ command: Command) async throws -> CommandResult {
            try await commands.perform(command, as: principal, from: origin) { _ in }
        }
        var page = MetricsPage()
        if case .clusterStatus(let status) = try await ask(.clusterStatus) { page.add(status) }
        if case .environments(let environments) = try await ask(.environmentList(project: nil)) {
            page.add(environments)
        }
        if case .jobs(let jobs) = try await ask(.jobList(all: true)) { page.add(jobs) }
        return page.text
    }
}
