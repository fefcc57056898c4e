import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
import HoldfastWire

/// Drives the preparation of a download: has a worker read and check what each file will be made of.
package actor DownloadJob: JobWork {
    /// Objects are held for longer than links work: preparing the other files takes its time.
    private static let holdLonger = Duration.seconds(7 * 86_400)

    private let id: JobID
    private let environment: EnvironmentReference
    private let office: Office

    package init(_ job: Job, _ office: Office) {
        id = job.id
        environment = job.environment
        self.office = office
    }

    /// Where no node is here that may read it, the action says so.
    package func demand(for action: DownloadMachine.Action, of machine: DownloadMachine) async throws -> QueueDemand? {
        guard case .prepare = action, let backup = try await office.catalog.get(Backup.self, machine.backup)?.value,
            let project = try? await office.projects[backup.environment.project].record(backup.project).value,
            let node = try? await office.reader(for: environment, of: project)
        else { return nil }
        return QueueDemand(project: environment.project, node: node, isPinned: false)
    }

    package nonisolated func isWatched(_ action: DownloadMachine.Action) -> Bool {
        if case .prepare = action { true } else { false }
    }

    package func perform(
        _ action: DownloadMachine.Action, of machine: DownloadMachine,
        report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<DownloadMachine.Event> {
        switch action {
        case .prepare(let content): try await prepare(content, machine, report)
        // The record is written by `changes`, together with the end of the job.
        case .publish: Outcome(.published)
        }
    }

    private func prepare(
        _ content: DownloadContent, _ machine: DownloadMachine,
        _ report: @escaping @Sendable (CommandEvent) async -> Void
    ) async throws -> Outcome<DownloadMachine.Event> {
        guard let download = try await office.catalog.get(Download.self, machine.download)?.value,
            let backup = try await office.catalog.get(Backup.self, machine.backup)?.value, backup.state == .complete,
            let part = backup.parts.first(where: { $0.service == content.service })
        else {
            throw HoldfastError(.notFound, "There is no complete backup \(machine.backup) with \(content) any more")
        }
        let actor = await office.projects[backup.environment.project]
        let project = try await actor.record(backup.project).value
        let node: NodeID
        do {
            node = try await office.reader(for: environment, of: project)
        } catch let error as HoldfastError where error.code == .unavailable {
            let nodes = office.nodes
            let before = await nodes.connected()
            throw Obstacle(description: "a node that may read project \(project.name)") {
                for await change in await nodes.changes() {
                    if case .connected(let node) = change, !before.contains(node) { return }
                }
                throw CancellationError()
            }
        }
        let message = PrepareDownload(
            order: office.order(for: id), backup: backup.id, project: project.id,
            keys: try await actor.keys(of: project), content: content, manifest: part.manifest,
            references: part.references,
            subject: "\(backup.environment), backup \(backup.id) of \(part.startedAt.plain) UTC, \(content)",
            terms: await office.termsForReading(project.policy),
            holdUntil: office.now.advanced(by: .seconds(download.validSeconds) + Self.holdLonger))
        let reply = try await office.call(node, message) { await report(.progress($0)) }
        let file = DownloadFile(
            content: content, name: DownloadName.name(of: content, from: environment, capturedAt: part.startedAt),
            type: DownloadName.type(of: content), bytes: reply.bytes, sha256: reply.sha256, capturedAt: part.startedAt,
            layout: reply.layout)
        return Outcome(.prepared(file))
    }

    package func changes(from old: DownloadMachine, to new: DownloadMachine) async throws -> Changes {
        guard old.ending == nil, let ending = new.ending,
            let stored = try await office.catalog.get(Download.self, new.download)
        else { return Changes() }
        // A download that was revoked while it was made stays so.
        guard stored.value.state == .preparing else { return Changes() }
        var download = stored.value
        var changes = Changes()
        switch ending {
        case .ready:
            let now = office.now
            download.state = .ready
            download.files = new.files
            download.readyAt = now
            // Whole seconds, as the links say it.
            let end = now.milliseconds / 1000 + Int64(download.validSeconds)
            download.expiresAt = Timestamp(milliseconds: end * 1000)
        case .failed(let error): (download.state, download.failure) = (.failed, error)
        case .cancelled: download.state = .cancelled
        }
        try changes.put(download, over: stored)
        changes.add(try office.mail(about: download))
        return changes
    }

    package func reached(_ machine: DownloadMachine) async {
        guard machine.ending != nil else { return }
        office.mailroom.hasNews()
        await office.environments[environment].dismiss(id)
    }
}
