import Foundation
import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastCoordinator

/// Who is told what happens: each once, whatever becomes of coordinators and receivers.
@Suite(.timeLimit(.minutes(5))) struct NoticeTests {
    private static let a = "https://a.example.org"
    private static let b = "https://b.example.org"

    @discardableResult
    private func add(
        _ cluster: Cluster, _ coordinator: Coordinator, _ place: String, of project: Name? = nil,
        only kinds: [NoticeKind] = []
    ) async throws -> NewNoticeTarget {
        let road: NoticeAdd.Road =
            place.contains("@") ? .mail(try MailAddress(place)) : .webhook(Secret(place + "/secret-path"))
        guard
            case .noticeTarget(let new) = try await cluster.perform(
                coordinator, .noticeAdd(NoticeAdd(project: project, road: road, kinds: kinds)))
        else { throw HoldfastError(.internal, "nobody was added") }
        return new
    }

    private func fail(_ cluster: Cluster, _ coordinator: Coordinator) async throws {
        await cluster.nodes.plan(.refuse(HoldfastError(.corrupt, "The <disk> broke")), for: CaptureServices.name)
        _ = try? await cluster.perform(coordinator, .backupCreate(BackupCreate(environment: cluster.live)))
    }

    private func body(_ request: WebhookRequest) throws -> WebhookBody {
        try JSONDecoder().decode(WebhookBody.self, from: Data(request.body))
    }

    private func kinds(_ webhooks: FakeWebhooks, _ host: String = a) throws -> [NoticeKind] {
        try webhooks.requests(to: host).map { try body($0).type }
    }

    @Test func everybodyWhomItConcernsIsTold() async throws {
        let cluster = try await Cluster()
        let (webhooks, mail) = (FakeWebhooks(), FakeMail())
        let shop = cluster.live.project
        try await cluster.lead(mail: mail, webhooks: webhooks) { coordinator in
            _ = try await cluster.perform(coordinator, .projectCreate(ProjectCreate(name: try Name("blog"))))
            let new = try await add(cluster, coordinator, Self.a, of: shop)
            try await add(cluster, coordinator, "anna@example.org", of: shop)
            try await add(cluster, coordinator, Self.b, of: try Name("blog"))
            try await add(cluster, coordinator, "https://c.example.org")
            try await add(cluster, coordinator, "https://d.example.org", of: shop, only: [.restoreFinished])
            try await fail(cluster, coordinator)
            try await cluster.until("told") { webhooks.requests.count == 2 && mail.messages.count == 1 }

            let request = try #require(webhooks.requests(to: Self.a).first)
            #expect(request.url.text.revealed == Self.a + "/secret-path")
            let told = try body(request)
            #expect(told.type == .backupFailed && told.data.environment == cluster.live && told.data.project == shop)
            #expect(told.text.contains("The <disk> broke") && told.data.job != nil && told.data.backup != nil)
            // Signed, so that whoever gets it knows whose it is.
            let key = try WebhookKey(try #require(new.key))
            let seconds = try #require(request.header("webhook-timestamp").flatMap { Int64($0) })
            let id = try #require(request.header("webhook-id"))
            #expect(request.header("webhook-signature") == key.signature(of: request.body, id: id, seconds: seconds))
            #expect(request.header("content-type") == nil && request.header("Content-Type") == "application/json")
            let letter = try #require(mail.messages.first)
            #expect(letter.subject == "A backup of shop/live failed" && letter.html.contains("The &lt;disk&gt; broke"))

            // And of what ends well where that was asked for.
            let backup = try await cluster.backUp(coordinator, cluster.live)
            _ = try await cluster.restore(coordinator, backup.id, into: cluster.test)
            try await cluster.until("told") {
                webhooks.requests(to: Self.a).count == 2 && webhooks.requests(to: "https://d.example.org").count == 1
            }
            #expect(try kinds(webhooks) == [.backupFailed, .restoreFinished])
            #expect(webhooks.requests(to: Self.b).isEmpty)
        }
    }

    /// Nothing in the catalog gives away where a webhook is, or lets anybody sign for us; nor does a list or the audit.
    @Test func secretsAreShownOnce() async throws {
        let cluster = try await Cluster()
        try await cluster.lead(webhooks: FakeWebhooks()) { coordinator in
            let new = try await add(cluster, coordinator, Self.a, of: cluster.live.project)
            let key = try #require(new.key?.revealed)
            try await fail(cluster, coordinator)
            for kind in RecordKind.allCases {
                for record in try await cluster.catalog.records(RecordQuery(kind)) {
                    let text = String(decoding: record.body, as: UTF8.self)
                    #expect(!text.contains("secret-path") && !text.contains(key.dropFirst(6)), "\(kind)")
                }
            }
            let list = try await cluster.perform(coordinator, .noticeList(project: cluster.live.project))
            let text = String(decoding: try JSONEncoder().encode(list), as: UTF8.self)
            #expect(text.contains("a.example.org") && !text.contains("secret-path") && !text.contains("whsec_"))
        }
    }

    /// The signature of the Standard Webhooks specification's own example.
    @Test func signaturesAreAsTheStandardSays() throws {
        let key = try WebhookKey(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = key.signature(
            of: Array(#"{"test": 2432232314}"#.utf8), id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330)
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    /// Whether the transaction happened and nobody heard, or did not: who is told of a failed backup is told once.
    @Test(arguments: [true, false]) func aFailureIsToldExactlyOnce(happened: Bool) async throws {
        let cluster = try await Cluster()
        let webhooks = FakeWebhooks()
        try await cluster.lead(webhooks: webhooks) { coordinator in
            try await add(cluster, coordinator, Self.a, only: [.backupFailed])
            // The first transaction makes the job, the second ends it.
            let fault = HoldfastError(.inputOutput, "the disk")
            cluster.catalog.inject(happened ? .after(fault) : .before(fault), afterCommits: 1)
            try await fail(cluster, coordinator)
            #expect(try await cluster.jobs().map(\.status) == [.failed])
            try await cluster.until("told") {
                try await cluster.catalog.all(WebhookDelivery.self).map(\.value.state) == [.sent]
            }
        }
        // The next one finds nothing left to tell.
        try await cluster.lead(webhooks: webhooks) { coordinator in
            cluster.time.advance(by: .seconds(86_400))
            try await coordinator.notices.look()
            #expect(try await cluster.catalog.all(WebhookDelivery.self).map(\.value.state) == [.sent])
        }
        #expect(webhooks.requests.count == 1)
    }

    /// The same delivery again and again until it is taken; and one receiver that is away holds up no other.
    @Test func itIsTriedAgainUntilItIsTaken() async throws {
        let cluster = try await Cluster()
        let webhooks = FakeWebhooks([Self.a: [.postponed("away"), .postponed("away"), .sent]])
        try await cluster.lead(webhooks: webhooks) { coordinator in
            let new = try await add(cluster, coordinator, Self.a)
            try await add(cluster, coordinator, Self.b)
            try await fail(cluster, coordinator)
            try await cluster.until("taken") { webhooks.requests(to: Self.a).count == 3 }
            try await cluster.until("noted") {
                try await cluster.catalog.all(WebhookDelivery.self).allSatisfy { $0.value.state == .sent }
            }
            #expect(webhooks.requests(to: Self.b).count == 1)
            let requests = webhooks.requests(to: Self.a)
            #expect(Set(requests.map { $0.header("webhook-id") }).count == 1)
            #expect(Set(requests.map(\.body)).count == 1)
            // Each attempt is signed for its time, so that an old one is none.
            #expect(Set(requests.map { $0.header("webhook-timestamp") }).count == 3)
            guard case .noticeTargets(let list) = try await cluster.perform(coordinator, .noticeList(project: nil))
            else { return }
            let detail = try #require(list.first { $0.id == new.detail.id })
            #expect(detail.waiting == 0 && detail.lastSentAt != nil && detail.failure == nil)
        }
    }

    /// After three days it is given up, and the others are told; nobody is told of that again.
    @Test func whatCanNotBeDeliveredIsGivenUpAndTold() async throws {
        let cluster = try await Cluster()
        let webhooks = FakeWebhooks(away: [Self.a])
        try await cluster.lead(webhooks: webhooks) { coordinator in
            try await add(cluster, coordinator, Self.a)
            try await add(cluster, coordinator, Self.b)
            try await fail(cluster, coordinator)
            try await cluster.until("given up") { try kinds(webhooks, Self.b).contains(.undelivered) }
            let told = try body(try #require(webhooks.requests(to: Self.b).last))
            #expect(told.text.contains("a.example.org") && !told.text.contains("secret-path"))
            let failed = try await cluster.catalog.all(WebhookDelivery.self).map(\.value).filter { $0.state == .failed }
            #expect(failed.map(\.notice.kind) == [.backupFailed])
            let delivery = try #require(failed.first)
            #expect(delivery.createdAt.duration(to: delivery.endedAt ?? delivery.createdAt) >= .seconds(3 * 86_400))
            #expect(try kinds(webhooks, Self.b) == [.backupFailed, .undelivered])
        }
    }

    @Test func aTestSaysWhatBecameOfIt() async throws {
        let cluster = try await Cluster()
        let webhooks = FakeWebhooks([Self.a: [.refused("gone"), .sent]])
        try await cluster.lead(webhooks: webhooks) { coordinator in
            let id = try await add(cluster, coordinator, Self.a).detail.id
            func test() async throws -> NoticeTestResult? {
                guard case .noticeTest(let result) = try await cluster.perform(coordinator, .noticeTest(id)) else {
                    return nil
                }
                return result
            }
            #expect(try await test() == NoticeTestResult(target: id, state: .failed, failure: "gone"))
            #expect(try await test()?.state == .sent)
            try await cluster.perform(coordinator, .noticeRemove(id))
            try await fail(cluster, coordinator)
            #expect(webhooks.requests.count == 2)
            #expect(try await cluster.catalog.all(WebhookDelivery.self).isEmpty)
        }
    }

    @Test func whatCanNotWorkIsNotAdded() async throws {
        let cluster = try await Cluster()
        try await cluster.lead(webhooks: FakeWebhooks()) { coordinator in
            for (place, code) in [
                ("http://a.example.org", ErrorCode.invalidArgument), ("gopher://x", .invalidArgument),
                ("anna@example.org", .checkFailed),
            ] {
                let error = await #expect(throws: HoldfastError.self) {
                    try await add(cluster, coordinator, place)
                }
                #expect(error?.code == code, "\(place)")
            }
            for _ in 0..<NoticeTarget.limit { try await add(cluster, coordinator, Self.a) }
            let error = await #expect(throws: HoldfastError.self) { try await add(cluster, coordinator, Self.a) }
            #expect(error?.code == .busy)
        }
    }

    /// Down and back are told once each, also where another coordinator takes office in between.
    @Test func aNodeThatGoesAndComes() async throws {
        let cluster = try await Cluster()
        let webhooks = FakeWebhooks()
        @Sendable func goDown(_ coordinator: Coordinator) async throws {
            cluster.time.advance(by: .seconds(60))
            try await coordinator.notices.look()
        }
        try await cluster.lead(webhooks: webhooks) { coordinator in
            try await add(cluster, coordinator, Self.a, of: cluster.live.project)
            await coordinator.office.registry.heard(from: cluster.node)
            try await coordinator.notices.look()
            try await goDown(coordinator)
            try await goDown(coordinator)
            try await cluster.until("told") { webhooks.requests.count == 1 }
        }
        try await cluster.lead(webhooks: webhooks) { coordinator in
            try await coordinator.notices.look()
            try await goDown(coordinator)
            await coordinator.office.registry.heard(from: cluster.node)
            try await coordinator.notices.look()
            try await cluster.until("told") { webhooks.requests.count == 2 }
        }
        #expect(try kinds(webhooks) == [.nodeDown, .nodeDown])
        #expect(try webhooks.requests.map { try body($0).data.isOver } == [false, true])
    }

    /// Coordinators were away for days: what was missed is told with the backup that makes up for it.
    @Test func missedAndOverdue() async throws {
        let cluster = try await Cluster()
        let webhooks = FakeWebhooks()
        try await cluster.lead(webhooks: webhooks) { coordinator in
            try await add(cluster, coordinator, Self.a, only: [.backupMissed, .backupOverdue])
            // Nothing is begun for two days, as where runs are passed over.
            cluster.time.advance(by: .seconds(2 * 86_400))
            try await coordinator.notices.look()
            try await coordinator.notices.look()
            try await cluster.until("overdue is told") { webhooks.requests.count == 1 }
            try await coordinator.scheduler.startDue()
            try await cluster.until("missed is told") { webhooks.requests.count == 2 }
            try await cluster.until("made") {
                try await cluster.catalog.all(Backup.self).contains { $0.value.state == .complete }
            }
            try await coordinator.notices.look()
            try await cluster.until("over is told") { webhooks.requests.count == 3 }
        }
        #expect(try kinds(webhooks) == [.backupOverdue, .backupMissed, .backupOverdue])
        #expect(try webhooks.requests.map { try body($0).data.isOver } == [false, false, true])
    }
}
