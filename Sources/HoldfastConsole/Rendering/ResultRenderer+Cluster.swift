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
                status.retention.flatMap(alarm), heading("Cluster") + "\n" + fields.text(style), text(of: status.nodes),
            ])
    }

    func text(of nodes: [NodeStatus]) -> String {
        guard !nodes.isEmpty else { return "No node has joined yet. `holdfast node token` makes a token for one." }
        var table = TextTable(
            .left("NODE"), .left("REGION"), .left("STATE"), .right("FREE"), .right("CAPACITY"), .right("STORED"),
            .right("OBJECTS"), .flexible("ADDRESS"), .left("LAST SEEN (UTC)"))
        for node in nodes {
            table.add(
                .init(node.name.text), .init(node.region.text), state(of: node), size(node.freeBytes),
                size(node.capacityBytes), size(node.storedBytes),
                .init(node.objects.map { HumanText.count($0) } ?? "-"),
                .init(node.address ?? "-"), .init(node.lastSeen?.plain ?? "never"))
        }
        return table.text(style)
    }

    private func state(of node: NodeStatus) -> TextTable.Cell {
        switch (node.state, node.takesWrites) {
        case (.up, false): .init("up, full", .yellow)
        case (.up, _): .init("up", .green)
        case (.suspect, _): .init("suspect", .yellow)
        case (.down, _): .init("down", .red)
        }
    }

    private func size(_ bytes: Int64?) -> TextTable.Cell { .init(bytes.map(HumanText.size) ?? "-") }
}
