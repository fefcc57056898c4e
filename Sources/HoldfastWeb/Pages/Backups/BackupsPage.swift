import HoldfastCommands
import HoldfastModel
import Hummingbird

/// The *Backups* view of a project: what there is, by kind, and making more.
struct BackupsPage: Sendable {
    private struct Page {
        struct Line {
            let name: String
            let health: Badge
            let last: String
            let next: String
            let trouble: String?
        }

        struct Tab {
            let title: String
            let address: String
            let isHere: Bool
        }

        struct Choice {
            let value: String
            let title: String
            let isChosen: Bool
        }

        struct Running {
            let job: String
            let what: String
            let step: String
        }

        let frame: Frame
        let project: String
        let mayOwn: Bool
        let mayOperate: Bool
        let environments: [Line]
        let running: [Running]
        let tabs: [Tab]
        let kind: String
        let environmentChoices: [Choice]
        let whatChoices: [Choice]
        let stateChoices: [Choice]
        let rows: [BackupRow]
        let hasRows: Bool
        let more: String?
        let emptyTitle: String
        let emptyText: String
        let space: StoredSpace?
    }

    /// The lists of backups, by what made them.
    enum Kind: String, CaseIterable {
        case scheduled
        case onDemand = "on-demand"
        case safety, deleted

        var title: String {
            switch self {
            case .scheduled: "Scheduled"
            case .onDemand: "On-demand"
            case .safety: "Safety"
            case .deleted: "Deleted"
            }
        }

        func contains(_ backup: Backup) -> Bool {
            switch self {
            case .scheduled: backup.trigger == .scheduled && backup.state != .deleted
            case .onDemand: [.onDemand, .upload].contains(backup.trigger) && backup.state != .deleted
            case .safety: backup.trigger == .safety && backup.state != .deleted
            case .deleted: backup.state == .deleted && backup.removedAt == nil
            }
        }

        static func of(_ backup: Backup) -> Kind { allCases.first { $0.contains(backup) } ?? .scheduled }
    }

    private static let page = 50
    /// As many as one list can have.
    static let most = 1000

    func show(_ visit: Visit, _ project: Name) async throws -> Response {
        let detail = try await visit.project(project)
        let kind = visit.query["kind"].flatMap { Kind(rawValue: $0) } ?? .scheduled
        let all = try await visit.backups(
            BackupList(project: project, includeDeleted: true, limit: Self.most))
        let filter = Filter(visit.query)
        let found = all.filter { kind.contains($0) && filter.lets($0) }
        let limit = min(Self.most, visit.query["limit"].flatMap { Int($0) }.map { max(1, $0) } ?? Self.page)
        let rows = try await rows(of: Array(found.prefix(limit)), visit)
        let jobs = try await visit.jobs().filter { $0.environment.project == project && $0.endedAt == nil }
        let page = Page(
            frame: Frame(title: "Backups of \(project)", in: .projects, visit, refresh: !jobs.isEmpty),
            project: project.text, mayOwn: visit.principal.has(.owner, in: project),
            mayOperate: visit.principal.has(.operator, in: project),
            environments: detail.environments.map { line($0, visit.now) },
            running: jobs.map {
                Page.Running(
                    job: $0.id.text, what: "\(Words.kind($0.kind)) of \($0.environment)", step: Job.stepTitle($0.step))
            },
            tabs: tabs(project, kind), kind: kind.rawValue,
            environmentChoices: Set(all.map(\.environment.environment.text)).sorted().map {
                Page.Choice(value: $0, title: $0, isChosen: $0 == filter.environment)
            },
            whatChoices: choices(["": "all", "database": "database", "media": "media"], filter.what),
            stateChoices: choices(["": "all", "complete": "complete", "failed": "failed"], filter.state), rows: rows,
            hasRows: !rows.isEmpty,
            more: found.count > limit ? "?kind=\(kind.rawValue)&limit=\(limit * 4)\(filter.text)" : nil,
            emptyTitle: filter.isEmpty ? "No \(kind.title.lowercased()) backups yet" : "None of these",
            emptyText: filter.isEmpty ? Self.advice(kind) : "No backup is as you ask for.",
            space: StoredSpace(detail, all, visit.now))
        return try .page(Templates.render(page, as: "backups"))
    }

    /// Each with the reason that it is kept for, by one preview of each environment.
    private func rows(of backups: [Backup], _ visit: Visit) async throws -> [BackupRow] {
        var verdicts: [BackupID: RetentionVerdict] = [:]
        for environment in Set(backups.map(\.environment)) {
            // Of an environment that was removed there is none; its backups are kept.
            guard let preview = try? await visit.preview(environment, RetentionRules()) else { continue }
            for entry in preview.backups { verdicts[entry.backup] = entry.verdict }
        }
        return backups.map { BackupRow($0, verdicts[$0.id], visit) }
    }

    private func line(_ environment: EnvironmentDetail, _ now: Timestamp) -> Page.Line {
        let health = Health(of: environment, at: now)
        return Page.Line(
            name: environment.environment.environment.text, health: health.badge,
            last: environment.lastBackup.map { Words.distance($0.createdAt, from: now) } ?? "none yet",
            next: ProjectPages.next(environment.schedule, now), trouble: health.trouble)
    }

    private func tabs(_ project: Name, _ here: Kind) -> [Page.Tab] {
        Kind.allCases.map {
            Page.Tab(title: $0.title, address: "/projects/\(project)?kind=\($0.rawValue)", isHere: $0 == here)
        } + [Page.Tab(title: "Schedules and retention", address: "/projects/\(project)/schedules", isHere: false)]
    }

    private func choices(_ choices: KeyValuePairs<String, String>, _ chosen: String) -> [Page.Choice] {
        choices.map { Page.Choice(value: $0.key, title: $0.value, isChosen: $0.key == chosen) }
    }

    private static func advice(_ kind: Kind) -> String {
        switch kind {
        case .scheduled: "They are made by themselves, as the schedule says. The first one comes with its next run."
        case .onDemand: "Make one whenever you like: “Create backup on demand”, above."
        case .safety: "Before each restore what it overwrites is backed up. Those backups are listed here."
        case .deleted: "What is deleted stays here for a while, to be taken back."
        }
    }

    private struct Filter {
        let environment: String
        let what: String
        let state: String

        init(_ query: [String: String]) {
            environment = query["environment"].flatMap { try? Name($0) }?.text ?? ""
            what = query["what"].flatMap { ServiceKind(rawValue: $0) }?.rawValue ?? ""
            state = query["state"].flatMap { Backup.State(rawValue: $0) }?.rawValue ?? ""
        }

        var isEmpty: Bool { environment.isEmpty && what.isEmpty && state.isEmpty }
        var text: String { "&environment=\(environment)&what=\(what)&state=\(state)" }

        func lets(_ backup: Backup) -> Bool {
            (environment.isEmpty || backup.environment.environment.text == environment)
                && (what.isEmpty || backup.services.contains { $0.kind.rawValue == what })
                && (state.isEmpty || backup.state.rawValue == state)
        }
    }
}

/// What a project takes, and what each of the last days added.
struct StoredSpace {
    struct Bar {
        let x: Int
        let y: Int
        let height: Int
        let title: String
    }

    static let days = 30
    private static let height = 60

    let text: String
    let bars: [Bar]
    /// What the bars show.
    let label: String

    /// Nil before anything is stored.
    init?(_ project: ProjectDetail, _ backups: [Backup], _ now: Timestamp) {
        let stored = (project.stored ?? []).filter { $0.bytes > 0 }
        guard !stored.isEmpty else { return nil }
        text =
            HumanText.size(stored.reduce(0) { $0.addingClamped($1.bytes) }) + " in all: "
            + stored.map { "\(HumanText.size($0.bytes)) on \($0.node)" }.joined(separator: ", ") + "."
        let day: Int64 = 86_400_000
        let today = now.milliseconds / day
        var added: [Int64: Int64] = [:]
        for backup in backups where backup.createdAt.milliseconds / day > today - Int64(Self.days) {
            added[backup.createdAt.milliseconds / day, default: 0] += backup.totals.storedBytes
        }
        // Of more backups than one list has, the first days are not known.
        let isCut = backups.count >= BackupsPage.most
        label =
            "New data stored on each of the last \(Self.days) days"
            + (isCut ? ", as far as the newest \(HumanText.count(BackupsPage.most)) backups tell" : "")
        let most = max(1, added.values.max() ?? 1)
        bars = (0..<Self.days).map { index in
            let date = today - Int64(Self.days) + 1 + Int64(index)
            let bytes = added[date] ?? 0
            let height = bytes == 0 ? 0 : max(2, Int(Double(bytes) / Double(most) * Double(Self.height)))
            let name = Words.time(Timestamp(milliseconds: date * day)).split(separator: ",")[0]
            return Bar(
                x: index * 10, y: Self.height - height, height: height, title: "\(name): \(HumanText.size(bytes))")
        }
    }
}
