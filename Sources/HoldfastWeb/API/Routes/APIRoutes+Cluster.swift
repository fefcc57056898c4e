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
            .patch, "/nodes/{node}", .nodeChange, "Change a node's weight, or say that it will be away.",
            body: [
                .optional("weight", .integer(1...1_000_000_000), "Its share relative to the others."),
                .optional("maintenanceSeconds", .integer(0...7 * 86_400), "How long it will be away; 0 for back."),
            ], .page(NodeStatus.self, key: "id")
        ) { values in
            let maintenance: NodeChange.Maintenance? = values.integer("maintenanceSeconds").map {
                $0 == 0 ? .end : .begin(seconds: $0)
            }
            return .nodeChange(
                NodeChange(
                    node: try values.need("node", Values.name), weight: values.integer("weight").map(Double.init),
                    maintenance: maintenance))
        },
        APIRoute(
            .post, "/nodes/{node}/drain", .nodeChange, "Move everything from a node to others.",
            .page(NodeStatus.self, key: "id")
        ) { values in .nodeChange(NodeChange(node: try values.need("node", Values.name), isLeaving: true)) },
        APIRoute(
            .delete, "/nodes/{node}/drain", .nodeChange, "It stays after all.", .page(NodeStatus.self, key: "id")
        ) { values in .nodeChange(NodeChange(node: try values.need("node", Values.name), isLeaving: false)) },
        APIRoute(
            .delete, "/nodes/{node}", .nodeRemove, "End the membership of a node that is drained, or lost.",
            query: [.optional("lost", .flag, "It will not come back.")], .message
        ) { values in
            .nodeRemove(NodeRemove(node: try values.need("node", Values.name), isLost: values.flag("lost")))
        },
        APIRoute(
            .post, "/nodes/{node}/scrub", .nodeScrub, "Have a node read everything back from its disk.", .message
        ) { values in .nodeScrub(try values.need("node", Values.name)) },
        APIRoute(
            .post, "/repairs", .repairRun, "Bring every copy to where it should be.",
            body: [.optional("project", .text(pattern: Field.namePattern), "Only of this project.")],
            .page(Repaired.self, key: "job")
        ) { values in .repairRun(RepairRun(project: try values.find("project", Values.name), wait: false)) },
        APIRoute(
            .post, "/catalog/rebuilds", .catalogRebuild,
            "Take up nodes, projects and backups that the catalog lacks; answered when that is done.",
            body: [
                .optional("waitSeconds", .integer(0...90), "How long nodes are waited for at most; 60.")
            ], .one(Rebuilt.self)
        ) { values in
            .catalogRebuild(values.integer("waitSeconds").map { CatalogRebuildRequest(waitSeconds: $0) } ?? .init())
        },
        APIRoute(.get, "/policies", .policyList, "The placement policies.", .page(PolicyDetail.self, key: "name")) {
            _ in .policyList
        },
        APIRoute(
            .put, "/policies/{policy}", .policySet, "Make a placement policy, or change it for all who go by it.",
            body: [
                .required("copies", .integer(1...9), "How many nodes hold each object."),
                .optional("regions", .integer(1...9), "Over how many regions at least; one."),
                .optional("allowedRegions", .texts, "Where data may lie; everywhere."),
                .optional("home", .text(pattern: Field.namePattern), "Where one copy always lies."),
                .optional("degradedCopies", .integer(1...8), "With how many a backup counts while nodes are away."),
                .optional("lockDays", .integer(1...3653), "For how long nodes give nothing up, whoever asks."),
            ], .page(PolicyDetail.self, key: "name")
        ) { values in
            let regions = try values.texts("allowedRegions", Values.name)
            return .policySet(
                PlacementPolicy(
                    name: try values.need("policy", Values.name), copies: values.integer("copies") ?? 1,
                    regions: values.integer("regions") ?? 1, allowedRegions: regions.isEmpty ? nil : regions,
                    home: try values.find("home", Values.name), degradedCopies: values.integer("degradedCopies"),
                    lockDays: values.integer("lockDays")))
        },
        APIRoute(.delete, "/policies/{policy}", .policyRemove, "Remove a policy that no project goes by.", .message) {
            .policyRemove(try $0.need("policy", Values.name))
        },
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
