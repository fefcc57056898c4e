import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastWire
import Testing

/// Mail waits in the catalog, and goes out from there.
struct OutboxTests {
    @Test func itIsSentOnceAndTold() async throws {
        let cluster = try await Cluster()
        let transport = FakeMail()
        let result = try await cluster.lead(mail: transport) { coordinator in
            try await cluster.perform(coordinator, .mailTest(MailAddress("anna@example.org")))
        }
        guard case .mail(let mail) = result else { Issue.record("\(result)"); return }
        #expect(mail.state == .sent && mail.attempts == 1)
        #expect(transport.messages.map(\.id) == [mail.id])
        #expect(transport.messages.first?.text.contains("arrives here") == true)
    }

    @Test func itIsTriedAgainUntilTheServerTakesIt() async throws {
        let cluster = try await Cluster()
        let transport = FakeMail([.postponed("away"), .postponed("away"), .sent])
        try await cluster.lead(mail: transport) { coordinator in
            _ = try await cluster.perform(coordinator, .mailTest(MailAddress("anna@example.org")))
            try await cluster.until("sent") { try await cluster.mails(coordinator).first?.state == .sent }
            #expect(try await cluster.mails(coordinator).first?.attempts == 3)
        }
        #expect(Set(transport.messages.map(\.id)).count == 1)
    }

    /// Killed while the server was asked: its successor sends it after the pause, under the same name.
    @Test func whatASuccessorFindsItSends() async throws {
        let cluster = try await Cluster()
        let hanging = FakeMail([], hangs: true)
        try await cluster.lead(mail: hanging) { coordinator in
            _ = try await cluster.perform(coordinator, .mailTest(MailAddress("anna@example.org")))
            // Another takes office, so that what the first has to say of its attempt comes too late.
            _ = try await cluster.catalog.takeOffice(above: Epoch(0))
        }
        let transport = FakeMail()
        try await cluster.lead(mail: transport) { coordinator in
            try await cluster.until("sent") { try await cluster.mails(coordinator).first?.state == .sent }
            #expect(try await cluster.mails(coordinator).first?.attempts == 2)
        }
        #expect(transport.messages.map(\.id) == hanging.messages.map(\.id))
    }

    @Test func aRefusedOneWaitsForAPersonsWord() async throws {
        let cluster = try await Cluster()
        let transport = FakeMail([.refused("no such person"), .sent])
        try await cluster.lead(mail: transport) { coordinator in
            let refused = try await cluster.perform(coordinator, .mailTest(MailAddress("anna@example.org")))
            guard case .mail(let mail) = refused else { Issue.record("\(refused)"); return }
            #expect(mail.state == .failed && mail.failure == "no such person")
            guard case .mail(let again) = try await cluster.perform(coordinator, .mailRetry(mail.id)) else { return }
            #expect(again.state == .sent)
            await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, .mailRetry(mail.id)) }
        }
    }

    /// One mail with a link to each file; none of the links is in the catalog.
    @Test func whoAskedForADownloadIsTold() async throws {
        let cluster = try await Cluster()
        let transport = FakeMail()
        let (ready, failed) = try await cluster.lead(mail: transport) { coordinator in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let prepare = DownloadPrepare(backup: backup.id, mail: try MailAddress("anna@example.org"))
            let ready = try await cluster.perform(coordinator, .downloadPrepare(prepare))
            await cluster.nodes.plan(
                .refuse(HoldfastError(.corrupt, "A <shard> is damaged")), for: PrepareDownload.name)
            _ = try? await cluster.perform(coordinator, .downloadPrepare(prepare))
            try await cluster.until("told") { transport.messages.count == 2 }
            return (ready, transport.messages[1])
        }
        guard case .download(let download) = ready else { Issue.record("\(ready)"); return }
        let mail = transport.messages[0]
        #expect(mail.to.text == "anna@example.org" && mail.subject.contains("ready"))
        #expect(download.files.count == 2)
        for file in download.files {
            let link = try #require(file.link?.revealed)
            #expect(mail.text.contains(link) && mail.text.contains(file.sha256) && mail.text.contains(file.name))
            #expect(mail.html.contains("<a href=\"\(link.htmlEscaped)\">"))
            for record in try await cluster.catalog.records(RecordQuery(.mail, limit: 10)) {
                #expect(!String(decoding: record.body, as: UTF8.self).contains("http"))
            }
        }
        #expect(failed.subject.contains("could not") && failed.text.contains("A <shard> is damaged"))
        #expect(failed.html.contains("A &lt;shard&gt; is damaged"))
    }

    /// Its links are not served any more; the next mail goes out nevertheless.
    @Test func oneThatCanNotBeWrittenHoldsUpNoOther() async throws {
        let cluster = try await Cluster()
        let address = try MailAddress("anna@example.org")
        let hanging = FakeMail(hangs: true)
        try await cluster.lead(mail: hanging) { coordinator in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            _ = try await cluster.perform(
                coordinator, .downloadPrepare(DownloadPrepare(backup: backup.id, mail: address)))
            try await cluster.until("begun") { hanging.messages.count == 1 }
            _ = try await cluster.catalog.takeOffice(above: Epoch(0))
        }
        let transport = FakeMail()
        try await cluster.lead(mail: transport, publicURL: nil) { coordinator in
            _ = try await cluster.perform(coordinator, .mailTest(address))
            try await cluster.until("the other is sent") { transport.messages.count == 1 }
            try await cluster.until("tried") {
                try await cluster.mails(coordinator).contains { $0.failure?.contains("serves no links") == true }
            }
        }
    }

    @Test func withoutAServerThatIsSaid() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { coordinator in
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .mailTest(MailAddress("anna@example.org")))
            }
            #expect(error?.code == .checkFailed)
            #expect(error?.message.contains("coordinator.yaml") == true)
        }
    }
}

extension Cluster {
    fileprivate func mails(_ coordinator: Coordinator) async throws -> [OutgoingMail] {
        guard case .mails(let mails) = try await perform(coordinator, .mailList) else { return [] }
        return mails
    }
}
