import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of targets: [NoticeTargetDetail]) -> String {
        guard !targets.isEmpty else {
            return "Nobody is told anything. Have somebody told: holdfast notice add PROJECT --mail ADDRESS"
        }
        var table = TextTable(
            .left("RECEIVER"), .left("OF"), .left("TOLD"), .flexible("KINDS"), .right("WAITING"),
            .left("LAST TOLD (UTC)"), .flexible("FAILURE"))
        for target in targets {
            table.add(
                .init("\(target.id)"), .init(target.project?.text ?? "all"), .init(place(of: target)),
                .init(kinds(of: target)), .init(HumanText.count(target.waiting)),
                .init(target.lastSentAt?.plain ?? "never"), .init(target.failure ?? "", .red))
        }
        return table.text(style)
    }

    func text(of new: NewNoticeTarget) -> String {
        let told = """
            \(place(of: new.detail)) is told of \(new.detail.project.map { "project \($0)" } ?? "everything"): \
            \(kinds(of: new.detail)).
            Try it with: holdfast notice test \(new.detail.id)
            """
        guard let key = new.key else { return told }
        return """
            \(key.revealed)
            Deliveries are signed with this key, as Standard Webhooks says. It is shown only now.
            \(told)
            """
    }

    func text(of result: NoticeTestResult) -> String {
        let reason = (result.failure ?? "no reason is known").printable(limit: 1000)
        return switch result.state {
        case .sent: "The test was taken."
        case .failed: "\(style.paint("The test could not be delivered:", .red)) \(reason)"
        case .waiting where result.failure == nil:
            "The test is on its way; `holdfast notice list` shows what becomes of it."
        case .waiting: "\(style.paint("The test is not delivered yet:", .yellow)) \(reason) It is tried again."
        }
    }

    private func place(of target: NoticeTargetDetail) -> String {
        target.mail?.text ?? target.webhook?.printable(limit: 300) ?? "-"
    }

    private func kinds(of target: NoticeTargetDetail) -> String {
        target.kinds == NoticeKind.choices ? "all" : target.kinds.map(\.rawValue).joined(separator: ", ")
    }
}
