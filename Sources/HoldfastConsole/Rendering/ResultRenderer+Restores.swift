import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of plan: RestorePlanResult) -> String {
        var fields = TextFields()
        fields.add(
            "backup", "\(plan.backup.id) of \(plan.backup.environment), \(HumanText.time(plan.backup.createdAt))")
        fields.add("note", plan.backup.note)
        fields.add("into", "\(plan.destination)")
        for mapping in plan.mappings {
            fields.add("restores", mapping.from == mapping.to ? "\(mapping.from)" : "\(mapping.from) as \(mapping.to)")
        }
        return sections([
            heading("Restore plan") + "\n" + fields.text(style), overwritten(plan), steps(of: plan),
            plan.report.problems.isEmpty ? nil : plan.report.problems.map(text(of:)).joined(separator: "\n"),
            plan.report.isGood ? nil : style.paint("This restore can't start before the errors are solved.", .alarm),
        ])
    }

    private func overwritten(_ plan: RestorePlanResult) -> String {
        guard !plan.willBeOverwritten.isEmpty else { return "Nothing will be overwritten." }
        var fields = TextFields()
        for service in plan.willBeOverwritten { fields.add("\(service.service)", service.location) }
        return style.paint("Will be overwritten in \(plan.destination):", .alarm) + "\n" + fields.text(style)
    }

    private func steps(of plan: RestorePlanResult) -> String {
        let safety =
            plan.takesSafetyBackup
            ? "1. A safety backup of what will be overwritten is completed."
            : style.paint("1. NO safety backup is taken.", .alarm)
        guard plan.report.inPlace.isEmpty else { return steps(inPlace: plan.report.inPlace, safety) }
        let undo =
            plan.undoWindowSeconds > 0
            ? "3. The old content is kept for \(HumanText.duration(seconds: plan.undoWindowSeconds)): holdfast restore undo."
            : "3. The old content is not kept."
        return """
            \(safety)
            2. The backup is staged beside the old content and verified; then the two are swapped.
            \(undo)
            """
    }

    /// Where no database can be made beside the live one.
    private func steps(inPlace services: [ServiceReference], _ safety: String) -> String {
        let names = names(services)
        return """
            \(safety)
            2. Media is staged beside the old content; the backup of \(names) is read to its end.
            3. \(style.paint("\(names) is LOCKED for as long as loading takes", .alarm)): its content is replaced and counted in one \
            transaction, and committed with the media's exchange.
            4. The old content is not kept: holdfast restore undo restores the safety backup.
            """
    }

    func text(of restores: [RestoreDetail]) -> String {
        guard !restores.isEmpty else { return "No restores." }
        var table = TextTable(
            .left("RESTORE"), .left("WHEN (UTC)"), .left("INTO"), .flexible("WHAT"), .left("FROM"), .left("STATE"),
            .left("STEP"), .left("UNDO UNTIL (UTC)"))
        for restore in restores {
            table.add(
                .init("\(restore.job)"), .init(restore.createdAt.plain), .init("\(restore.destination)"),
                .init(names(restore.mappings.map(\.to))), .init(source(of: restore)),
                .init(restore.undoneBy == nil ? restore.status.rawValue : "undone", colour(of: restore.status)),
                .init(restore.step.title), .init(restore.undoUntil?.plain ?? "-"))
        }
        let alarms = restores.compactMap { restore in
            restore.attention.map { text(of: $0, on: "restore \(restore.job) into \(restore.destination)") }
        }
        return sections(alarms + [table.text(style)])
    }

    func text(of restore: RestoreDetail) -> String {
        let state = restore.undoneBy == nil ? restore.status.rawValue : "undone"
        let took = restore.endedAt.map { ", took \(HumanText.duration(restore.createdAt.duration(to: $0)))" }
        var fields = TextFields()
        fields.add("steps", RestoreSteps(restore).text(style))
        for mapping in restore.mappings {
            fields.add("restores", mapping.from == mapping.to ? "\(mapping.from)" : "\(mapping.from) as \(mapping.to)")
        }
        fields.add("from", source(of: restore))
        fields.add("started", "\(HumanText.time(restore.createdAt)), by \(restore.author)\(took ?? "")")
        fields.add("safety backup", restore.safetyBackup.map { "\($0)" } ?? "none")
        fields.add("waits for", restore.waitingFor, .yellow)
        fields.add("undone by", restore.undoneBy.map { "restore \($0)" })
        if restore.undoneBy == nil, let until = restore.undoUntil {
            fields.add("undo", "until \(HumanText.time(until)): holdfast restore undo \(restore.job)")
        }
        fields.add("failed", restore.failure.map(\.message), .alarm)
        if restore.failure != nil, restore.step == .ended {
            fields.add("destination", "holds its old content, unchanged")
        }
        return sections([
            restore.attention.map { text(of: $0, on: "restore \(restore.job) into \(restore.destination)") },
            heading("Restore \(restore.job) into \(restore.destination): ")
                + style.paint(state, colour(of: restore.status)) + "\n" + fields.text(style),
            text(of: restore.warnings),
        ])
    }

    private func source(of restore: RestoreDetail) -> String {
        switch restore.source {
        case .backup(let backup): "backup \(backup)"
        case .kept(let job): "undo of \(job)"
        }
    }

    func colour(of status: Job.Status) -> TextStyle.Colour? {
        switch status {
        case .running, .waiting, .queued: .yellow
        case .succeeded: .green
        case .failed: .red
        case .cancelled: .dim
        case .needsAttention: .alarm
        }
    }
}
