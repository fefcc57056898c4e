import HoldfastCommands
import HoldfastModel

extension APIRoutes {
    private static let receiver: [Field] = [
        .optional("mail", .text(), "Who gets a mail; this or `webhook`."),
        .optional("webhook", .secret, "The address of a webhook: https://…"),
        .optional("kinds", .texts, "Only of these kinds; all."),
    ]

    static let notices: [APIRoute] = [
        APIRoute(
            .get, "/notices", .noticeList, "Who is told when something goes wrong, or is done.",
            query: [.optional("project", .text(pattern: Field.namePattern), "Only of this project; needed of owners.")],
            .page(NoticeTargetDetail.self, key: "id")
        ) { .noticeList(project: try $0.find("project", Values.name)) },
        APIRoute(
            .post, "/notices", .noticeAdd, "Have somebody told of everything in the cluster.", body: receiver,
            .one(NewNoticeTarget.self)
        ) { .noticeAdd(try $0.notice(of: nil)) },
        APIRoute(
            .post, "/projects/{project}/notices", .noticeAdd, "Have somebody told of a project.", body: receiver,
            .one(NewNoticeTarget.self)
        ) { .noticeAdd(try $0.notice(of: try $0.project())) },
        APIRoute(.delete, "/notices/{receiver}", .noticeRemove, "Tell somebody nothing any more.", .message) {
            .noticeRemove(try $0.id("receiver"))
        },
        APIRoute(
            .post, "/notices/{receiver}/test", .noticeTest, "Send a test, and see what becomes of it.",
            .one(NoticeTestResult.self)
        ) { .noticeTest(try $0.id("receiver")) },
    ]
}

extension Values {
    fileprivate func notice(of project: Name?) throws -> NoticeAdd {
        let mail = try find("mail") { try MailAddress($0) }
        let roads = [mail.map { NoticeAdd.Road.mail($0) }, secret("webhook").map { .webhook($0) }].compactMap(\.self)
        guard roads.count == 1, let road = roads.first else {
            throw HoldfastError(.invalidArgument, "Write “mail” or “webhook”")
        }
        let kinds = try texts("kinds") { text in
            let kind = try Values.raw(text) as NoticeKind
            guard NoticeKind.choices.contains(kind) else {
                throw HoldfastError(.invalidArgument, "“\(text.printable(limit: 40))” is nothing to choose")
            }
            return kind
        }
        return NoticeAdd(project: project, road: road, kinds: kinds)
    }
}
