import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of status: ClusterStatus) -> String {
        let down = status.nodes.count { $0.state != .up }
        var fields = TextFields()
        fields.add("version", status.softwareVersion)
        fields.add(
            "leader", "epoch \(status.epoch), for \(HumanText.duration(status.leaderSince.duration(to: status.now)))")
        fields.add(
            "nodes", "\(status.nodes.count - down) of \(status.nodes.count) up", down > 0 ? .alarm : nil)
        fields.add("projects", HumanText.count(status.projects))
        fields.add("jobs", "\(HumanText.count(status.openJobs)) open")
        fields.add("time", HumanText.time(status.now))
        let attention = status.needingAttention.map { job in
            text(
                of: job.attention
                    ?? Attention(
                        step: job.step, reason: HoldfastError(.needsAttention, "See the job"),
                        whatToDo: "holdfast job show \(job.id)"),
                on: "\(job.kind.rawValue) \(job.id) on \(job.environment)")
        }
        return sections(
            attention + [
                status.retention.flatMap(alarm), erasures(status.erasures ?? []),
                heading("Cluster") + "\n" + fields.text(style), text(of: status.nodes),
            ])
    }

    private func erasures(_ erasures: [ErasureStatus]) -> String? {
        guard !erasures.isEmpty else { return nil }
        return erasures.map { erasure in
            let name = erasure.name?.text ?? erasure.project.text
            let rest =
                erasure.left.isEmpty
                ? "the catalog's log is to be emptied yet"
                : "still to be deleted on \(erasure.left.map(\.text).joined(separator: ", "))"
            return style.paint("Erased: ", .yellow) + "project \(name), \(HumanText.time(erasure.at)); \(rest)"
        }.joined(separator: "\n")
    }

    func text(of nodes: [NodeStatus]) -> String {
        guard !nodes.isEmpty else { return "No node has joined yet. `holdfast node token` makes a token for one." }
        var table = TextTable(
            .left("NODE"), .left("REGION"), .left("STATE"), .right("FREE"), .right("CAPACITY"), .right("STORED"),
            .right("OBJECTS"), .left("SCRUB"), .flexible("ADDRESS"), .left("LAST SEEN (UTC)"))
        for node in nodes {
            table.add(
                .init(node.name.text), .init(node.region.text), state(of: node), size(node.freeBytes),
                size(node.capacityBytes), size(node.storedBytes),
                .init(node.objects.map { HumanText.count($0) } ?? "-"), scrub(of: node),
                .init(node.address ?? "-"), .init(node.lastSeen?.plain ?? "never"))
        }
        return table.text(style)
    }

    private func state(of node: NodeStatus) -> TextTable.Cell {
        if let until = node.maintenanceUntil { return .init("maintenance until \(until.plain)", .yellow) }
        switch (node.state, node.takesWrites) {
        case (.up, _) where node.leavingSince != nil: return .init(draining(node), .yellow)
        case (.up, false): return .init("up, full", .yellow)
        case (.up, _): return .init("up", .green)
        case (.suspect, _): return .init("suspect", .yellow)
        case (.down, _): return .init("down", .red)
        }
    }

    /// With how much has been moved, and how long the rest takes if it goes on as it has.
    private func draining(_ node: NodeStatus) -> String {
        guard let since = node.leavingSince, let whole = node.leavingBytes, whole > 0, let left = node.storedBytes,
            let now = node.lastSeen
        else { return "draining" }
        let moved = max(0, 1 - Double(left) / Double(whole))
        guard moved > 0.005 else { return "draining, 0 %" }
        let elapsed = since.duration(to: now) / .seconds(1)
        let rest = Duration.seconds(elapsed * (1 - moved) / moved)
        return "draining, \(Int(moved * 100)) %" + (moved < 1 ? ", \(HumanText.duration(rest)) left" : "")
    }

    /// How far the present pass is, and what the last one or this one found.
    private func scrub(of node: NodeStatus) -> TextTable.Cell {
        guard let scrub = node.scrub else { return "-" }
        let damaged = max(scrub.damaged, scrub.lastDamaged ?? 0)
        let share = "\(Int(scrub.share * 100)) %"
        return damaged > 0 ? .init("\(share), \(damaged) damaged", .yellow) : .init(share)
    }

    private func size(_ bytes: Int64?) -> TextTable.Cell { .init(bytes.map(HumanText.size) ?? "-") }
}
