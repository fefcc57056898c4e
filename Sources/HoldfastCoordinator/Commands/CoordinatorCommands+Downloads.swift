import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    private static let contentLimit = 50
    private static let downloadListLimit = 500

    func prepareDownload(
        _ prepare: DownloadPrepare, _ principal: Principal, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        try links.requireServed()
        let stored = try await backup(prepare.backup)
        let backup = stored.value
        guard backup.state == .complete else {
            throw HoldfastError(
                .checkFailed, "Backup \(backup.id) is \(backup.state.rawValue); only a complete one can be downloaded")
        }
        let valid = DownloadPrepare.validSecondsRange
        guard valid.contains(prepare.validSeconds) else {
            throw HoldfastError(
                .invalidArgument,
                "The links of a download work for \(valid.lowerBound) second to \(valid.upperBound / 86_400) days")
        }
        if prepare.mail != nil { try office.requireMail() }
        let contents = try Self.contents(of: prepare, in: backup)
        if prepare.mail != nil { try messages.begin(principal) }
        let jobID: JobID = office.identifier()
        let download = Download(
            id: office.identifier(), project: backup.project, environment: backup.environment, backup: backup.id,
            job: jobID, author: principal.name, mail: prepare.mail, createdAt: office.now,
            validSeconds: prepare.validSeconds, contents: contents)
        let job = Job(
            id: jobID, project: backup.project, environment: backup.environment, author: principal.name,
            createdAt: office.now,
            machine: .download(DownloadMachine(download: download.id, backup: backup.id, contents: contents)))
        var changes = Changes()
        // The backup is written anew, so that who deletes it at the same time finds it changed.
        try changes.put(backup, over: stored)
        try changes.insert(download)
        try await office.create(job, "download \(download.id) of backup \(backup.id), by \(principal.name)", changes)
        let accepted = Accepted(job: job.id, download: download.id)
        guard try await launch(job, accepted, wait: prepare.wait, report) != nil else { return .accepted(accepted) }
        return try await linksOfDownload(download.id)
    }

    /// Newest first.
    func listDownloads(_ environment: EnvironmentReference?, _ principal: Principal) async throws -> CommandResult {
        if let environment { _ = try await office.environments.record(environment) }
        let downloads: [Download]
        if let environment {
            downloads = try await office.catalog.list(
                Download.self, group: environment.description, descending: true, limit: Self.downloadListLimit
            ).map(\.value)
        } else {
            var all: [Download] = []
            for scope in [Download.Scope.live, .past] {
                all += try await office.catalog.list(
                    Download.self, scope: scope.rawValue, descending: true, limit: Self.downloadListLimit
                ).map(\.value)
            }
            downloads = all.sorted { ($1.createdAt, $1.id) < ($0.createdAt, $0.id) }
        }
        let isVisible = try await office.visibility(to: principal)
        let visible = downloads.filter { isVisible($0.environment.project, $0.project) }
        return .downloads(visible.map { DownloadDetail(of: $0, at: office.clock.now) })
    }

    func showDownload(_ id: DownloadID) async throws -> CommandResult {
        .download(DownloadDetail(of: try await download(id).value, at: office.clock.now))
    }

    func linksOfDownload(_ id: DownloadID) async throws -> CommandResult {
        let download = try await download(id).value
        let now = office.clock.now
        switch download.state(at: now) {
        case .ready: break
        case .preparing:
            throw HoldfastError(
                .checkFailed, "Download \(id) is being prepared: follow it with `holdfast job watch \(download.job)`")
        case let state:
            throw HoldfastError(
                .checkFailed, "Download \(id) is \(state.rawValue): prepare it again with `holdfast download prepare`")
        }
        var made: [Int: Secret] = [:]
        for number in 1...max(1, download.files.count) { made[number] = try links.link(to: number, of: download) }
        return .download(DownloadDetail(of: download, at: now) { number, _ in made[number] ?? Secret("") })
    }

    func revokeDownload(_ id: DownloadID) async throws -> CommandResult {
        let stored = try await download(id)
        var download = stored.value
        switch download.state(at: office.clock.now) {
        case .revoked: return .done("Download \(id) was revoked before")
        case .expired, .failed, .cancelled:
            return .done("Download \(id) is \(download.state(at: office.clock.now).rawValue): it has no links")
        case .preparing, .ready: break
        }
        let wasPreparing = download.state == .preparing
        download.state = .revoked
        download.revokedAt = office.now
        var changes = Changes()
        try changes.put(download, over: stored)
        try await office.ledger.commit(changes)
        if wasPreparing { _ = await office.jobs.cancel(download.job) }
        return .done("Download \(id) was revoked: its links give nothing any more")
    }

    // MARK: parts

    private func download(_ id: DownloadID) async throws -> Stored<Download> {
        guard let stored = try await office.catalog.get(Download.self, id) else {
            throw HoldfastError(.notFound, "There is no download \(id)")
        }
        return stored
    }

    /// One file for each part, single file and table.
    private static func contents(of prepare: DownloadPrepare, in backup: Backup) throws -> [DownloadContent] {
        let services = backup.parts.map(\.service)
        func source(_ kind: ServiceKind) throws -> ServiceReference {
            try backup.part(kind, prepare.source?.kind == kind ? prepare.source : nil).service
        }
        var contents: [DownloadContent] = []
        let isWhole = prepare.files.isEmpty && prepare.tables.isEmpty
        if isWhole || !prepare.services.isEmpty {
            contents += try prepare.services.choose(from: services, of: "Backup \(backup.id)").map { .part($0) }
        }
        if !prepare.files.isEmpty {
            let media = try source(.media)
            contents += prepare.files.map { .file(media, path: $0) }
        }
        if !prepare.tables.isEmpty {
            let database = try source(.database)
            contents += prepare.tables.map { .table(database, name: $0) }
        }
        guard contents.count <= contentLimit else {
            throw HoldfastError(
                .tooLarge, "A download has at most \(contentLimit) files: take the whole part, or several")
        }
        return contents
    }
}
