import HoldfastCommands
import HoldfastModel

extension APIRoutes {
    private static let request: [Field] = [
        .required("backup", .text(pattern: Field.idPattern), "What is restored."),
        .required(
            "destination", .text(pattern: Field.environmentPattern), "The environment that is overwritten: shop/test."),
        .optional("kinds", .texts, "Parts of these kinds; all."), .optional("services", .texts, "These parts; all."),
        .optional("mappings", .value([String: String].self), "Parts that go to a service of another name."),
        .optional("withoutSafety", .flag, "Without a safety backup of what is overwritten; for owners."),
    ]

    static let restores: [APIRoute] = [
        APIRoute(
            .post, "/restores/plan", .restorePlan, "What a restore would do.", body: request,
            .one(RestorePlanResult.self)
        ) { .restorePlan(try $0.restore()) },
        APIRoute(
            .post, "/restores", .restoreStart, "Restore a backup over an environment.",
            body: request + [.required("confirm", .text(), "The destination once more, as a person types it.")],
            .accepted
        ) { values in
            guard values.text("confirm") == values.text("destination") else {
                throw HoldfastError(
                    .invalidArgument, "“confirm” has to be the destination, which is overwritten",
                    context: ["field": "confirm"])
            }
            return .restoreStart(try values.restore())
        },
        APIRoute(
            .get, "/restores", .restoreList, "The restores, the newest first.",
            query: [.optional("environment", .text(pattern: Field.environmentPattern), "Only into this one.")],
            .page(RestoreDetail.self, key: "job")
        ) { .restoreList(try $0.find("environment", Values.reference)) },
        APIRoute(.get, "/restores/{job}", .restoreShow, "A restore.", .one(RestoreDetail.self)) {
            .restoreShow(try $0.id("job"))
        },
        APIRoute(.post, "/restores/{job}/cancel", .restoreCancel, "Cancel it, while nothing is swapped.", .message) {
            .restoreCancel(try $0.id("job"))
        },
        APIRoute(
            .post, "/restores/{job}/undo", .restoreUndo, "Bring the old content back.",
            body: [.optional("withoutSafety", .flag, "Without a safety backup; for owners.")], .accepted
        ) {
            .restoreUndo(
                UndoRequest(restore: try $0.id("job"), withoutSafety: $0.flag("withoutSafety"), wait: false))
        },
        APIRoute(.post, "/restores/{job}/resume", .restoreResume, "Go on, once what was wrong is mended.", .accepted) {
            .restoreResume(try $0.id("job"))
        },
    ]

    static let files: [APIRoute] = [
        APIRoute(
            .post, "/backups/{backup}/files/restore", .restoreFile,
            "Put one file or directory into an environment's media. What is there is never lost.",
            body: [
                .required("path", .text(), "The file or directory, from the media's root."),
                .required("destination", .text(pattern: Field.environmentPattern), "The environment: shop/live."),
                .optional("of", .text(), "Of which media in the backup, where there are several."),
                .optional("into", .text(), "Into which media, where there are several."),
                .optional("at", .text(), "Where it goes, from the media's root; where it was unless said otherwise."),
                .optional("replace", .flag, "What is there makes way, and is kept beside."),
            ], .accepted
        ) { values in
            .restoreFile(
                FileRestoreRequest(
                    backup: try values.id("backup"), path: try values.need("path") { $0 },
                    source: try values.find("of") { try ServiceReference($0) },
                    destination: try values.need("destination", Values.reference),
                    service: try values.find("into") { try ServiceReference($0) }, place: values.text("at"),
                    replaces: values.flag("replace"), wait: false))
        }
    ]

    static let downloads: [APIRoute] = [
        APIRoute(
            .post, "/downloads", .downloadPrepare, "Prepare parts of a backup as files.",
            body: [
                .required("backup", .text(pattern: Field.idPattern), "The backup."),
                .optional("kinds", .texts, "Parts of these kinds."), .optional("services", .texts, "These parts."),
                .optional("files", .texts, "Paths of single files."), .optional("tables", .texts, "Single tables."),
                .optional("source", .text(), "The service that files and tables are of."),
                .optional("mail", .text(), "Who is told when it is ready."),
                .optional("validSeconds", .integer(DownloadPrepare.validSecondsRange), "How long links work; a week."),
            ], .accepted
        ) { values in
            .downloadPrepare(
                DownloadPrepare(
                    backup: try values.id("backup"), services: try values.selectors(),
                    files: try values.texts("files") { $0 }, tables: try values.texts("tables") { $0 },
                    source: try values.find("source") { try ServiceReference($0) },
                    mail: try values.find("mail") { try MailAddress($0) },
                    validSeconds: values.integer("validSeconds") ?? DownloadPrepare.defaultValidSeconds, wait: false))
        },
        APIRoute(
            .get, "/downloads", .downloadList, "The downloads.",
            query: [.optional("environment", .text(pattern: Field.environmentPattern), "Only of this one.")],
            .page(DownloadDetail.self, key: "id")
        ) { .downloadList(try $0.find("environment", Values.reference)) },
        APIRoute(.get, "/downloads/{download}", .downloadShow, "A download.", .one(DownloadDetail.self)) {
            .downloadShow(try $0.id("download"))
        },
        APIRoute(
            .post, "/downloads/{download}/links", .downloadLinks,
            "The same with its links: whoever has one can fetch the file.", .one(DownloadDetail.self)
        ) { .downloadLinks(try $0.id("download")) },
        APIRoute(.delete, "/downloads/{download}", .downloadRevoke, "Make its links useless.", .message) {
            .downloadRevoke(try $0.id("download"))
        },
    ]
}

extension Values {
    fileprivate func restore() throws -> RestoreRequest {
        let mappings = try (value("mappings", as: [String: String].self) ?? [:]).sorted { $0.key < $1.key }
            .map { RestorePlan.Mapping(from: try ServiceReference($0.key), to: try ServiceReference($0.value)) }
        return RestoreRequest(
            backup: try id("backup"), destination: try need("destination", Values.reference),
            services: try selectors(), mappings: mappings, withoutSafety: flag("withoutSafety"), wait: false)
    }
}
