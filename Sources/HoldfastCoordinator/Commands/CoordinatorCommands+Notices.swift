import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    func listNotices(_ name: Name?) async throws -> CommandResult {
        let project = try await name.asyncMap { try await office.projects[$0].record().value }
        var details: [NoticeTargetDetail] = []
        for target in try await office.catalog.all(NoticeTarget.self, scope: project?.id.text) {
            details.append(try await detail(of: target.value))
        }
        return .noticeTargets(details)
    }

    func addNotice(_ add: NoticeAdd, _ principal: Principal) async throws -> CommandResult {
        let project = try await add.project.asyncMap { try await office.projects[$0].record() }
        let place = project.map { NoticeTarget.Place(id: $0.value.id, name: $0.value.name) }
        let present = try await office.catalog.list(
            NoticeTarget.self, scope: place?.id.text ?? NoticeTarget.clusterScope, limit: NoticeTarget.limit)
        guard present.count < NoticeTarget.limit else {
            throw HoldfastError(.busy, "\(NoticeTarget.limit) receivers are told already: remove one of them first")
        }
        let id: NoticeTargetID = office.identifier()
        let (road, key) = try self.road(add.road, id)
        let kinds = NoticeKind.choices.filter { add.kinds.contains($0) }
        let target = NoticeTarget(
            id: id, project: place, road: road, kinds: kinds.isEmpty ? nil : kinds, createdAt: office.now,
            author: principal.name)
        // A project that is removed at the same time leaves nobody to be told.
        var changes = Changes(expects: project.map { [.unchanged($0)] } ?? [])
        try changes.insert(target)
        try await office.ledger.commit(changes)
        return .noticeTarget(NewNoticeTarget(detail: try await detail(of: target), key: key))
    }

    func removeNotice(_ id: NoticeTargetID) async throws -> CommandResult {
        var changes = Changes()
        changes.writes.append(.delete(NoticeTarget.self, id))
        for delivery in try await office.catalog.all(WebhookDelivery.self, group: id.text) {
            changes.writes.append(.delete(delivery.value))
        }
        try await office.ledger.commit(changes)
        return .done("Nobody is told there any more")
    }

    /// Sends one on the road that all take, and says what became of it as far as is known within a quarter of a minute.
    func testNotice(_ id: NoticeTargetID, _ principal: Principal) async throws -> CommandResult {
        guard let target = try await office.catalog.get(NoticeTarget.self, id)?.value else {
            throw HoldfastError(.notFound, "There is no receiver of notices \(id)")
        }
        var notice = Notice(
            .test, at: office.now,
            text: "\(principal.name.printable(limit: 60)) asked whether notices of Holdfast arrive here. They do.")
        notice.project = target.project?.id
        switch target.road {
        case .mail(let address):
            try office.requireMail()
            try messages.begin(principal)
            let mail = OutgoingMail(
                id: office.identifier(), to: address, occasion: .notice(notice, target: id),
                createdAt: office.clock.now)
            return try await tested(target, mail)
        case .webhook:
            try messages.begin(principal)
            let delivery = WebhookDelivery(
                id: office.identifier(), target: id, notice: notice, createdAt: office.clock.now)
            return try await tested(target, delivery)
        }
    }

    private func tested(
        _ target: NoticeTarget, _ message: some Outgoing & CatalogRecord
    ) async throws -> CommandResult {
        var changes = Changes()
        try changes.insert(message)
        try await office.ledger.commit(changes)
        office.hasNotices()
        let message = try await followed(message)
        return .noticeTest(NoticeTestResult(target: target.id, state: message.state, failure: message.failure))
    }

    /// - Returns: with the key that a webhook's deliveries are signed with.
    private func road(
        _ road: NoticeAdd.Road, _ id: NoticeTargetID
    ) throws -> (NoticeTarget.Road, Secret?) {
        switch road {
        case .mail(let address):
            try office.requireMail()
            return (.mail(address), nil)
        case .webhook(let text):
            guard let transport = office.webhooks else {
                throw HoldfastError(.unsupported, "This coordinator sends no webhooks")
            }
            let url = try WebhookURL(text)
            try transport.check(url)
            let key = WebhookKey.generate(office.entropy)
            func seal(_ secret: Secret, _ purpose: String) throws -> SealedSecret {
                try office.clusterKey.seal(secret, purpose: purpose, entropy: office.entropy)
            }
            let webhook = NoticeTarget.Webhook(
                host: url.shown, url: try seal(url.text, WebhookWriter.urlPurpose(id)),
                key: try seal(key, WebhookWriter.keyPurpose(id)))
            return (.webhook(webhook), key)
        }
    }

    private func detail(of target: NoticeTarget) async throws -> NoticeTargetDetail {
        var detail = NoticeTargetDetail(
            id: target.id, project: target.project?.name, mail: nil, webhook: nil,
            kinds: target.kinds ?? NoticeKind.choices, createdAt: target.createdAt, author: target.author)
        switch target.road {
        case .mail(let address): detail.mail = address
        case .webhook(let webhook): detail.webhook = webhook.host
        }
        let messages: [any Outgoing] = try await outgoing(to: target)
        detail.waiting = messages.count { $0.state == .waiting }
        detail.lastSentAt = messages.filter { $0.state == .sent }.compactMap(\.endedAt).max()
        let failures = messages.filter { $0.failure != nil && $0.createdAt > detail.lastSentAt ?? .distantPast }
        detail.failure = failures.max { $0.createdAt < $1.createdAt }?.failure
        return detail
    }

    private func outgoing(to target: NoticeTarget) async throws -> [any Outgoing] {
        guard case .mail = target.road else {
            return try await office.catalog.list(
                WebhookDelivery.self, group: target.id.text, descending: true, limit: 200
            ).map(\.value)
        }
        return try await listMail().filter { mail in
            if case .notice(_, target.id) = mail.occasion { true } else { false }
        }
    }
}

extension Timestamp {
    fileprivate static let distantPast = Timestamp(milliseconds: 0)
}
