import HoldfastCommands
import HoldfastModel
import Hummingbird

/// A request of somebody who is signed in. Whatever it does, it does by commands, like every other way in.
struct Visit: Sendable {
    let known: KnownSession
    let commands: any CommandService
    let origin: Origin
    let query: [String: String]
    let now: Timestamp

    var principal: Principal { known.principal }

    /// For pages that only ask for what a command will need: who may not give it is told before they fill it in.
    ///
    /// - Throws: `permissionDenied`.
    func require(_ role: Role, in project: Name) throws(HoldfastError) {
        guard principal.has(role, in: project) else {
            throw HoldfastError(
                .permissionDenied, "This needs the role of \(role) in project \(project): ask one of its owners")
        }
    }

    /// - Throws: `permissionDenied`.
    func requireAdministrator() throws(HoldfastError) {
        guard principal.isAdministrator else {
            throw HoldfastError(.permissionDenied, "Only an administrator of the cluster may do this")
        }
    }

    func perform(_ command: Command) async throws -> CommandResult {
        try await commands.perform(command, as: principal, from: origin) { _ in }
    }

    /// What a command answers, where only one kind of result can be.
    func get<Value>(_ command: Command, _ read: (CommandResult) -> Value?) async throws -> Value {
        guard let value = read(try await perform(command)) else {
            throw HoldfastError(.internal, "A command was answered with something else than it asks for")
        }
        return value
    }

    func clusterStatus() async throws -> ClusterStatus {
        try await get(.clusterStatus) { if case .clusterStatus(let value) = $0 { value } else { nil } }
    }

    func nodes() async throws -> [NodeStatus] {
        try await get(.nodeList) { if case .nodes(let value) = $0 { value } else { nil } }
    }

    func projects() async throws -> [ProjectSummary] {
        try await get(.projectList) { if case .projects(let value) = $0 { value } else { nil } }
    }

    func project(_ name: Name) async throws -> ProjectDetail {
        try await get(.projectShow(name)) { if case .project(let value) = $0 { value } else { nil } }
    }

    func environments() async throws -> [EnvironmentDetail] {
        try await get(.environmentList(project: nil)) { if case .environments(let value) = $0 { value } else { nil } }
    }

    func environment(_ environment: EnvironmentReference) async throws -> EnvironmentDetail {
        try await get(.environmentShow(environment)) { if case .environment(let value) = $0 { value } else { nil } }
    }

    func backups(_ list: BackupList) async throws -> [Backup] {
        try await get(.backupList(list)) { if case .backups(let value) = $0 { value } else { nil } }
    }

    func backup(_ id: BackupID) async throws -> BackupDetail {
        try await get(.backupShow(id)) { if case .backup(let value) = $0 { value } else { nil } }
    }

    func jobs(all: Bool = false) async throws -> [JobSummary] {
        try await get(.jobList(all: all)) { if case .jobs(let value) = $0 { value } else { nil } }
    }

    func job(_ id: JobID) async throws -> JobDetail {
        try await get(.jobShow(id)) { if case .job(let value) = $0 { value } else { nil } }
    }

    func preview(_ environment: EnvironmentReference, _ rules: RetentionRules) async throws -> RetentionPreviewResult {
        try await get(.retentionPreview(RetentionPreview(environment: environment, rules: rules))) {
            if case .retentionPreview(let value) = $0 { value } else { nil }
        }
    }

    func accepted(_ command: Command) async throws -> Accepted {
        try await get(command) { if case .accepted(let value) = $0 { value } else { nil } }
    }

    /// Sets going what a console would follow to its end, and returns as soon as it is accepted. It goes on by itself.
    func launch(_ command: Command) async throws -> Accepted {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: Accepted.self)
        let task = Task {
            do {
                _ = try await commands.perform(command, as: principal, from: origin) { event in
                    if case .accepted(let accepted) = event { continuation.yield(accepted) }
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        // Only the watching ends.
        defer { task.cancel() }
        for try await accepted in stream { return accepted }
        throw HoldfastError(.internal, "A command ended without a job")
    }
}
