import HoldfastCommands
import HoldfastModel

extension ResultRenderer {
    func text(of mails: [OutgoingMail]) -> String {
        guard !mails.isEmpty else { return "No mail was sent within the last weeks, and none waits." }
        var table = TextTable(
            .left("MAIL"), .left("TO"), .left("ABOUT"), .left("STATE"), .left("SINCE (UTC)"), .right("ATTEMPTS"),
            .left("NEXT (UTC)"), .flexible("FAILURE"))
        for mail in mails {
            table.add(
                .init("\(mail.id)"), .init("\(mail.to)"), .init(mail.occasion.title),
                .init(mail.state.rawValue, colour(of: mail.state)), .init((mail.endedAt ?? mail.createdAt).plain),
                .init(HumanText.count(mail.attempts)),
                .init(mail.state == .waiting ? mail.nextAttemptAt.plain : "-"), .init(mail.failure ?? ""))
        }
        return table.text(style)
    }

    func text(of mail: OutgoingMail) -> String {
        switch mail.state {
        case .sent: "The mail server has taken mail \(mail.id) to \(mail.to)."
        case .failed:
            """
            \(style.paint("Mail \(mail.id) to \(mail.to) could not be sent:", .red)) \(reason(mail))
            Try it again with: holdfast mail retry \(mail.id)
            """
        case .waiting where mail.failure == nil:
            "Mail \(mail.id) to \(mail.to) is on its way; `holdfast mail list` shows what becomes of it."
        case .waiting:
            """
            \(style.paint("Mail \(mail.id) to \(mail.to) is not sent yet:", .yellow)) \(reason(mail))
            It is tried again at \(HumanText.time(mail.nextAttemptAt)).
            """
        }
    }

    private func reason(_ mail: OutgoingMail) -> String {
        (mail.failure ?? "no reason is known").printable(limit: 1000)
    }

    private func colour(of state: OutgoingMail.State) -> TextStyle.Colour {
        switch state {
        case .waiting: .yellow
        case .sent: .green
        case .failed: .red
        }
    }
}

extension OutgoingMail.Occasion {
    fileprivate var title: String {
        switch self {
        case .test: "test"
        case .downloadReady(let download): "download \(download)"
        case .downloadFailed(let download): "download \(download) failed"
        case .invitation: "invitation"
        case .notice(let notice, _): "notice \(notice.kind.rawValue)"
        }
    }
}
