import HoldfastCatalog
import HoldfastModel

extension Office {
    /// For the transaction that makes true what the notices say, so that everybody is told exactly if it is. Once that is
    /// done, `hasNotices()`.
    ///
    /// - Parameter except: who is not told, because it is about them.
    func deliveries(of notices: [Notice], except: NoticeTargetID? = nil) async throws -> Changes {
        guard !notices.isEmpty else { return Changes() }
        let targets: [NoticeTarget]
        do {
            targets = try await catalog.all(NoticeTarget.self).map(\.value).filter { $0.id != except }
        } catch let error as HoldfastError where error.retryClass == .never && error.code != .deposed {
            // A receiver that can't be read keeps no backup from ending.
            logger.error("Nobody can be told: \(error)")
            return Changes()
        }
        guard !targets.isEmpty else { return Changes() }
        let policies = Dictionary(
            try await catalog.all(Project.self).map { ($0.value.id, $0.value.policy) }, uniquingKeysWith: { $1 })
        var changes = Changes()
        for notice in notices {
            for target in targets
            where target.isTold(of: notice, policy: target.project.flatMap { policies[$0.id] }) {
                changes.add(try delivery(of: notice, to: target))
            }
        }
        return changes
    }

    /// Nothing for a mail where no mail server is set any more.
    func delivery(of notice: Notice, to target: NoticeTarget) throws -> Changes {
        switch target.road {
        case .mail(let address):
            return sendsMail ? try mail(to: address, about: .notice(notice, target: target.id)) : Changes()
        case .webhook:
            var changes = Changes()
            try changes.insert(
                WebhookDelivery(id: identifier(), target: target.id, notice: notice, createdAt: clock.now))
            return changes
        }
    }

    func hasNotices() {
        mailroom.hasNews()
        webhookRoom.hasNews()
    }

    /// The others are told of a receiver that can't be told; but of nobody who can't be told even that.
    func undelivered(_ notice: Notice, to target: NoticeTargetID, because reason: String?) async throws -> Changes {
        guard notice.kind != .undelivered, notice.kind != .test,
            let target = try await catalog.get(NoticeTarget.self, target)?.value
        else { return Changes() }
        let place =
            switch target.road {
            case .mail(let address): "\(address)"
            case .webhook(let webhook): webhook.host
            }
        var news = Notice(
            .undelivered, at: now,
            text: "\(place) could not be told: “\(notice.title)”, of \(notice.at.plain) UTC. \(reason ?? "")")
        news.project = target.project?.id
        return try await deliveries(of: [news], except: target.id)
    }
}
