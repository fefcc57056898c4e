import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of repaired: [Repaired]) -> String {
        guard !repaired.isEmpty else { return "There is no project." }
        return repaired.map(text(of:)).joined(separator: "\n")
    }

    private func text(of repaired: Repaired) -> String {
        if let failure = repaired.failure {
            return "\(repaired.project): " + style.paint("failed: \(failure.message.printable(limit: 2000))", .alarm)
        }
        guard let report = repaired.report else {
            return
                "\(repaired.project): job \(repaired.job) is at work; follow it with: holdfast job watch \(repaired.job)"
        }
        var lines = ["\(repaired.project): \(verdict(on: report))"]
        if report.copied > 0 {
            lines.append(
                "  copied \(HumanText.size(report.copiedBytes)) in \(HumanText.count(report.copied, "object"))")
        }
        if report.dropped > 0 {
            lines.append(
                "  deleted \(HumanText.count(report.dropped, "superfluous copy", "superfluous copies")), "
                    + HumanText.size(report.droppedBytes))
        }
        if report.completed > 0 {
            lines.append("  \(HumanText.count(report.completed, "degraded backup")) now with all copies")
        }
        for left in report.left {
            let name = repaired.nodeNames[left.node]?.text ?? left.node.text
            lines.append("  \(HumanText.count(left.objects, "object")) still on \(name)")
        }
        if !report.lostBackups.isEmpty {
            lines.append(
                "  "
                    + style.paint(
                        "backups that need what is not here: " + report.lostBackups.map(\.text).joined(separator: ", "),
                        .alarm))
        }
        lines += report.problems.map { "  " + style.paint($0.printable(limit: 2000), .yellow) }
        return lines.joined(separator: "\n")
    }

    func verdict(on report: RepairReport) -> String {
        let all = HumanText.count(report.objects, "object")
        if report.lost > 0 {
            return style.paint("of \(report.lost) of \(all) no node that is here has a copy", .alarm)
        }
        if report.short > 0 { return style.paint("\(report.short) of \(all) have too few copies", .yellow) }
        return style.paint("all \(all) have their copies", .green)
    }

    func text(of policies: [PolicyDetail]) -> String {
        guard !policies.isEmpty else {
            return "There is no policy. Make one: holdfast policy set default --copies 2"
        }
        var table = TextTable(
            .left("POLICY"), .right("COPIES"), .right("REGIONS"), .left("DEGRADED WITH"), .left("HOME"),
            .flexible("ALLOWED REGIONS"), .flexible("PROJECTS"))
        for detail in policies {
            let policy = detail.policy
            table.add(
                .init(policy.name.text), .init("\(policy.copies)"), .init("\(policy.regions)"),
                .init(policy.degradedCopies.map { HumanText.count($0, "copy", "copies") } ?? "-"),
                .init(policy.home?.text ?? "-"),
                .init(policy.allowedRegions?.map(\.text).joined(separator: ", ") ?? "all"),
                .init(detail.projects.isEmpty ? "-" : detail.projects.map(\.text).joined(separator: ", ")))
        }
        let faults = policies.compactMap(\.fault).map { style.paint($0.printable(limit: 2000), .yellow) }
        return ([table.text(style)] + faults).joined(separator: "\n")
    }
}
