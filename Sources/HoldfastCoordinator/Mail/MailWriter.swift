import HoldfastModel

/// Writes what mails say, from what the catalog knows at the time they are sent.
struct MailWriter: Sendable {
    let office: Office

    /// Nil where what the mail is about is gone.
    func message(for mail: OutgoingMail) async throws -> MailMessage? {
        switch mail.occasion {
        case .test(let author): test(mail, author)
        }
    }

    private func test(_ mail: OutgoingMail, _ author: String) -> MailMessage {
        let sentence = "\(author.printable(limit: 60)) asked whether mail of Holdfast arrives here. It does."
        return message(
            mail, subject: "A test of Holdfast’s mail", text: sentence, html: "<p>\(sentence.htmlEscaped)</p>")
    }

    func message(_ mail: OutgoingMail, subject: String, text: String, html: String) -> MailMessage {
        MailMessage(
            id: mail.id, to: mail.to, date: mail.createdAt, subject: subject, text: text + "\n",
            html: """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><title>\(subject.htmlEscaped)</title></head>
                <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40em; margin: 2em auto; padding: 0 1em">
                \(html)
                </body>
                </html>

                """)
    }
}
