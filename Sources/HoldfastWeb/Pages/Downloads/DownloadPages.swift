import HoldfastCommands
import HoldfastModel
import Hummingbird

/// Having a backup's parts prepared as files, and fetching them.
struct DownloadPages: Sendable {
    private struct New {
        struct Part {
            let value: String
            let title: String
            let hint: String
        }

        let frame: Frame
        let project: String
        let id: String
        let title: String
        let parts: [Part]
        let mail: String
        let mailHint: String
    }

    func new(_ visit: Visit, _ id: BackupID, mail: String? = nil, problem: String? = nil) async throws -> Response {
        let backup = try await visit.backup(id).backup
        try visit.require(.operator, in: backup.environment.project)
        let own: UserDetail? = try? await visit.get(.userShow(nil)) {
            if case .user(let value) = $0 { value } else { nil }
        }
        let page = New(
            frame: Frame(title: "Prepare download", in: .downloads, visit, problem: problem),
            project: backup.environment.project.text, id: id.text, title: Words.time(backup.createdAt),
            parts: backup.parts.map {
                let form = $0.service.kind == .database ? "a binary PostgreSQL dump" : "a tar archive with a manifest"
                return New.Part(
                    value: "\($0.service)", title: Words.service($0.service),
                    hint: "\(form), from \(HumanText.size($0.sizes.logicalBytes))")
            },
            mail: mail ?? own?.mail?.text ?? "",
            mailHint: "Empty for no mail: the links are on the page of the download, too.")
        return try .page(Templates.render(page, as: "download-new"), problem == nil ? .ok : .unprocessableContent)
    }

    func prepare(_ visit: Visit, _ id: BackupID, _ form: Form) async throws -> Response {
        do {
            let single = !form.all("file").isEmpty || !form.all("table").isEmpty
            guard single || !form.all("part").isEmpty else {
                throw HoldfastError(.invalidArgument, "Choose what to download: the database, the media, or both")
            }
            let days = min(90, max(1, try form.number("days", "The number of days") ?? 7))
            let accepted = try await visit.accepted(
                .downloadPrepare(
                    DownloadPrepare(
                        backup: id, services: try form.all("part").map { .service(try ServiceReference($0)) },
                        files: form.all("file"), tables: form.all("table"),
                        source: try form["of"].map { try ServiceReference($0) },
                        mail: try form["mail"].map { try MailAddress($0) }, validSeconds: days * 86_400, wait: false)))
            guard let download = accepted.download else { return .seeOther("/downloads") }
            return .seeOther("/downloads/\(download)")
        } catch let error as HoldfastError where error.code != .permissionDenied {
            return try await new(visit, id, mail: form["mail"], problem: PageWording.sentence(error))
        }
    }

    private struct List {
        struct Row {
            let id: String
            let when: Moment
            let environment: String
            let what: String
            let size: String
            let state: Badge
            let until: String
        }

        let frame: Frame
        let rows: [Row]
        let hasRows: Bool
    }

    func list(_ visit: Visit) async throws -> Response {
        let downloads: [DownloadDetail] = try await visit.get(.downloadList(nil)) {
            if case .downloads(let value) = $0 { value } else { nil }
        }
        let rows = downloads.map { download in
            List.Row(
                id: download.id.text, when: Moment(download.createdAt, visit.now),
                environment: "\(download.environment)", what: Self.what(download.contents),
                size: download.files.isEmpty ? "" : HumanText.size(download.files.reduce(0) { $0 + $1.bytes }),
                state: Words.badge(download.state), until: download.expiresAt.map(Words.time) ?? "")
        }
        let page = List(frame: Frame(title: "Downloads", in: .downloads, visit), rows: rows, hasRows: !rows.isEmpty)
        return try .page(Templates.render(page, as: "downloads"))
    }

    private static func what(_ contents: [DownloadContent]) -> String {
        contents.map {
            if case .part(let service) = $0 { Words.service(service) } else { $0.description }
        }.joined(separator: ", ")
    }

    private struct Page {
        struct File {
            let number: Int
            let name: String
            let content: String
            let size: String
            let bytes: String
            let sha256: String
            let link: String?
            let curl: String?
        }

        let frame: Frame
        let id: String
        let environment: String
        let backup: String
        let backupTitle: String
        let author: String
        let state: Badge
        let failure: String?
        let job: String?
        let mail: String?
        let files: [File]
        let until: String?
        let mayRevoke: Bool
    }

    func show(_ visit: Visit, _ id: DownloadID) async throws -> Response {
        var download: DownloadDetail = try await visit.get(.downloadShow(id)) {
            if case .download(let value) = $0 { value } else { nil }
        }
        let operates = visit.principal.has(.operator, in: download.environment.project)
        if operates, download.state == .ready {
            download = try await visit.get(.downloadLinks(id)) {
                if case .download(let value) = $0 { value } else { nil }
            }
        }
        let backup = try? await visit.backup(download.backup).backup
        let page = Page(
            frame: Frame(
                title: "Download of \(download.environment)", in: .downloads, visit,
                refresh: download.state == .preparing),
            id: id.text, environment: "\(download.environment)", backup: download.backup.text,
            backupTitle: backup.map { Words.time($0.createdAt) } ?? download.backup.text, author: download.author,
            state: Words.badge(download.state), failure: download.failure.map { PageWording.text($0.message) },
            job: download.state == .preparing ? download.job.text : nil, mail: download.mail?.text,
            files: download.files.map { file in
                Page.File(
                    number: file.number, name: file.name, content: Self.what([file.content]),
                    size: HumanText.size(file.bytes), bytes: HumanText.count(file.bytes), sha256: file.sha256,
                    link: file.link?.revealed,
                    curl: file.link.map {
                        "curl -C - -o \(HumanText.quoted(file.name)) \(HumanText.quoted($0.revealed))"
                    })
            },
            until: download.state == .ready ? download.expiresAt.map(Words.time) : nil,
            mayRevoke: operates && !visit.principal.isReadOnly && download.state == .ready)
        return try .page(Templates.render(page, as: "download"))
    }

    func revoke(_ visit: Visit, _ id: DownloadID) async throws -> Response {
        _ = try await visit.perform(.downloadRevoke(id))
        return .seeOther("/downloads/\(id)", done: .revoked)
    }
}
