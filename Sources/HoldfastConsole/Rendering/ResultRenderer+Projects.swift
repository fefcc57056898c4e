import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of projects: [ProjectSummary]) -> String {
        guard !projects.isEmpty else { return "There is no project. Make one: holdfast project create NAME" }
        var table = TextTable(
            .left("PROJECT"), .flexible("ENVIRONMENTS"), .right("BACKUPS"), .left("LAST BACKUP (UTC)"))
        for project in projects {
            let environments = project.environments.map(\.text).joined(separator: ", ")
            table.add(
                .init(project.name.text), .init(environments), .init(HumanText.count(project.backups)),
                project.lastBackup.map { .init($0.plain) } ?? .init("never", .yellow))
        }
        return table.text(style)
    }

    func text(of project: ProjectDetail) -> String {
        let policy = project.policy
        var fields = TextFields()
        fields.add("id", "\(project.id)")
        fields.add("created", HumanText.time(project.createdAt))
        fields.add(
            "copies",
            "\(HumanText.count(policy.copies, "copy", "copies")) in at least \(HumanText.count(policy.regions, "region"))"
                + (policy.degradedCopies.map { ", \($0) while nodes are away" } ?? "")
                + (policy.name == project.name ? "" : " (policy \(policy.name))")
        )
        if let home = policy.home { fields.add("home region", home.text) }
        fields.add("data lies in", policy.allowedRegions?.map(\.text).joined(separator: ", ") ?? "any region")
        if let copies = project.copies {
            fields.add("copies now", "\(verdict(on: copies.report)), seen \(HumanText.time(copies.at))")
        }
        for share in project.stored ?? [] {
            fields.add(
                "stored on \(share.node)",
                "\(HumanText.size(share.bytes)) in \(HumanText.count(Int(share.objects), "object"))")
        }
        let environments =
            project.environments.isEmpty
            ? "No environment yet. Make one: holdfast environment create \(project.name)/live"
            : text(of: project.environments)
        return sections([heading("Project \(project.name)") + "\n" + fields.text(style), environments])
    }

    func text(of environments: [EnvironmentDetail]) -> String {
        guard !environments.isEmpty else {
            return "There is no environment. Make one: holdfast environment create PROJECT/ENVIRONMENT"
        }
        var table = TextTable(
            .left("ENVIRONMENT"), .left("SERVICE"), .flexible("WHERE"), .left("NODE"), .left("LAST BACKUP (UTC)"))
        for detail in environments {
            let services = detail.services.isEmpty ? [nil] : detail.services.map(Optional.some)
            for (index, service) in services.enumerated() {
                let isFirst = index == 0
                table.add(
                    .init(isFirst ? "\(detail.environment)" : ""), .init(service.map { "\($0.service)" } ?? "none yet"),
                    .init(service?.location ?? ""),
                    .init(isFirst ? detail.node?.text ?? detail.region.map { "any in \($0)" } ?? "any" : ""),
                    isFirst ? lastBackup(detail) : "")
            }
        }
        return table.text(style)
    }

    private func lastBackup(_ detail: EnvironmentDetail) -> TextTable.Cell {
        detail.lastBackup.map { .init($0.createdAt.plain) } ?? .init("never", .yellow)
    }

    func text(of detail: EnvironmentDetail) -> String {
        var fields = TextFields()
        fields.add(
            "node", detail.node?.text ?? detail.region.map { "any in region \($0) that is up" } ?? "any that is up")
        fields.add("undo window", HumanText.duration(seconds: detail.undoWindowSeconds))
        for service in detail.services { fields.add("\(service.service)", service.location) }
        if detail.services.isEmpty {
            fields.add("services", "none yet; add one: holdfast service set \(detail.environment) …", .yellow)
        }
        let last = detail.lastBackup.map { "\($0.id), \(HumanText.time($0.createdAt)), \($0.state.rawValue)" }
        fields.add("last backup", last ?? "never", last == nil ? .yellow : nil)
        if let schedule = detail.schedule {
            let next = schedule.nextRuns.first.map { "next \(HumanText.time($0.startsAt))" }
            fields.add(
                "schedule",
                "\(schedule.timing), in \(schedule.zone), \(schedule.pausedAt == nil ? next ?? "never" : "paused")")
            if let last = schedule.last {
                fields.add(
                    "last run", "\(HumanText.time(last.startedAt)), \(last.state?.rawValue ?? "gone")",
                    last.state == .failed ? .alarm : nil)
            }
            for notice in notices(schedule) { fields.add("notice", notice, .yellow) }
        } else {
            fields.add("schedule", "none: it is backed up only on demand", .yellow)
        }
        return heading("Environment \(detail.environment)") + "\n" + fields.text(style)
    }

    func text(of report: CheckReport, on environment: EnvironmentReference) -> String {
        let errors = report.problems.count { $0.severity == .error }
        let warnings = report.problems.count - errors
        let verdict =
            errors > 0
            ? style.paint("\(environment): \(HumanText.count(errors, "problem")) to solve first", .alarm)
            : style.paint("\(environment): good", .green)
                + (warnings > 0 ? ", with \(HumanText.count(warnings, "warning"))" : "")
        return sections(report.services.map(text(of:)) + [verdict])
    }

    private func text(of service: CheckReport.ServiceReport) -> String {
        var fields = TextFields()
        fields.add("size", service.bytes.map(HumanText.size))
        for fact in service.facts { fields.add(fact.label.printable(limit: 40), fact.value) }
        let lines = [heading("\(service.service)"), fields.text(style)] + service.problems.map(text(of:))
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    func text(of problem: CheckReport.Problem) -> String {
        let mark =
            switch problem.severity {
            case .error: style.paint("error:", .alarm)
            case .warning: style.paint("warning:", .yellow)
            }
        return "  \(mark) \(problem.message.printable(limit: 2000))"
    }
}
