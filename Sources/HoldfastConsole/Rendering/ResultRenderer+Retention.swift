import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of detail: RetentionDetail) -> String {
        sections([
            alarm(detail.status),
            heading("Retention of \(detail.scope)") + "\n" + fields(of: detail.policy, own: detail.own).text(style),
        ])
    }

    private func fields(of policy: RetentionPolicy, own: RetentionRules) -> TextFields {
        var fields = TextFields()
        func add(_ label: String, _ text: String, _ values: Int?...) {
            fields.add(label, text + (values.contains { $0 != nil } ? " (set here)" : ""))
        }
        add("hourly", "\(policy.hourly)", own.hourly)
        add("daily", "\(policy.daily)", own.daily)
        add("weekly", "\(policy.weekly)", own.weekly)
        add("monthly", "\(policy.monthly)", own.monthly)
        add(
            "on-demand", aged(policy.onDemandDays, policy.onDemandCount), own.onDemandDays, own.onDemandCount)
        add("safety", aged(policy.safetyDays, policy.safetyCount), own.safetyDays, own.safetyCount)
        add("failed", "their records for \(HumanText.count(policy.failedDays, "day"))", own.failedDays)
        add("deleted", "can be taken back for \(HumanText.count(policy.windowDays, "day"))", own.windowDays)
        return fields
    }

    private func aged(_ days: Int, _ count: Int) -> String {
        "all for \(HumanText.count(days, "day")), of older ones the \(HumanText.count(count)) newest"
    }

    func text(of preview: RetentionPreviewResult) -> String {
        var table = TextTable(
            .left("BACKUP"), .left("WHEN (UTC)"), .left("TRIGGER"), .left("LABEL"), .left("GOES (UTC)"),
            .flexible("WHY"))
        for entry in preview.backups {
            table.add(
                .init("\(entry.backup)"), .init(entry.createdAt.plain), .init(entry.trigger.rawValue),
                .init(labels(entry.labels)), goes(entry.verdict), .init(why(entry.verdict)))
        }
        let title =
            "Retention of \(preview.environment)" + (preview.isSaved ? "" : ", as it would be; nothing is saved")
        let policy = preview.policy
        let rules =
            "\(policy.hourly) hourly, \(policy.daily) daily, \(policy.weekly) weekly, \(policy.monthly) monthly; on-demand "
            + aged(policy.onDemandDays, policy.onDemandCount)
        return sections([
            alarm(preview.status), heading(title) + "\n  " + rules,
            preview.backups.isEmpty ? "No backups." : table.text(style),
        ])
    }

    /// `daily`, or with its services where they differ.
    func labels(_ labels: [PartLabel]) -> String {
        let texts = labels.map { $0.label?.rawValue ?? "-" }
        guard let first = texts.first else { return "" }
        if texts.allSatisfy({ $0 == first }) { return first }
        return zip(labels, texts).map { "\($0.service) \($1)" }.joined(separator: ", ")
    }

    func goes(_ verdict: RetentionVerdict) -> TextTable.Cell {
        if verdict.goes { return .init("now", .red) }
        if let time = verdict.goesAt { return .init(time.plain) }
        return .init(verdict.staysUntil.map { "after \($0.plain)" } ?? "stays")
    }

    func why(_ verdict: RetentionVerdict) -> String {
        verdict.reasons.map(\.description).joined(separator: "; ")
    }

    /// Nil while nothing keeps retention from going on.
    func alarm(_ status: RetentionStatus) -> String? {
        guard let pause = status.pause else { return nil }
        let jump = HumanText.duration(.seconds(abs(pause.jumpSeconds)))
        let way = pause.jumpSeconds < 0 ? "was set back" : "jumped forward"
        let end = status.resumesAt.map { "at \(HumanText.time($0))" } ?? "after a day"
        return style.paint("!! RETENTION IS PAUSED: the clock \(way) by \(jump)", .alarm)
            + "\n   noticed at \(HumanText.time(pause.noticedAt)); no backup goes until it has been steady for a day, "
            + "\(end), or is set right"
    }
}
