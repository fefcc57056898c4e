import HoldfastCommands
import HoldfastModel
import Hummingbird

/// Who is told of what happens: to a project, for its owners, or to the cluster, for administrators.
struct NoticePages: Sendable {
    private struct Receiver {
        let id: String
        let place: String
        let kinds: String
        let last: String
        let waiting: String?
        let failure: String?
        let base: String
        let form: String
    }

    private struct Kind {
        let value: String
        let title: String
    }

    private struct Page {
        let frame: Frame
        let project: String?
        let base: String
        let receivers: [Receiver]
        let hasReceivers: Bool
        let kinds: [Kind]
        let mail: String
        let webhook: String
    }

    private static func base(_ project: Name?) -> String { project.map { "/projects/\($0)/notices" } ?? "/notices" }

    func show(_ visit: Visit, _ project: Name?, form: Form? = nil, problem: String? = nil) async throws -> Response {
        let targets: [NoticeTargetDetail] = try await visit.get(.noticeList(project: project)) {
            if case .noticeTargets(let value) = $0 { value } else { nil }
        }
        let base = Self.base(project)
        let page = Page(
            frame: Frame(title: "Notices", in: project == nil ? .cluster : .projects, visit, problem: problem),
            project: project?.text, base: base,
            receivers: targets.filter { $0.project == project }.map { target in
                Receiver(
                    id: target.id.text, place: target.mail?.text ?? target.webhook ?? "",
                    kinds: Self.kinds(target.kinds),
                    last: target.lastSentAt.map { Words.distance($0, from: visit.now) } ?? "never",
                    waiting: target.waiting > 0 ? "\(HumanText.count(target.waiting)) on the way" : nil,
                    failure: target.failure, base: base, form: visit.known.formToken.revealed)
            },
            hasReceivers: targets.contains { $0.project == project },
            kinds: NoticeKind.choices.map { Kind(value: $0.rawValue, title: Self.title($0)) },
            mail: form?["mail"] ?? "", webhook: form?["webhook"] ?? "")
        return try .page(Templates.render(page, as: "notices"), problem == nil ? .ok : .unprocessableContent)
    }

    private struct Added {
        let frame: Frame
        let base: String
        let place: String
        let key: String
    }

    func add(_ visit: Visit, _ project: Name?, _ form: Form) async throws -> Response {
        do {
            let road: NoticeAdd.Road =
                switch (form["mail"], form["webhook"]) {
                case (let mail?, nil): .mail(try MailAddress(mail))
                case (nil, let webhook?): .webhook(Secret(webhook))
                default: throw HoldfastError(.invalidArgument, "Fill in a mail address, or the address of a webhook")
                }
            let kinds = form.all("kind").compactMap { NoticeKind(rawValue: $0) }
            let add = NoticeAdd(
                project: project, road: road, kinds: kinds.count == NoticeKind.choices.count ? [] : kinds)
            let new: NewNoticeTarget = try await visit.get(.noticeAdd(add)) {
                if case .noticeTarget(let value) = $0 { value } else { nil }
            }
            guard let key = new.key else { return .seeOther(Self.base(project), done: .saved) }
            let page = Added(
                frame: Frame(title: "Webhook", in: project == nil ? .cluster : .projects, visit),
                base: Self.base(project), place: new.detail.webhook ?? "", key: key.revealed)
            return try .page(Templates.render(page, as: "notice-key"))
        } catch let error as HoldfastError where error.code != .permissionDenied {
            return try await show(visit, project, form: form, problem: PageWording.sentence(error))
        }
    }

    func remove(_ visit: Visit, _ project: Name?, _ target: NoticeTargetID) async throws -> Response {
        _ = try await visit.perform(.noticeRemove(target))
        return .seeOther(Self.base(project), done: .removed)
    }

    func test(_ visit: Visit, _ project: Name?, _ target: NoticeTargetID) async throws -> Response {
        do {
            let result: NoticeTestResult = try await visit.get(.noticeTest(target)) {
                if case .noticeTest(let value) = $0 { value } else { nil }
            }
            guard let failure = result.failure else { return .seeOther(Self.base(project), done: .tested) }
            return try await show(visit, project, problem: "The test was not delivered: \(failure)")
        } catch let error as HoldfastError where error.code != .permissionDenied {
            return try await show(visit, project, problem: PageWording.sentence(error))
        }
    }

    private static func kinds(_ kinds: [NoticeKind]) -> String {
        kinds.isEmpty || kinds == NoticeKind.choices ? "everything" : kinds.map(title).joined(separator: ", ")
    }

    private static func title(_ kind: NoticeKind) -> String {
        switch kind {
        case .backupFailed: "a backup failed"
        case .backupMissed: "a backup was missed"
        case .backupOverdue: "a backup is overdue"
        case .restoreFinished: "a restore finished"
        case .restoreStuck: "a restore waits for somebody"
        case .downloadReady: "a download is ready"
        case .verificationFailed: "a verification found damage"
        case .nodeDown: "a node is down"
        case .regionDown: "a region is down"
        case .spaceShort: "space is running out"
        case .undelivered: "somebody can't be told"
        case .test: "a test"
        }
    }
}
