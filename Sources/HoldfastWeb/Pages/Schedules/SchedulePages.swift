import HoldfastCommands
import HoldfastModel
import Hummingbird

/// When each environment is backed up by itself, and what is kept of it.
struct SchedulePages: Sendable {
    private struct Page {
        struct Tab {
            let title: String
            let address: String
            let isHere: Bool
        }

        let frame: Frame
        let project: String
        let tabs: [Tab]
        let environment: Shown?
        let mayOwn: Bool
    }

    private struct Shown {
        struct Plan {
            let when: String
            let what: String
            let next: String
            let last: String
        }

        struct Choice {
            let value: String
            let title: String
            let isChosen: Bool
        }

        struct Rule {
            let key: String
            let title: String
            let value: String
        }

        struct Entry {
            let id: String
            let when: String
            let kind: String
            let goes: String
            let why: String
        }

        let name: String
        let path: String
        let alarm: String?
        let notices: [String]
        let paused: Bool
        let schedule: Plan?
        let timings: [Choice]
        let cron: String
        let zone: String
        let whats: [Choice]
        let rules: [Rule]
        let isTried: Bool
        let previewTitle: String
        let months: [MonthCalendar]
        let entries: [Entry]
    }

    func show(
        _ visit: Visit, _ project: Name, form: Form? = nil, in named: EnvironmentReference? = nil,
        problem: String? = nil
    ) async throws -> Response {
        let environments = try await visit.project(project).environments
        let wanted = named?.environment.text ?? visit.query["environment"]
        let chosen = environments.first { $0.environment.environment.text == wanted } ?? environments.first
        let page = Page(
            frame: Frame(title: "Schedules and retention of \(project)", in: .projects, visit, problem: problem),
            project: project.text,
            tabs: environments.map {
                let name = $0.environment.environment.text
                return Page.Tab(
                    title: name, address: "/projects/\(project)/schedules?environment=\(name)",
                    isHere: $0.environment == chosen?.environment)
            },
            environment: try await chosen.asyncMap { try await shown($0, form, visit) },
            mayOwn: visit.principal.has(.owner, in: project) && !visit.principal.isReadOnly)
        return try .page(Templates.render(page, as: "schedules"), problem == nil ? .ok : .unprocessableContent)
    }

    private func shown(_ environment: EnvironmentDetail, _ form: Form?, _ visit: Visit) async throws -> Shown {
        let reference = environment.environment
        let tried = try RetentionFields.rules(visit.query)
        let preview = try await visit.preview(reference, tried)
        let schedule = environment.schedule
        let timing = form?["timing"] ?? Self.timing(schedule)
        return Shown(
            name: reference.environment.text, path: "/environments/\(reference)/schedule",
            alarm: ProjectPages.alarm(preview.status), notices: schedule.map(Self.notices) ?? [],
            paused: schedule?.pausedAt != nil, schedule: schedule.map { plan($0, visit.now) },
            timings: [
                ("daily", "every night at 2"), ("hourly", "every hour"), ("weekly", "every Sunday at 2"),
                ("cron", "as cron says →"), ("none", "not at all"),
            ].map { Shown.Choice(value: $0.0, title: $0.1, isChosen: $0.0 == timing) },
            cron: form?["cron"] ?? Self.cron(schedule), zone: form?["zone"] ?? schedule?.zone ?? "",
            whats: [("", "everything"), ("database", "the database"), ("media", "the media")].map {
                Shown.Choice(
                    value: $0.0, title: $0.1,
                    isChosen: $0.0 == (form.map { $0["what"] ?? "" } ?? schedule?.kinds.first?.rawValue ?? ""))
            },
            rules: RetentionFields.shown(preview.policy).map {
                Shown.Rule(key: $0.key, title: $0.title, value: "\($0.value)")
            },
            isTried: !tried.isEmpty,
            previewTitle: tried.isEmpty ? "What is kept, and until when" : "What these rules would keep",
            months: MonthCalendar.months(of: preview.backups, at: visit.now),
            entries: preview.backups.map { entry in
                let (why, until) = Words.kept(entry.verdict)
                let labels = Set(entry.labels.compactMap(\.label)).sorted().map(\.rawValue).joined(separator: ", ")
                return Shown.Entry(
                    id: entry.backup.text, when: Words.time(entry.createdAt),
                    kind: Words.trigger(entry.trigger) + (labels.isEmpty ? "" : ", \(labels)"), goes: until, why: why)
            })
    }

    private static func timing(_ schedule: ScheduleDetail?) -> String {
        switch schedule?.timing {
        case nil: "none"
        case .preset(let preset): preset.rawValue
        case .cron: "cron"
        }
    }

    private static func cron(_ schedule: ScheduleDetail?) -> String {
        if case .cron(let expression) = schedule?.timing { expression.text } else { "" }
    }

    private func plan(_ schedule: ScheduleDetail, _ now: Timestamp) -> Shown.Plan {
        let kinds = schedule.kinds.map(\.rawValue) + schedule.services.map(\.description)
        let runs = schedule.nextRuns.prefix(3).map { Words.time($0.startsAt) }
        let last = schedule.last.map { last in
            "\(Words.time(last.startedAt)): \(last.state?.rawValue ?? "gone")"
                + (last.failure.map { " – \(PageWording.text($0.message))" } ?? "")
        }
        return Shown.Plan(
            when:
                "\(schedule.timing), in \(schedule.zone), starting within \(HumanText.duration(seconds: schedule.jitterSeconds))",
            what: kinds.isEmpty ? "everything" : kinds.joined(separator: ", "),
            next: runs.isEmpty ? "none" : runs.joined(separator: "; "), last: last ?? "none yet")
    }

    private static func notices(_ schedule: ScheduleDetail) -> [String] {
        var notices: [String] = []
        if let missed = schedule.missed {
            notices.append(
                "\(HumanText.count(missed.count, "run")) since \(Words.time(missed.firstDueAt)) could not be made; one backup made up for them at \(Words.time(missed.noticedAt))."
            )
        }
        if let skipped = schedule.skipped {
            notices.append("The run of \(Words.time(skipped.dueAt)) was passed over: \(skipped.reason).")
        }
        return notices
    }

    // MARK: changing

    func set(_ visit: Visit, _ environment: EnvironmentReference, _ form: Form) async throws -> Response {
        try await change(visit, environment, form, .saved) {
            let timing: ScheduleTiming
            switch form["timing"] ?? "" {
            case "none": return .scheduleRemove(environment)
            case "cron": timing = .cron(try CronExpression(form.need("cron", "the cron expression")))
            case let name:
                guard let preset = SchedulePreset(rawValue: name) else {
                    throw HoldfastError(.invalidArgument, "Choose how often")
                }
                timing = .preset(preset)
            }
            return .scheduleSet(
                ScheduleSet(
                    environment: environment, timing: timing, zone: form["zone"],
                    services: BackupPages.services(form["what"])))
        }
    }

    func pause(_ visit: Visit, _ environment: EnvironmentReference) async throws -> Response {
        try await change(visit, environment, nil, .paused) { .schedulePause(environment) }
    }

    func resume(_ visit: Visit, _ environment: EnvironmentReference) async throws -> Response {
        try await change(visit, environment, nil, .resumed) { .scheduleResume(environment) }
    }

    func keep(_ visit: Visit, _ environment: EnvironmentReference, _ form: Form) async throws -> Response {
        try await change(visit, environment, nil, .saved) {
            let rules = try RetentionFields.rules(
                Dictionary(uniqueKeysWithValues: RetentionFields.all.map { ($0.key, form[$0.key] ?? "") }))
            return .retentionSet(RetentionSet(scope: .environment(environment), rules: rules))
        }
    }

    private func change(
        _ visit: Visit, _ environment: EnvironmentReference, _ form: Form?, _ done: Done,
        _ command: () throws -> Command
    ) async throws -> Response {
        do {
            _ = try await visit.perform(command())
            return .seeOther(
                "/projects/\(environment.project)/schedules?environment=\(environment.environment)", done: done)
        } catch let error as HoldfastError where error.code != .permissionDenied && error.code != .notFound {
            return try await show(
                visit, environment.project, form: form, in: environment, problem: PageWording.sentence(error))
        }
    }
}
