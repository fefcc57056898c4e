import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

/// Writes what mails say, from what the catalog knows at the time they are sent.
struct MailWriter: Sendable {
    let office: Office
    let links: DownloadLinks
    let invitations: InvitationLinks

    /// Nil where what the mail is about is gone.
    func message(for mail: OutgoingMail) async throws -> MailMessage? {
        switch mail.occasion {
        case .test(let author): return test(mail, author)
        case .downloadReady(let id):
            guard let download = try await office.catalog.get(Download.self, id)?.value,
                download.state(at: office.clock.now) == .ready
            else { return nil }
            return try ready(mail, download)
        case .downloadFailed(let id):
            guard let download = try await office.catalog.get(Download.self, id)?.value else { return nil }
            return failed(mail, download)
        case .invitation(let id):
            guard let invitation = try await office.catalog.get(Invitation.self, Invitation.key(id))?.value,
                invitation.expiresAt > office.clock.now
            else { return nil }
            return try invited(mail, invitation)
        case .notice(let notice, _): return told(mail, notice)
        }
    }

    private func test(_ mail: OutgoingMail, _ author: String) -> MailMessage {
        var body = MailBody()
        body.paragraph("\(author.printable(limit: 60)) asked whether mail of Holdfast arrives here. It does.")
        return message(mail, subject: "A test of Holdfast’s mail", body)
    }

    private func ready(_ mail: OutgoingMail, _ download: Download) throws -> MailMessage {
        var body = MailBody()
        let end = download.expiresAt.map { " Its links work until \(HumanText.time($0))." } ?? ""
        body.paragraph(
            "What you asked for of backup \(download.backup) of \(download.environment) is ready to be fetched.\(end)")
        for (index, file) in download.files.enumerated() {
            let link = try links.link(to: index + 1, of: download).revealed
            body.file(
                file.name.printable(limit: 300), link: link,
                facts: [
                    ("what", "\(file.content)"),
                    ("size", "\(HumanText.size(file.bytes)) (\(HumanText.count(file.bytes)) bytes)"),
                    ("SHA-256", file.sha256),
                ])
        }
        body.paragraph(
            "Whoever has a link can fetch what it leads to, so pass it on only to those who may. A download that was broken "
                + "off is resumed by `curl -C - -o NAME 'LINK'`, or by most browsers.")
        return message(mail, subject: "Your download of \(download.environment) is ready", body)
    }

    private func failed(_ mail: OutgoingMail, _ download: Download) -> MailMessage {
        var body = MailBody()
        body.paragraph(
            "What you asked for of backup \(download.backup) of \(download.environment) could not be prepared: "
                + (download.failure?.message ?? "no reason is known").printable(limit: 1000))
        body.paragraph("Whoever looks after the backups sees more of it by: holdfast job show \(download.job)")
        return message(mail, subject: "Your download of \(download.environment) could not be prepared", body)
    }

    private func invited(_ mail: OutgoingMail, _ invitation: Invitation) throws -> MailMessage {
        var body = MailBody()
        body.paragraph(
            "\(invitation.author.printable(limit: 60)) has made an account for you with Holdfast, which looks after backups. "
                + "Your name there is \(invitation.name). Set your password by this link, until "
                + "\(HumanText.time(invitation.expiresAt)):")
        body.link("Set your password", try invitations.link(to: invitation).revealed)
        body.paragraph("The link works once. If you did not expect this, nothing happens when you do nothing.")
        return message(mail, subject: "Your account with Holdfast", body)
    }

    private func told(_ mail: OutgoingMail, _ notice: Notice) -> MailMessage {
        var body = MailBody()
        body.paragraph(notice.text)
        if let job = notice.job { body.paragraph("More of it: holdfast job show \(job)") }
        body.paragraph("This was on \(HumanText.time(notice.at)).")
        return message(mail, subject: notice.title, body)
    }

    private func message(_ mail: OutgoingMail, subject: String, _ body: MailBody) -> MailMessage {
        MailMessage(
            id: mail.id, to: mail.to, date: mail.createdAt, subject: subject, text: body.text,
            html: body.page(title: subject))
    }
}
