import HoldfastCommands
import HoldfastModel
import Hummingbird

/// One backup: making it, looking at it, and what can be done with it.
struct BackupPages: Sendable {
    // MARK: making one

    private struct New {
        struct Choice {
            let value: String
            let title: String
            let hint: String
            let isChosen: Bool
        }

        let frame: Frame
        let project: String
        let environment: String
        let hasServices: Bool
        let choices: [Choice]
        let note: String
    }

    func new(
        _ visit: Visit, _ environment: EnvironmentReference, form: Form? = nil, problem: String? = nil
    ) async throws -> Response {
        try visit.require(.operator, in: environment.project)
        let services = try await visit.environment(environment).services.map(\.service)
        let kinds = ServiceKind.allCases.filter { kind in services.contains { $0.kind == kind } }
        let chosen = form?["what"] ?? (kinds.count == 2 ? "both" : kinds.first?.rawValue ?? "")
        let hints: [ServiceKind: String] = [.database: "tables, rows and the rest", .media: "all files"]
        var choices = kinds.map { kind in
            New.Choice(
                value: kind.rawValue, title: kind == .database ? "Database" : "Media", hint: hints[kind] ?? "",
                isChosen: chosen == kind.rawValue)
        }
        if kinds.count == 2 {
            choices.append(
                New.Choice(value: "both", title: "Both", hint: "database and media", isChosen: chosen == "both"))
        }
        let page = New(
            frame: Frame(title: "Back up \(environment)", in: .projects, visit, problem: problem),
            project: environment.project.text, environment: environment.environment.text,
            hasServices: !services.isEmpty, choices: choices, note: form?["note"] ?? "")
        return try .page(Templates.render(page, as: "backup-new"), problem == nil ? .ok : .unprocessableContent)
    }

    func create(_ visit: Visit, _ environment: EnvironmentReference, _ form: Form) async throws -> Response {
        do {
            let accepted = try await visit.accepted(
                .backupCreate(
                    BackupCreate(
                        environment: environment, services: Self.services(form["what"]), note: form["note"],
                        wait: false)))
            guard let backup = accepted.backup else { return .seeOther("/jobs/\(accepted.job)") }
            return .seeOther("/backups/\(backup)")
        } catch let error as HoldfastError where error.code != .permissionDenied {
            return try await new(visit, environment, form: form, problem: PageWording.sentence(error))
        }
    }

    /// `database`, `media`, or everything.
    static func services(_ what: String?) -> [ServiceSelector] {
        what.flatMap { ServiceKind(rawValue: $0) }.map { [.kind($0)] } ?? []
    }

    // MARK: looking at one

    private struct Page {
        struct Part {
            let title: String
            let content: String
            let size: String
            let new: String
            let stored: String
            let took: String
            /// Into it.
            let look: Look?

            struct Look {
                let title: String
                let address: String
            }
        }

        struct WarningBlock {
            let title: String
            let lines: [String]
        }

        struct Copies {
            struct Holding {
                let node: String
                let region: String
                let objects: String
                let stored: String
            }

            let title: String
            let holdings: [Holding]
        }

        struct Restored {
            let id: String
            let when: Moment
            let into: String
            let state: Badge
        }

        let frame: Frame
        let project: String
        let environment: String
        let kind: String
        let trigger: String
        let row: BackupRow
        let author: String
        let took: String?
        let note: String?
        let size: String?
        let failure: String?
        let job: String?
        let parts: [Part]
        let hasParts: Bool
        let warnings: [WarningBlock]
        let receipt: Copies?
        let restores: [Restored]
        let hasRestores: Bool
    }

    func show(_ visit: Visit, _ id: BackupID, problem: String? = nil) async throws -> Response {
        let detail = try await visit.backup(id)
        let backup = detail.backup
        let totals = backup.totals
        let isRunning = backup.state == .running
        let page = Page(
            frame: Frame(
                title: "Backup of \(backup.environment), \(Words.time(backup.createdAt))", in: .projects, visit,
                problem: problem, refresh: isRunning),
            project: backup.environment.project.text, environment: "\(backup.environment)",
            kind: BackupsPage.Kind.of(backup).rawValue, trigger: Words.trigger(backup.trigger),
            row: BackupRow(backup, detail.retention, visit), author: backup.author,
            took: backup.endedAt.map { HumanText.duration(backup.createdAt.duration(to: $0)) }, note: backup.note,
            size: backup.parts.isEmpty
                ? nil
                : "\(HumanText.size(totals.logicalBytes)), of which \(HumanText.size(totals.newBytes)) were new and are stored as \(HumanText.size(totals.storedBytes))",
            failure: backup.failure.map { PageWording.text($0.message) }, job: isRunning ? backup.job.text : nil,
            parts: backup.parts.map { part($0, of: backup, visit.now) },
            hasParts: !backup.parts.isEmpty,
            warnings: backup.parts.compactMap { Self.warnings($0.warnings, $0.service) },
            receipt: backup.receipt.map { copies($0, detail.nodeNames) },
            restores: detail.restores.map {
                Page.Restored(
                    id: $0.job.text, when: Moment($0.createdAt, visit.now), into: "\($0.destination)",
                    state: Words.badge($0.status))
            },
            hasRestores: !detail.restores.isEmpty)
        return try .page(Templates.render(page, as: "backup"), problem == nil ? .ok : .conflict)
    }

    private func part(_ part: BackupPart, of backup: Backup, _ now: Timestamp) -> Page.Part {
        let look = Page.Part.Look(
            title: part.service.kind == .database ? "Tables" : "Files",
            address:
                "/backups/\(backup.id)/\(part.service.kind == .database ? "tables" : "files")?of=\(Form.encode("\(part.service)"))"
        )
        let content =
            switch part.counts {
            case .database(let counts):
                "\(HumanText.count(counts.tables, "table")), \(HumanText.count(counts.rows, "row")), PostgreSQL \(counts.serverVersion)"
            case .media(let counts):
                "\(HumanText.count(counts.files, "file")), \(HumanText.count(counts.directories, "directory", "directories"))"
            }
        return Page.Part(
            title: Words.service(part.service), content: content, size: HumanText.size(part.sizes.logicalBytes),
            new: HumanText.size(part.sizes.newBytes), stored: HumanText.size(part.sizes.storedBytes),
            took: HumanText.duration(part.startedAt.duration(to: part.endedAt)),
            look: backup.isStored(at: now) ? look : nil)
    }

    private static func warnings(_ warnings: Warnings, _ service: ServiceReference) -> Page.WarningBlock? {
        guard warnings.count > 0 else { return nil }
        let more = warnings.count - warnings.first.count
        return Page.WarningBlock(
            title: "\(HumanText.count(warnings.count, "warning")) on \(Words.service(service).lowercased())",
            lines: warnings.first + (more > 0 ? ["… and \(HumanText.count(more)) more"] : []))
    }

    private func copies(_ receipt: Receipt, _ names: [NodeID: Name]) -> Page.Copies {
        Page.Copies(
            title:
                "When it was complete, \(HumanText.count(receipt.objects, "object")) were synced and held by \(HumanText.count(receipt.holdings.count, "node")).",
            holdings: receipt.holdings.sorted { ($0.region, $0.node) < ($1.region, $1.node) }.map {
                Page.Copies.Holding(
                    node: names[$0.node]?.text ?? $0.node.text, region: $0.region.text,
                    objects: HumanText.count($0.objects), stored: HumanText.size($0.bytes))
            })
    }

    // MARK: what can be done with it

    private struct Changing {
        let frame: Frame
        let project: String
        let environment: String
        let id: String
        let title: String
        let note: String
        let window: String
        let verdict: String
        let date: String
        let hasDate: Bool
    }

    /// The pages that ask before something is changed.
    func ask(_ visit: Visit, _ id: BackupID, _ template: String, problem: String? = nil) async throws -> Response {
        let detail = try await visit.backup(id)
        let backup = detail.backup
        try visit.require(template == "backup-note" ? .operator : .owner, in: backup.environment.project)
        let retention: RetentionDetail? = try? await visit.get(.retentionShow(.environment(backup.environment))) {
            if case .retention(let value) = $0 { value } else { nil }
        }
        let days = (retention?.policy ?? RetentionPolicy()).windowDays
        let page = Changing(
            frame: Frame(
                title: "Backup of \(backup.environment)", in: .projects, visit, problem: problem),
            project: backup.environment.project.text, environment: "\(backup.environment)", id: id.text,
            title: Words.time(backup.createdAt), note: backup.note ?? "", window: HumanText.count(days, "day"),
            verdict: detail.retention.map { "Now it is kept \(Words.kept($0).until): \(Words.kept($0).why)." } ?? "",
            date: backup.expiresAt.map { String($0.plain.prefix(10)) } ?? "", hasDate: backup.expiresAt != nil)
        return try .page(Templates.render(page, as: template), problem == nil ? .ok : .unprocessableContent)
    }

    func note(_ visit: Visit, _ id: BackupID, _ form: Form) async throws -> Response {
        _ = try await visit.perform(.backupNote(BackupNote(backup: id, note: form["note"] ?? "")))
        return .seeOther("/backups/\(id)", done: .noted)
    }

    func expire(_ visit: Visit, _ id: BackupID, _ form: Form) async throws -> Response {
        do {
            let when: BackupExpire.When =
                if form.has("never") {
                    .never
                } else {
                    .at(try Self.endOfDay(form.need("date", "a date")))
                }
            _ = try await visit.perform(.backupExpire(BackupExpire(backup: id, when: when)))
            return .seeOther("/backups/\(id)", done: .expires)
        } catch let error as HoldfastError where error.code == .invalidArgument {
            return try await ask(visit, id, "backup-expire", problem: PageWording.sentence(error))
        }
    }

    private static func endOfDay(_ text: String) throws(HoldfastError) -> Timestamp {
        guard let time = Timestamp("\(text)T23:59:59Z") else {
            throw HoldfastError(.invalidArgument, "“\(text.printable(limit: 40))” is no date: write it as 2027-01-31")
        }
        return time
    }

    /// A command that takes a moment, after which the page is shown again.
    func change(_ visit: Visit, _ id: BackupID, _ command: Command, _ done: Done) async throws -> Response {
        do {
            _ = try await visit.perform(command)
            return .seeOther("/backups/\(id)", done: done)
        } catch let error as HoldfastError where error.code != .permissionDenied && error.code != .notFound {
            return try await show(visit, id, problem: PageWording.sentence(error))
        }
    }
}
