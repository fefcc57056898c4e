import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of collected: [Collected]) -> String {
        guard !collected.isEmpty else { return "There is no project." }
        return collected.map(text(of:)).joined(separator: "\n")
    }

    private func text(of collected: Collected) -> String {
        if let failure = collected.failure {
            return "\(collected.project): " + style.paint("failed: \(failure.message.printable(limit: 2000))", .alarm)
        }
        guard let report = collected.report else {
            return
                "\(collected.project): job \(collected.job) is at work; follow it with: holdfast job watch \(collected.job)"
        }
        let shares = report.nodes.filter { $0.objects > 0 }.map { share in
            let name = collected.nodeNames[share.node]?.text ?? share.node.text
            return "  \(name)  \(HumanText.size(share.bytes)) in \(HumanText.count(share.objects, "object"))"
        }
        let rewriting = (report.rewriting.map { $0.shards > 0 ? [$0] : [] } ?? []).map { rewriting in
            "  rewrote \(HumanText.count(rewriting.shards, "shard")): of each copy "
                + "\(HumanText.size(rewriting.deadBytes)) were stored in vain"
                + (rewriting.isPartial ? "; there is more, for the next collection" : "")
        }
        let unknown =
            report.unknown.isEmpty
            ? []
            : [
                "  "
                    + style.paint(
                        "\(HumanText.count(report.unknown.count, "backup")) on the nodes that the catalog does not know, kept: "
                            + report.unknown.prefix(20).map(\.text).joined(separator: ", "), .yellow)
            ]
        let problems = report.problems.map { "  " + style.paint($0.printable(limit: 2000), .yellow) }
        let head =
            "\(collected.project): \(HumanText.size(report.bytes)) given back, "
            + "\(HumanText.count(report.backups, "backup")) removed"
        return ([head] + shares + rewriting + unknown + problems).joined(separator: "\n")
    }
}
