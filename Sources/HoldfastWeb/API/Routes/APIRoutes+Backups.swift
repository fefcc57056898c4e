import HoldfastCommands
import HoldfastModel

extension APIRoutes {
    private static let backup = "/backups/{backup}"

    static let backups: [APIRoute] = [
        APIRoute(
            .get, "/backups", .backupList, "The backups, the newest first.",
            query: [
                .optional("project", .text(pattern: Field.namePattern), "Only of this project."),
                .optional("environment", .text(pattern: Field.environmentPattern), "Only of this one: shop/live."),
                .optional("trigger", .choice(Backup.Trigger.allCases.map(\.rawValue)), "Only those made so."),
                .optional("deleted", .flag, "The deleted ones, too."),
            ], .page(Backup.self, key: "id", isNative: true)
        ) { values in
            .backupList(
                BackupList(
                    project: try values.find("project", Values.name),
                    environment: try values.find("environment", Values.reference),
                    trigger: try values.find("trigger") { try Values.raw($0) as Backup.Trigger },
                    includeDeleted: values.flag("deleted"), limit: values.limit,
                    after: try values.find("cursor", Values.id)))
        },
        APIRoute(
            .post, "/projects/{project}/environments/{environment}/backups", .backupCreate, "Back up an environment.",
            body: [
                .optional("kinds", .texts, "Services of these kinds: database, media; all."),
                .optional("services", .texts, "These services; all."),
                .optional("note", .text(), "A note, of at most 1000 bytes."),
                .optional("fullRead", .flag, "Read also what seems unchanged."),
            ], .accepted
        ) { values in
            .backupCreate(
                BackupCreate(
                    environment: try values.environment(), services: try values.selectors(), note: values.text("note"),
                    fullRead: values.flag("fullRead"), wait: false))
        },
        APIRoute(.get, backup, .backupShow, "A backup.", .one(BackupDetail.self)) {
            .backupShow(try $0.id("backup"))
        },
        APIRoute(
            .get, backup + "/tables", .backupTables, "The tables in a backup of a database, with their rows.",
            query: [
                .optional("of", .text(), "Which database, where there are several."),
                .optional("after", .integer(0...Int.max), "So many are passed over: `next` of the page before."),
                .optional("limit", .integer(BackupTableList.limitRange), "How many at most; 200."),
            ], .one(BackupTablePage.self)
        ) { values in
            .backupTables(
                BackupTableList(
                    backup: try values.id("backup"), source: try values.find("of") { try ServiceReference($0) },
                    after: values.integer("after") ?? 0, limit: values.integer("limit") ?? 200))
        },
        APIRoute(
            .get, backup + "/files", .backupFiles, "What is in a directory of a backup of media.",
            query: [
                .optional("of", .text(), "Which media, where there are several."),
                .optional("path", .text(), "The directory; the root unless said otherwise."),
                .optional("from", .text(), "`next` of the page before."),
                .optional("limit", .integer(BackupFileList.limitRange), "How many at most; 200."),
            ], .one(BackupFilePage.self)
        ) { values in
            .backupFiles(
                BackupFileList(
                    backup: try values.id("backup"), source: try values.find("of") { try ServiceReference($0) },
                    path: values.text("path"), from: values.text("from"), limit: values.integer("limit") ?? 200))
        },
        APIRoute(
            .get, backup + "/files/content", .backupGet, "A file of its media as it was, or a directory as a tar.",
            query: [
                .optional("of", .text(), "Which media, where there are several."),
                .required("path", .text(), "The file or directory, from the media's root; / is all of it."),
            ], .content(["application/octet-stream", "application/x-tar", "*/*"])
        ) { values in
            .backupGet(
                BackupGet(
                    backup: try values.id("backup"), what: .path(try values.need("path") { $0 }),
                    source: try values.find("of") { try ServiceReference($0) }))
        },
        APIRoute(
            .get, backup + "/tables/content", .backupGet, "The rows of one table, as a script for psql.",
            query: [
                .optional("of", .text(), "Which database, where there are several."),
                .required("table", .text(), "`schema.name`, or `name` where only one schema has it."),
            ], .content(["application/sql"])
        ) { values in
            .backupGet(
                BackupGet(
                    backup: try values.id("backup"), what: .table(try values.need("table") { $0 }),
                    source: try values.find("of") { try ServiceReference($0) }))
        },
        APIRoute(
            .get, "/projects/{project}/files", .backupFind,
            "In which backups of the project paths of media are, the newest first.",
            query: [
                .required("pattern", .text(), "A name, a path, or a pattern: `*.jpg`, `/products/**`."),
                .optional("environment", .text(pattern: Field.namePattern), "Only of this environment."),
                .optional("of", .text(), "Only in these media."),
                .optional("from", .text(), "`next` of the page before."),
                .optional("limit", .integer(BackupFind.limitRange), "How many paths at most; 100."),
            ], .one(BackupFindPage.self)
        ) { values in
            .backupFind(
                BackupFind(
                    project: try values.project(), environment: try values.find("environment", Values.name),
                    pattern: try values.need("pattern") { $0 },
                    source: try values.find("of") { try ServiceReference($0) },
                    from: values.text("from"), limit: values.integer("limit") ?? 100))
        },
        APIRoute(
            .get, backup + "/difference", .backupDiff, "How it differs from an older backup of the project.",
            query: [
                .required("since", .text(pattern: Field.idPattern), "The older backup."),
                .optional("of", .text(), "Only in this service."),
                .optional("from", .text(), "`next` of the service's page before."),
                .optional("limit", .integer(BackupDiff.limitRange), "How many lines of each service at most; 200."),
            ], .one(BackupDiffResult.self)
        ) { values in
            .backupDiff(
                BackupDiff(
                    old: try values.id("since"), new: try values.id("backup"),
                    source: try values.find("of") { try ServiceReference($0) }, from: values.text("from"),
                    limit: values.integer("limit") ?? 200))
        },
        APIRoute(.post, backup + "/cancel", .backupCancel, "Cancel one that is being made.", .message) {
            .backupCancel(try $0.id("backup"))
        },
        APIRoute(.post, backup + "/verify", .backupVerify, "Read all of it again.", .accepted) {
            .backupVerify(try $0.id("backup"))
        },
        APIRoute(
            .delete, backup, .backupDelete, "Delete it; for a while it can be taken back.",
            query: [.optional("now", .flag, "For good.")], .message
        ) { .backupDelete(try $0.id("backup"), now: $0.flag("now")) },
        APIRoute(.post, backup + "/undelete", .backupUndelete, "Take a deleted one back.", .message) {
            .backupUndelete(try $0.id("backup"))
        },
        APIRoute(.put, backup + "/pin", .backupPin, "Keep it until it is unpinned.", .message) {
            .backupPin(try $0.id("backup"))
        },
        APIRoute(.delete, backup + "/pin", .backupUnpin, "Let the rules decide about it again.", .message) {
            .backupUnpin(try $0.id("backup"))
        },
        APIRoute(
            .put, backup + "/expiry", .backupExpire, "Say when it goes; with neither field, the rules decide.",
            body: [
                .optional("at", .text(), "At this time."),
                .optional("afterSeconds", .integer(1...3650 * 86_400), "So long after now."),
            ], .message
        ) { values in
            let date = try values.find("at", Values.time).map { BackupExpire.When.at($0) }
            let span = values.integer("afterSeconds").map { BackupExpire.When.after(seconds: $0) }
            guard date == nil || span == nil else {
                throw HoldfastError(.invalidArgument, "Write “at” or “afterSeconds”, not both")
            }
            return .backupExpire(BackupExpire(backup: try values.id("backup"), when: date ?? span ?? .never))
        },
        APIRoute(
            .put, backup + "/note", .backupNote, "Change its note.",
            body: [.required("note", .text(), "At most 1000 bytes; empty takes it away.")], .message
        ) { .backupNote(BackupNote(backup: try $0.id("backup"), note: $0.text("note") ?? "")) },
    ]
}
