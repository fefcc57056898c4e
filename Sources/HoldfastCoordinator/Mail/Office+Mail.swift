import HoldfastModel

extension Office {
    /// - Throws: `checkFailed` where no mail server is set, so that nobody waits for a mail that can't come.
    func requireMail() throws(HoldfastError) {
        guard sendsMail else {
            throw HoldfastError(
                .checkFailed,
                "No mail server is set: name one under “mail” in coordinator.yaml and start the coordinator anew",
                context: ["setting": "mail"])
        }
    }

    /// A mail for the transaction that makes true what it says. Once that is done, `mailroom.hasNews()`.
    func mail(to address: MailAddress, about occasion: OutgoingMail.Occasion) throws -> Changes {
        var changes = Changes()
        try changes.insert(
            OutgoingMail(id: identifier(), to: address, occasion: occasion, createdAt: clock.now))
        return changes
    }
}
