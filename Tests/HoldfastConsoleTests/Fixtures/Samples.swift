import Crypto
import HoldfastCommands
import HoldfastModel

/// One value of everything there is to show.
enum Samples {
    static let live = environment("shop/live")
    static let test = environment("shop/test")
    static let backupID = id("1t6x0fk4w2qz", as: Backup.self)
    static let jobID = id("1t6x0fm4w2qz", as: Job.self)
    static let nodeA = id("1t6x0aaaaaaa", as: Node.self)
    static let nodeB = id("1t6x0bbbbbbb", as: Node.self)
    /// 2026-11-22 21:30:05 UTC
    static let time = Timestamp(milliseconds: 1_795_383_005_250)
    static let uploads = service("media:uploads")

    static func name(_ text: String) -> Name {
        guard let name = try? Name(text) else { preconditionFailure(text) }
        return name
    }

    static func address(_ text: String) -> MailAddress {
        guard let address = try? MailAddress(text) else { preconditionFailure(text) }
        return address
    }

    static func environment(_ text: String) -> EnvironmentReference {
        guard let environment = try? EnvironmentReference(text) else { preconditionFailure(text) }
        return environment
    }

    static func service(_ text: String) -> ServiceReference {
        guard let service = try? ServiceReference(text) else { preconditionFailure(text) }
        return service
    }

    static func id<Of>(_ text: String, as type: Of.Type) -> ID<Of> {
        guard let id = ID<Of>(text) else { preconditionFailure(text) }
        return id
    }

    static func after(_ seconds: Int) -> Timestamp { time.advanced(by: .seconds(seconds)) }

    static var backup: Backup {
        var backup = Backup(
            id: backupID, project: id("1t6x0ccccccc", as: Project.self), environment: live, job: jobID,
            trigger: .onDemand, services: [ServiceReference(.database), uploads], note: "before the sale",
            author: "anna", createdAt: time)
        backup.state = .complete
        backup.endedAt = after(125)
        backup.parts = [databasePart, mediaPart]
        backup.receipt = Receipt(
            layout: 3, heldUntil: after(30 * 86_400), objects: 12,
            holdings: [
                .init(node: nodeA, region: name("eu"), objects: 12, bytes: 64_000_000),
                .init(node: nodeB, region: name("us"), objects: 12, bytes: 64_000_000),
            ])
        return backup
    }

    private static var databasePart: BackupPart {
        var sizes = PartSizes()
        (sizes.logicalBytes, sizes.newBytes, sizes.storedBytes, sizes.readBytes) = (
            50_000_000, 1_000_000, 300_000, 50_000_000
        )
        return BackupPart(
            service: ServiceReference(.database), manifest: object("a"), references: object("b"), startedAt: time,
            endedAt: after(12), sizes: sizes,
            counts: .database(DatabaseCounts(serverVersion: "15.3", tables: 23, rows: 120_034, largeObjects: 0)),
            warnings: Warnings())
    }

    private static var mediaPart: BackupPart {
        var sizes = PartSizes()
        (sizes.logicalBytes, sizes.newBytes, sizes.storedBytes, sizes.readBytes) =
            (3_221_225_472, 104_857_600, 99_000_000, 104_857_600)
        var counts = MediaCounts()
        (counts.files, counts.directories, counts.symbolicLinks, counts.bytes) = (20_001, 340, 2, 3_221_225_472)
        var warnings = Warnings()
        warnings.add("cache/\u{1b}[31mx vanished while it was read")
        return BackupPart(
            service: uploads, manifest: object("c"), references: object("d"), startedAt: time, endedAt: after(125),
            sizes: sizes, counts: .media(counts), warnings: warnings)
    }

    static var cron: CronExpression {
        guard let cron = try? CronExpression("30 2 * * mon") else { preconditionFailure("a cron expression") }
        return cron
    }

    static var rules: RetentionRules {
        var rules = RetentionRules()
        (rules.hourly, rules.daily, rules.weekly, rules.monthly) = (1, 2, 3, 4)
        (rules.onDemandDays, rules.windowDays) = (5, 6)
        return rules
    }

    static var schedule: ScheduleDetail {
        var schedule = Schedule(
            environment: live, project: backup.project, author: "anna", createdAt: time, timing: .cron(cron),
            zone: "Europe/Zurich", jitterSeconds: 60)
        schedule.missed = .init(count: 3, firstDueAt: time, lastDueAt: after(7200), noticedAt: after(9000))
        return ScheduleDetail(
            schedule, label: .weekly, nextRuns: [.init(dueAt: after(3600), startsAt: after(3612))],
            last: .init(backup: backupID, dueAt: time, startedAt: after(12), state: .complete, failure: nil))
    }

    static var retentionStatus: RetentionStatus {
        RetentionStatus(
            reviewedAt: time, pause: .init(noticedAt: time, jumpSeconds: 31_536_000), resumesAt: after(86_400))
    }

    static var preview: RetentionPreviewResult {
        var verdict = RetentionVerdict(
            backup: backupID, goes: false, reasons: [RetentionReason(.label, label: .daily, place: 3, of: 7)])
        verdict.goesAt = after(5 * 86_400)
        let labels = backup.services.map { PartLabel(service: $0, label: .daily, since: time) }
        return RetentionPreviewResult(
            environment: live, policy: RetentionPolicy(), isSaved: false, status: retentionStatus,
            backups: [.init(backup, labels: labels, verdict: verdict)])
    }

    static func object(_ digit: Character) -> ObjectName {
        guard let name = ObjectName(String(repeating: digit, count: 64)) else { preconditionFailure("64 digits") }
        return name
    }

    static var restore: RestoreDetail {
        RestoreDetail(
            job: jobID, source: .backup(backupID), destination: test,
            mappings: [
                .init(from: ServiceReference(.database), to: ServiceReference(.database)),
                .init(from: uploads, to: ServiceReference(.media)),
            ], status: .running, step: .stage, author: "anna", createdAt: time,
            safetyBackup: id("1t6x0fs4w2qz", as: Backup.self))
    }

    static let attention = Attention(
        step: "swap", reason: HoldfastError(.inputOutput, "The node node-1 can't exchange /srv/media: read-only"),
        whatToDo: "Mend the file system, then `holdfast restore resume 1t6x0fm4w2qz`")

    static let report = CheckReport(services: [
        .init(
            service: ServiceReference(.database),
            identity: .database(system: "7301", oid: 16_400, name: "shop"), bytes: 50_000_000,
            facts: [.init("server", "PostgreSQL 15.3")],
            problems: [
                .init(.error, .loginRefused, "The server refused the password of shop@db: set it anew"),
                .init(.warning, .unsupported, "The extension postgis is not here"),
            ])
    ])

    static var plan: RestorePlanResult {
        RestorePlanResult(
            backup: backup, destination: test, mappings: restore.mappings,
            willBeOverwritten: [
                ServiceDetail(service: ServiceReference(.database), location: "postgresql://shop@db:5432/shop_test"),
                ServiceDetail(service: ServiceReference(.media), location: "/srv/test/media"),
            ], takesSafetyBackup: true, undoWindowSeconds: 86_400, report: CheckReport(services: []))
    }

    static var nodes: [NodeStatus] {
        [
            NodeStatus(
                id: nodeA, name: name("node-1"), region: name("eu"), address: "10.0.0.1:7101", state: .up,
                lastSeen: time, capacityBytes: 107_374_182_400, freeBytes: 53_687_091_200, objects: 1234,
                storedBytes: 5_000_000_000, takesWrites: true),
            NodeStatus(id: nodeB, name: name("node-2"), region: name("us"), address: nil, state: .down),
        ]
    }

    static var job: JobSummary {
        JobSummary(
            id: jobID, kind: .restore, environment: test, status: .needsAttention, step: "swap", author: "anna",
            createdAt: time, attention: attention,
            progress: Progress(step: "stage", subject: "media", bytes: 50, totalBytes: 200))
    }

    static var environmentDetail: EnvironmentDetail {
        EnvironmentDetail(
            environment: live, node: name("node-1"), undoWindowSeconds: 86_400,
            services: [
                ServiceDetail(service: ServiceReference(.database), location: "postgresql://shop@db:5432/shop"),
                ServiceDetail(service: uploads, location: "/srv/shop/uploads"),
            ], lastBackup: backup)
    }

    static var collectReport: CollectReport {
        var report = CollectReport()
        report.add(CollectReport.Share(node: nodeA, objects: 3, bytes: 12_345))
        (report.backups, report.unknown, report.problems) = (2, [backupID], ["Node node-2 is away"])
        return report
    }

    static var user: UserDetail {
        UserDetail(account, roles: [name("shop"): .operator, name("blog"): .owner])
    }

    private static var account: User {
        User(
            id: id("1t6x0fv4w2qz", as: User.self), name: name("anna"), mail: address("anna@example.org"),
            createdAt: time, author: "admin")
    }

    static var session: Session {
        Session(
            id: id("1t6x0fe4w2qz", as: Session.self), digest: "", user: account, at: time, lifetime: .seconds(3600),
            address: "192.0.2.7", agent: "Browser/1 \u{1b}[31m")
    }

    static let token = AccessTokenDetail(
        id: id("0123456789ab", as: AccessTokenMark.self), user: "anna", label: "nightly",
        limits: TokenLimits(isReadOnly: true, role: .viewer, project: name("shop")), createdAt: time, expiresAt: time)

    static var changes: [AuditEntry] {
        let results: [AuditEntry.Result] = [.accepted, .refused(.permissionDenied), .failed(.busy)]
        return results.map { result in
            AuditEntry(
                id: id("1t6x0fq4w2qz", as: AuditEntry.self), at: time, user: "anna", token: "nightly",
                origin: Origin(.api, address: "192.0.2.7"), change: "backup create shop/live", project: name("shop"),
                projectID: backup.project, job: jobID, result: result)
        }
    }

    static let receiver = NoticeTargetDetail(
        id: id("1t6x0fk4w2qz", as: NoticeTarget.self), project: name("shop"), mail: nil,
        webhook: "https://hooks.example.org", kinds: [.backupFailed, .nodeDown], createdAt: time, author: "anna",
        waiting: 2, lastSentAt: time, failure: "https://hooks.example.org answered 500")

    static var tablePage: BackupTablePage {
        BackupTablePage(
            backup: backupID, service: ServiceReference(.database), total: 1201,
            tables: [
                BackupTable(schema: "public", name: "customers", rows: 12_000, bytes: 3 << 20),
                BackupTable(schema: "public", name: "\u{1b}orders", rows: 0, bytes: 0),
            ], next: 400)
    }

    static var contentBytes: [UInt8] { (0..<250_000).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) } }
    static var contentSum: String { Array(SHA256.hash(data: contentBytes)).hexadecimal }

    static var content: ContentHead {
        ContentHead(
            backup: backupID, service: uploads, form: .file, name: "1.jpg", type: "image/jpeg", bytes: 250_000,
            tag: "00ff", capturedAt: time)
    }

    static var findPage: BackupFindPage {
        let live = environment("shop/live")
        func found(_ path: String, _ bytes: Int64, _ change: FoundFile.Change?) -> FoundFile {
            var file = FoundFile(
                path: path, kind: .file, bytes: bytes, modifiedAt: time, target: nil, content: "00ff")
            file.change = change
            return file
        }
        func part(_ files: [FoundFile], _ failure: HoldfastError? = nil) -> BackupFindPage.Part {
            .init(
                backup: backupID, environment: live, createdAt: time, service: ServiceReference(.media), files: files,
                failure: failure)
        }
        return BackupFindPage(
            scope: "shop/live", pattern: "/a b/\u{1b}x.jpg",
            parts: [
                part([found("a b/\\x1bx.jpg", 3 << 20, .changed)]), part([]),
                part([found("a b/\\x1bx.jpg", 7, .added), found("y", 1, nil)]),
                part([], HoldfastError(.corrupt, "The manifest is damaged")),
            ], next: "\(backupID)/media/a b")
    }

    static var fileRestore: FileRestoreDetail {
        var counts = MediaCounts()
        (counts.files, counts.directories, counts.bytes) = (3, 1, 2048)
        var report = FileRestoreReport(place: "a/\\x1bb", counts: counts, keptAs: "a/\\x1bb.replaced-\(jobID)")
        report.warnings.add("a/x is a device")
        return FileRestoreDetail(
            job: jobID, backup: backupID, path: "a/\\x1bb", destination: live, service: uploads, status: .succeeded,
            report: report)
    }

    static var difference: BackupDiffResult {
        func file(_ path: String, _ change: FileDifference.Change, _ old: Int64?, _ new: Int64?) -> FileDifference {
            func side(_ bytes: Int64?) -> FileDifference.Side? {
                bytes.map { .init(kind: .file, bytes: $0, modifiedAt: time, target: nil) }
            }
            return FileDifference(path: path, change: change, old: side(old), new: side(new))
        }
        var files = PartDifference(
            totals: .init(),
            files: [file("a/x", .added, nil, 5), file("\\x1by", .removed, 3 << 20, nil), file("z", .changed, 1, 2)],
            next: "z")
        for change in files.files ?? [] {
            switch change.change {
            case .added: files.totals.added.add(5)
            case .removed: files.totals.removed.add(3 << 20)
            default: files.totals.changed.add(2)
            }
        }
        files.totals.same = .init(items: 1234, bytes: 9)
        var tables = PartDifference(
            totals: .init(),
            tables: [
                TableDifference(
                    schema: "public", name: "orders", change: .changed, old: .init(rows: 1200, bytes: 4096),
                    new: .init(rows: 1300, bytes: 8192))
            ])
        tables.totals.changed.add(8192)
        return BackupDiffResult(
            old: .init(backup), new: .init(backup),
            services: [
                .init(service: ServiceReference(.database), state: .both, difference: tables),
                .init(service: ServiceReference(.media), state: .both, difference: files),
                .init(service: uploads, state: .onlyNew),
                .init(service: uploads, state: .both, failure: HoldfastError(.corrupt, "The manifest is damaged")),
            ])
    }

    static var filePage: BackupFilePage {
        func file(_ name: String, _ kind: BackupFile.Kind, _ mode: UInt16, bytes: Int64? = nil) -> BackupFile {
            BackupFile(
                name: name, kind: kind, bytes: bytes, modifiedAt: time, mode: mode, owner: 1000, group: 100,
                target: nil, remarks: nil)
        }
        var page = BackupFilePage(
            backup: backupID, service: uploads, path: "a b",
            files: [
                file("deep", .directory, 0o750), file("x\\n.jpg", .file, 0o644, bytes: 3 << 20),
                file("link", .symbolicLink, 0o777),
            ], next: "0a0b")
        page.files[1].remarks = [.vanished]
        page.files[2].target = "../x"
        return page
    }

    static var results: [CommandResult] {
        var failed = restore
        (failed.status, failed.step, failed.endedAt) = (.failed, .ended, after(60))
        failed.failure = HoldfastError(.noSpace, "No space on node-1")
        return [
            .clusterStatus(
                ClusterStatus(
                    softwareVersion: "0.1.0", epoch: Epoch(7), leaderSince: time, now: after(3 * 3600 + 720),
                    nodes: nodes, projects: 2, openJobs: 1, needingAttention: [job])),
            .nodes(nodes), .token(JoinTokenResult(token: Secret("hj-abc"), expires: time)),
            .projects([ProjectSummary(name: name("shop"), environments: [name("live")], backups: 3, lastBackup: time)]),
            .project(
                ProjectDetail(
                    id: backup.project, name: name("shop"), createdAt: time,
                    policy: PlacementPolicy(name: name("shop"), copies: 2, regions: 2, allowedRegions: nil),
                    environments: [environmentDetail])),
            .environments([environmentDetail]), .environment(environmentDetail), .check(live, report),
            .backups([backup]), .schedules([schedule]), .schedule(schedule), .retentionPreview(preview),
            .retention(
                RetentionDetail(scope: "shop/live", own: rules, policy: RetentionPolicy(), status: retentionStatus)),
            .backup(
                BackupDetail(
                    backup: backup, nodeNames: [nodeA: name("node-1"), nodeB: name("node-2")], restores: [failed])),
            .tables(tablePage), .files(filePage), .found(findPage), .difference(difference), .fileRestore(fileRestore),
            .given(GivenContent(content: content, sha256: contentSum)), .restorePlan(plan),
            .restores([restore, failed]), .restore(restore),
            .verified(backupID, VerifyReport()),
            .collected([
                Collected(project: name("shop"), job: jobID, report: collectReport, nodeNames: [nodeA: name("node-1")]),
                Collected(project: name("blog"), job: jobID, failure: HoldfastError(.corrupt, "No list")),
                Collected(project: name("news"), job: jobID),
            ]),
            .jobs([job]), .users([user]), .user(user), .sessions([SessionDetail(session)]),
            .credential(Credential(user: name("anna"), password: Secret("4f7k2-9xq3m"))),
            .credential(Credential(user: name("anna"), link: Secret("https://x/invitation/1"), expiresAt: time)),
            .credential(Credential(user: name("anna"), expiresAt: time, mail: address("anna@example.org"))),
            .accessTokens([token]), .accessToken(NewAccessToken(detail: token, token: Secret("hfat_1"))),
            .noticeTargets([receiver]), .noticeTarget(NewNoticeTarget(detail: receiver, key: Secret("whsec_1"))),
            .noticeTest(NoticeTestResult(target: receiver.id, state: .waiting, failure: "away")),
            .audit(changes),
            .job(JobDetail(summary: job, journal: [JournalLine(number: 1, at: time, text: "check")])),
            .accepted(Accepted(job: jobID, backup: backupID)), .done("Removed."),
        ]
    }

    static let events: [CommandEvent] = [
        .accepted(Accepted(job: jobID, backup: backupID)), .step("stage"),
        .progress(Progress(step: "stage", subject: "media", bytes: 1, totalBytes: 2, items: 3, totalItems: 4)),
        .waiting("node-1"), .note("hello"),
    ]
}
