import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of rebuilt: Rebuilt) -> String {
        var lines = ["\(HumanText.count(rebuilt.nodesHere, "node")) here, \(took(rebuilt.nodes)) in again"]
        lines.append("\(took(rebuilt.projects)) up as \(rebuilt.projects.count == 1 ? "a project" : "projects")")
        for found in rebuilt.found {
            let added = HumanText.count(found.added, "backup")
            var text = "\(found.project): \(added) taken up, \(found.known) known before"
            if found.degraded > 0 { text += "; \(found.degraded) with too few copies, which repair makes" }
            if found.incomplete > 0 {
                text += "; " + style.paint("\(found.incomplete) incomplete", .alarm)
                if found.missingObjects > 0 {
                    text += ", \(HumanText.count(found.missingObjects, "object")) on no node that is here"
                }
            }
            lines.append(text)
        }
        lines += rebuilt.problems.map { style.paint($0.printable(limit: 2000), .yellow) }
        return lines.joined(separator: "\n")
    }

    private func took(_ names: [Name]) -> String {
        names.isEmpty ? "none taken" : "took \(names.map(\.text).joined(separator: ", "))"
    }
}
