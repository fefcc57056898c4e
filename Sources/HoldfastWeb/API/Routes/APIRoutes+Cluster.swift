import HoldfastCommands
import HoldfastModel

extension APIRoutes {
    static let cluster: [APIRoute] = [
        APIRoute(.get, "/cluster", .clusterStatus, "Nodes, jobs, and what needs a person.", .one(ClusterStatus.self)) {
            _ in .clusterStatus
        },
        APIRoute(.get, "/nodes", .nodeList, "The storage nodes.", .page(NodeStatus.self, key: "id")) { _ in .nodeList },
        APIRoute(
            .post, "/nodes/tokens", .nodeToken, "Make a single-use token by which a new node joins.",
            body: [.optional("validSeconds", .integer(60...30 * 86_400), "How long it may be used; a day.")],
            .one(JoinTokenResult.self)
        ) { values in .nodeToken(values.integer("validSeconds").map { NodeToken(validSeconds: $0) } ?? NodeToken()) },
        APIRoute(
            .post, "/collections", .collectRun, "Give back the space of what no backup needs any more.",
            body: [.optional("project", .text(pattern: Field.namePattern), "Only of this project.")],
            .page(Collected.self, key: "job")
        ) { values in .collectRun(CollectRun(project: try values.find("project", Values.name), wait: false)) },
        APIRoute(
            .get, "/mails", .mailList, "The mail that waits, and what became of the last.",
            .page(OutgoingMail.self, key: "id")
        ) { _ in .mailList },
        APIRoute(
            .post, "/mails/test", .mailTest, "Send a mail, and see what the mail server says to it.",
            body: [.required("to", .text(), "Who gets it.")], .one(OutgoingMail.self)
        ) { values in .mailTest(try values.need("to") { try MailAddress($0) }) },
        APIRoute(
            .post, "/mails/{mail}/retry", .mailRetry, "Try at once to send a mail.", .one(OutgoingMail.self)
        ) { values in .mailRetry(try values.id("mail")) },
        APIRoute(
            .get, "/audit", .auditList, "Who changed what, the newest first.",
            query: [
                .optional("project", .text(pattern: Field.namePattern), "Only of this project; needed of owners."),
                .optional("user", .text(), "Only what this user did."),
                .optional("since", .text(), "Only since this time."),
            ], .page(AuditEntry.self, key: "id", isNative: true)
        ) { values in
            .auditList(
                AuditList(
                    project: try values.find("project", Values.name), user: values.text("user"),
                    since: try values.find("since", Values.time), limit: values.limit,
                    after: try values.find("cursor", Values.id)))
        },
    ]

    static let jobs: [APIRoute] = [
        APIRoute(
            .get, "/jobs", .jobList, "The jobs that are not over.",
            query: [.optional("all", .flag, "Those that ended, too.")], .page(JobSummary.self, key: "id")
        ) { values in .jobList(all: values.flag("all")) },
        APIRoute(.get, "/jobs/{job}", .jobShow, "A job and its journal.", .one(JobDetail.self)) { values in
            .jobShow(try values.id("job"))
        },
        APIRoute(.get, "/jobs/{job}/events", .jobWatch, "Follow a job to its end.", .events) { values in
            .jobWatch(try values.id("job"))
        },
        APIRoute(.post, "/jobs/{job}/cancel", .jobCancel, "End a job before its time.", .message) { values in
            .jobCancel(try values.id("job"))
        },
    ]
}
