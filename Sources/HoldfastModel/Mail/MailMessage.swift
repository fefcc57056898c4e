/// A mail as it is read: the same said twice, as text and as HTML.
package struct MailMessage: Hashable, Sendable {
    /// Names it in the mail's Message-ID, the same for each attempt.
    package var id: MailID
    package var to: MailAddress
    package var date: Timestamp
    /// One line, of any characters.
    package var subject: String
    package var text: String
    package var html: String

    package init(id: MailID, to: MailAddress, date: Timestamp, subject: String, text: String, html: String) {
        self.id = id
        self.to = to
        self.date = date
        self.subject = subject
        self.text = text
        self.html = html
    }
}

/// Hands mail to a server, and the seam between Holdfast and the world's mail.
package protocol MailTransport: Sendable {
    /// Ends within a few minutes, whatever the server does.
    func send(_ message: MailMessage) async -> DeliveryOutcome
}
