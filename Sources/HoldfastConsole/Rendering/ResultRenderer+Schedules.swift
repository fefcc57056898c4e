import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of schedules: [ScheduleDetail]) -> String {
        guard !schedules.isEmpty else {
            return "No schedules. Make one: holdfast schedule set PROJECT/ENVIRONMENT --preset daily"
        }
        var table = TextTable(
            .left("ENVIRONMENT"), .left("WHEN"), .left("ZONE"), .flexible("WHAT"), .left("NEXT RUN (UTC)"),
            .left("LAST RUN (UTC)"), .left("RESULT"), .flexible("NOTICE"))
        for schedule in schedules {
            table.add(
                .init("\(schedule.environment)"), .init("\(schedule.timing)"), .init(schedule.zone),
                .init(what(schedule)),
                schedule.pausedAt == nil
                    ? .init(schedule.nextRuns.first?.startsAt.plain ?? "never") : .init("paused", .yellow),
                .init(schedule.last?.startedAt.plain ?? "never"), result(schedule),
                .init(notices(schedule).joined(separator: "; "), .yellow))
        }
        return table.text(style)
    }

    func text(of schedule: ScheduleDetail) -> String {
        var fields = TextFields()
        fields.add("when", "\(schedule.timing), in \(schedule.zone)")
        fields.add("what", what(schedule))
        fields.add(
            "jitter", "starts are spread over \(HumanText.duration(seconds: schedule.jitterSeconds))")
        fields.add("labelled", schedule.label?.rawValue)
        fields.add("paused", schedule.pausedAt.map { "since \(HumanText.time($0))" }, .yellow)
        for (index, run) in schedule.nextRuns.enumerated() {
            fields.add(index == 0 ? "next runs" : "", HumanText.time(run.startsAt))
        }
        if let last = schedule.last {
            fields.add(
                "last run",
                "\(HumanText.time(last.startedAt)): backup \(last.backup), \(last.state?.rawValue ?? "gone")",
                last.state == .failed ? .alarm : nil)
            fields.add("failed", last.failure?.message, .alarm)
        } else {
            fields.add("last run", "none yet")
        }
        for notice in notices(schedule) { fields.add("notice", notice, .yellow) }
        return heading("Schedule of \(schedule.environment)") + "\n" + fields.text(style)
    }

    func notices(_ schedule: ScheduleDetail) -> [String] {
        var notices: [String] = []
        if let missed = schedule.missed {
            let runs = HumanText.count(missed.count, "run")
            let many = missed.count >= Schedule.MissedRuns.countLimit ? "at least " : ""
            notices.append(
                "\(many)\(runs) missed since \(HumanText.time(missed.firstDueAt)), made up for at \(HumanText.time(missed.noticedAt))"
            )
        }
        if let skipped = schedule.skipped {
            notices.append("passed over at \(HumanText.time(skipped.dueAt)): \(skipped.reason)")
        }
        return notices
    }

    private func what(_ schedule: ScheduleDetail) -> String {
        let names = schedule.kinds.map { "every \($0.rawValue)" } + schedule.services.map(\.description)
        return names.isEmpty ? "everything" : names.joined(separator: ", ")
    }

    private func result(_ schedule: ScheduleDetail) -> TextTable.Cell {
        guard let last = schedule.last else { return "" }
        return .init(last.state?.rawValue ?? "gone", last.state == .failed ? .red : nil)
    }
}
