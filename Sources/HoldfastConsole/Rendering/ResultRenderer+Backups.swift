import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of backups: [Backup]) -> String {
        guard !backups.isEmpty else { return "No backups. Make one: holdfast backup create PROJECT/ENVIRONMENT" }
        var table = TextTable(
            .left("BACKUP"), .left("WHEN (UTC)"), .left("ENVIRONMENT"), .flexible("WHAT"), .right("SIZE"),
            .left("TRIGGER"), .left("STATE"), .flexible("NOTE"))
        for backup in backups {
            table.add(
                .init("\(backup.id)"), .init(backup.createdAt.plain), .init("\(backup.environment)"),
                .init(names(backup.services)), .init(backup.parts.isEmpty ? "-" : size(backup)),
                .init(trigger(of: backup)), .init(state(of: backup), colour(of: backup.state)),
                .init(backup.note ?? backup.failure?.message ?? ""))
        }
        return table.text(style)
    }

    /// With its label: `scheduled, daily`.
    private func trigger(of backup: Backup) -> String {
        let label = labels(backup.labels ?? [])
        return backup.trigger.rawValue + (label.isEmpty ? "" : ", \(label)")
    }

    /// With what a person said of how long it is kept; `retention preview` says all of it.
    private func state(of backup: Backup) -> String {
        if backup.state == .deleted {
            if backup.removedAt != nil { return "removed" }
            let end = (backup.removableAt ?? backup.deletedAt).map { ", back until \($0.plain)" }
            return backup.state.rawValue + (end ?? "")
        }
        let name = backup.state == .complete && backup.receipt?.isDegraded ?? false ? "degraded" : backup.state.rawValue
        if backup.pinnedAt != nil { return "\(name), pinned" }
        return name + (backup.expiresAt.map { ", until \($0.plain)" } ?? "")
    }

    func text(of detail: BackupDetail) -> String {
        let backup = detail.backup
        let state = style.paint(backup.state.rawValue, colour(of: backup.state))
        return sections([
            heading("Backup \(backup.id) of \(backup.environment): ") + state + "\n" + summary(of: detail),
            backup.parts.isEmpty ? nil : parts(of: backup),
            backup.receipt.map { copies($0, detail.nodeNames) },
            warnings(of: backup),
            detail.restores.isEmpty ? nil : heading("Restores made of it") + "\n" + text(of: detail.restores),
        ])
    }

    private func summary(of detail: BackupDetail) -> String {
        let backup = detail.backup
        let took = backup.endedAt.map { ", took \(HumanText.duration(backup.createdAt.duration(to: $0)))" }
        var fields = TextFields()
        fields.add("when", HumanText.time(backup.createdAt) + (took ?? ""))
        fields.add("trigger", "\(backup.trigger.rawValue), by \(backup.author)")
        fields.add("note", backup.note)
        if !backup.parts.isEmpty {
            let totals = backup.totals
            fields.add(
                "size",
                "\(size(backup)), of which new \(HumanText.size(totals.newBytes)), "
                    + "stored as \(HumanText.size(totals.storedBytes))")
        }
        fields.add("job", "\(backup.job)")
        let reason = backup.deletionReason.map { ", \($0)" } ?? ""
        fields.add("deleted", backup.deletedAt.map { HumanText.time($0) + reason })
        fields.add("labels", backup.labels.map(labels))
        if let verdict = detail.retention {
            fields.add(verdict.goes ? "goes" : "kept", why(verdict))
            fields.add(backup.state == .deleted ? "back until" : "goes", verdict.goes ? nil : goes(verdict).text)
        }
        fields.add("failed", backup.failure.map(\.message), .alarm)
        return fields.text(style)
    }

    private func parts(of backup: Backup) -> String {
        var table = TextTable(
            .left("PART"), .flexible("CONTENT"), .right("SIZE"), .right("NEW"), .right("STORED"), .right("READ"),
            .right("TOOK"))
        for part in backup.parts {
            table.add(
                .init("\(part.service)"), .init(content(of: part)), .init(HumanText.size(part.sizes.logicalBytes)),
                .init(HumanText.size(part.sizes.newBytes)), .init(HumanText.size(part.sizes.storedBytes)),
                .init(HumanText.size(part.sizes.readBytes)),
                .init(HumanText.duration(part.startedAt.duration(to: part.endedAt))))
        }
        return table.text(style)
    }

    private func content(of part: BackupPart) -> String {
        switch part.counts {
        case .database(let counts):
            let objects = counts.largeObjects > 0 ? ", \(HumanText.count(counts.largeObjects, "large object"))" : ""
            return "\(HumanText.count(counts.tables, "table")), \(HumanText.count(counts.rows, "row"))\(objects)"
                + " (PostgreSQL \(counts.serverVersion))"
        case .media(let counts):
            let links = counts.symbolicLinks.addingClamped(counts.hardLinks)
            return HumanText.count(counts.files, "file")
                + ", " + HumanText.count(counts.directories, "directory", "directories")
                + (links > 0 ? ", " + HumanText.count(links, "link") : "")
                + (counts.others > 0 ? ", " + HumanText.count(counts.others, "special file") : "")
        }
    }

    private func copies(_ receipt: Receipt, _ names: [NodeID: Name]) -> String {
        var table = TextTable(.left("NODE"), .left("REGION"), .right("OBJECTS"), .right("STORED"))
        for holding in receipt.holdings.sorted(by: { ($0.region, $0.node) < ($1.region, $1.node) }) {
            table.add(
                .init(names[holding.node]?.text ?? "\(holding.node)"), .init(holding.region.text),
                .init(HumanText.count(holding.objects)), .init(HumanText.size(holding.bytes)))
        }
        let title = "Copies at completion: \(HumanText.count(receipt.objects, "object"))"
        let degraded = receipt.degradedObjects.map {
            "\n"
                + style.paint(
                    "DEGRADED: \(HumanText.count($0, "object")) had too few copies; repair makes the others", .yellow)
        }
        let lock = receipt.lockedUntil.map { ", locked until \(HumanText.time($0))" } ?? ""
        return
            "\(heading(title)), held until \(HumanText.time(receipt.heldUntil))\(lock)\(degraded ?? "")\n\(table.text(style))"
    }

    private func warnings(of backup: Backup) -> String? {
        let blocks = backup.parts.compactMap { text(of: $0.warnings, on: "\($0.service)") }
        return blocks.isEmpty ? nil : blocks.joined(separator: "\n")
    }

    /// Nil where there are none.
    func text(of warnings: Warnings, on what: String? = nil) -> String? {
        guard warnings.count > 0 else { return nil }
        let title = HumanText.count(warnings.count, "warning") + (what.map { " on \($0)" } ?? "")
        let more = max(0, warnings.count) - warnings.first.count
        return
            ([style.paint(title, .yellow)] + warnings.first.map { "  \($0.printable(limit: 3000))" }
            + (more > 0 ? ["  … and \(HumanText.count(more)) more"] : [])).joined(separator: "\n")
    }

    func text(of report: VerifyReport, on backup: BackupID) -> String {
        let read =
            "\(HumanText.count(report.objects, "object")), \(HumanText.count(report.chunks, "chunk")), "
            + HumanText.size(report.bytes)
        guard !report.problems.isEmpty else {
            return style.paint("Backup \(backup) is whole", .green) + ": \(read) read and checked."
        }
        let title = "Backup \(backup) is DAMAGED: \(HumanText.count(report.problems.count, "problem"))"
        let listed = report.problems.prefix(50).map { "  \($0.printable(limit: 500))" }
        let more = report.problems.count - listed.count
        return ([style.paint(title, .alarm) + " (\(read) read)"] + listed + (more > 0 ? ["  … and \(more) more"] : []))
            .joined(separator: "\n")
    }

    func names(_ services: [ServiceReference]) -> String { services.map(\.description).joined(separator: ", ") }

    private func size(_ backup: Backup) -> String { HumanText.size(backup.totals.logicalBytes) }

    private func colour(of state: Backup.State) -> TextStyle.Colour? {
        switch state {
        case .complete: .green
        case .failed: .red
        case .running: .yellow
        case .cancelled, .deleted: .dim
        }
    }
}
