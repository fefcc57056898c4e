import ArgumentParser
import HoldfastCommands
import HoldfastModel
import Testing

@testable import HoldfastConsole

@Suite struct ConsoleGrammarTests {
    static let backup = Samples.backupID
    static let job = Samples.jobID
    static let download = Samples.id("1t6x0fn4w2qz", as: Download.self)
    static let live = Samples.live
    static let test = Samples.test
    static let anna = Samples.name("anna")

    static let lines: [(String, Command)] = [
        ("cluster status", .clusterStatus),
        ("holdfast node list", .nodeList),
        ("node token", .nodeToken(NodeToken())),
        ("node token --valid 2h", .nodeToken(NodeToken(validSeconds: 7200))),
        ("node weight n1 4.5", .nodeChange(NodeChange(node: Samples.name("n1"), weight: 4.5))),
        (
            "node maintenance n1 --for 2h",
            .nodeChange(NodeChange(node: Samples.name("n1"), maintenance: .begin(seconds: 7200)))
        ),
        ("node maintenance n1 --end", .nodeChange(NodeChange(node: Samples.name("n1"), maintenance: .end))),
        ("node drain n1", .nodeChange(NodeChange(node: Samples.name("n1"), isLeaving: true))),
        ("node drain n1 --stop", .nodeChange(NodeChange(node: Samples.name("n1"), isLeaving: false))),
        ("node remove n1 --yes", .nodeRemove(NodeRemove(node: Samples.name("n1")))),
        ("node remove n1 --lost --yes", .nodeRemove(NodeRemove(node: Samples.name("n1"), isLost: true))),
        ("node scrub n1", .nodeScrub(Samples.name("n1"))),
        ("repair run", .repairRun(RepairRun())),
        ("repair run shop --no-wait", .repairRun(RepairRun(project: Samples.name("shop"), wait: false))),
        ("catalog rebuild", .catalogRebuild(CatalogRebuildRequest())),
        ("catalog rebuild --wait 5m", .catalogRebuild(CatalogRebuildRequest(waitSeconds: 300))),
        ("policy list", .policyList),
        ("policy remove eu", .policyRemove(Samples.name("eu"))),
        (
            "policy set eu --copies 3 --regions 2 --allowed-region a --allowed-region b --home a --degraded 2",
            .policySet(
                PlacementPolicy(
                    name: Samples.name("eu"), copies: 3, regions: 2,
                    allowedRegions: [Samples.name("a"), Samples.name("b")], home: Samples.name("a"), degradedCopies: 2))
        ),
        (
            "project policy shop eu",
            .projectPolicy(ProjectPolicy(project: Samples.name("shop"), policy: Samples.name("eu")))
        ),
        (
            "project create shop --policy eu",
            .projectCreate(ProjectCreate(name: Samples.name("shop"), policy: Samples.name("eu")))
        ),
        ("mail test anna@example.org", .mailTest(Samples.address("anna@example.org"))),
        ("mail list", .mailList),
        ("mail retry 1t6x0fk4w2qz", .mailRetry(Samples.id("1t6x0fk4w2qz", as: OutgoingMail.self))),
        ("notice list", .noticeList(project: nil)),
        ("notice list shop", .noticeList(project: Samples.name("shop"))),
        (
            "notice add shop --mail anna@example.org --only backup-failed --only node-down",
            .noticeAdd(
                NoticeAdd(
                    project: Samples.name("shop"), road: .mail(Samples.address("anna@example.org")),
                    kinds: [.backupFailed, .nodeDown]))
        ),
        (
            "notice add --webhook https://hooks.example.org/x",
            .noticeAdd(NoticeAdd(project: nil, road: .webhook(Secret("https://hooks.example.org/x"))))
        ),
        ("notice remove 1t6x0fk4w2qz", .noticeRemove(Samples.receiver.id)),
        ("notice test 1t6x0fk4w2qz", .noticeTest(Samples.receiver.id)),
        ("user list", .userList),
        ("user show", .userShow(nil)),
        ("user show anna", .userShow(anna)),
        (
            "user invite anna --mail anna@example.org --role shop=operator --role blog=viewer --valid 2d",
            .userInvite(
                UserInvite(
                    name: anna, mail: Samples.address("anna@example.org"),
                    roles: [Samples.name("shop"): .operator, Samples.name("blog"): .viewer], validSeconds: 172_800))
        ),
        ("user create anna --administrator", .userCreate(UserCreate(name: anna, isAdministrator: true))),
        (
            "user create anna '--password=--hush hush'",
            .userCreate(UserCreate(name: anna, password: Secret("--hush hush")))
        ),
        ("user disable anna", .userDisable(anna)),
        ("user enable anna", .userEnable(anna)),
        ("user remove anna --yes", .userRemove(anna)),
        ("user password anna", .userPassword(UserPassword(user: anna))),
        (
            "user password anna --current=old --password=new",
            .userPassword(UserPassword(user: anna, current: Secret("old"), password: Secret("new")))
        ),
        (
            "user role anna shop owner",
            .userRole(UserRole(user: anna, grant: .project(Samples.name("shop"), .owner)))
        ),
        ("user role anna shop none", .userRole(UserRole(user: anna, grant: .project(Samples.name("shop"), nil)))),
        ("user role anna --no-administrator", .userRole(UserRole(user: anna, grant: .administrator(false)))),
        ("token list", .tokenList(user: nil)),
        ("token list anna", .tokenList(user: anna)),
        ("token create nightly", .tokenCreate(TokenCreate(label: "nightly"))),
        (
            "token create 'a b' --user anna --read-only --role viewer --project shop --never-expires",
            .tokenCreate(
                TokenCreate(
                    label: "a b", user: anna,
                    limits: TokenLimits(isReadOnly: true, role: .viewer, project: Samples.name("shop")),
                    validSeconds: nil))
        ),
        ("token revoke 1t6x0fk4w2qz", .tokenRevoke(Samples.id("1t6x0fk4w2qz", as: AccessTokenMark.self))),
        ("session list", .sessionList(user: nil)),
        ("session list anna", .sessionList(user: anna)),
        ("session revoke 1t6x0fk4w2qz", .sessionRevoke(Samples.id("1t6x0fk4w2qz", as: Session.self))),
        ("audit list", .auditList(AuditList())),
        (
            "audit list shop --user anna --since 2026-11-22T21:30:05.250Z --limit 7 --after 1t6x0fk4w2qz",
            .auditList(
                AuditList(
                    project: Samples.name("shop"), user: "anna", since: Samples.time, limit: 7,
                    after: Samples.id("1t6x0fk4w2qz", as: AuditEntry.self)))
        ),
        ("project create shop", .projectCreate(ProjectCreate(name: Samples.name("shop")))),
        (
            "project create shop --copies 3 --regions 2 --allowed-region eu --allowed-region us",
            .projectCreate(
                ProjectCreate(
                    name: Samples.name("shop"), copies: 3, regions: 2,
                    allowedRegions: [Samples.name("eu"), Samples.name("us")]))
        ),
        ("project list", .projectList),
        ("project show shop", .projectShow(Samples.name("shop"))),
        ("project remove shop --yes", .projectRemove(Samples.name("shop"))),
        ("project erase shop --yes", .projectErase(Samples.name("shop"))),
        ("project rotate-key shop", .projectRotateKey(Samples.name("shop"))),
        ("environment create shop/live", .environmentCreate(EnvironmentCreate(environment: live))),
        (
            "environment create shop/live --node node-1 --undo-window 3d",
            .environmentCreate(
                EnvironmentCreate(environment: live, node: Samples.name("node-1"), undoWindowSeconds: 259_200))
        ),
        ("environment list", .environmentList(project: nil)),
        ("environment list shop", .environmentList(project: Samples.name("shop"))),
        ("environment show shop/live", .environmentShow(live)),
        (
            "environment change shop/live --undo-window 0s",
            .environmentChange(EnvironmentChange(environment: live, undoWindowSeconds: 0))
        ),
        ("environment remove shop/live --yes", .environmentRemove(live)),
        ("environment check shop/live", .environmentCheck(live)),
        (
            "service set shop/live database --url 'postgresql://u:p w@h/d?sslmode=require'",
            .serviceSet(
                ServiceSet(
                    environment: live, service: ServiceReference(.database),
                    location: .database(url: Secret("postgresql://u:p w@h/d?sslmode=require"))))
        ),
        (
            "service set shop/live media:uploads --path \"/srv/my media\"",
            .serviceSet(
                ServiceSet(environment: live, service: Samples.uploads, location: .media(path: "/srv/my media")))
        ),
        ("service remove shop/live media", .serviceRemove(live, ServiceReference(.media))),
        ("backup create shop/live", .backupCreate(BackupCreate(environment: live))),
        (
            "backup create shop/live --media --note \"before the sale\" --no-wait",
            .backupCreate(
                BackupCreate(environment: live, services: [.kind(.media)], note: "before the sale", wait: false))
        ),
        (
            "backup create shop/live --note=--yes --database --service media:uploads",
            .backupCreate(
                BackupCreate(
                    environment: live, services: [.kind(.database), .service(Samples.uploads)], note: "--yes"))
        ),
        ("backup list", .backupList(BackupList())),
        ("backup list shop", .backupList(BackupList(project: Samples.name("shop")))),
        (
            "backup list shop/live --trigger on-demand --deleted --limit 7 --after \(backup)",
            .backupList(
                BackupList(environment: live, trigger: .onDemand, includeDeleted: true, limit: 7, after: backup))
        ),
        ("backup show \(backup)", .backupShow(backup)),
        ("backup cancel \(backup)", .backupCancel(backup)),
        ("backup verify \(backup)", .backupVerify(backup)),
        ("backup delete \(backup) --yes", .backupDelete(backup)),
        ("backup delete \(backup) --now --yes", .backupDelete(backup, now: true)),
        (
            "environment create shop/test --schedule none",
            .environmentCreate(EnvironmentCreate(environment: test, schedule: nil))
        ),
        ("backup undelete \(backup)", .backupUndelete(backup)),
        ("backup pin \(backup)", .backupPin(backup)),
        ("backup unpin \(backup)", .backupUnpin(backup)),
        (
            "backup expire \(backup) --at 2027-06-30",
            .backupExpire(BackupExpire(backup: backup, when: .at(Timestamp(milliseconds: 1_814_313_600_000))))
        ),
        (
            "backup expire \(backup) --after 90d",
            .backupExpire(BackupExpire(backup: backup, when: .after(seconds: 7_776_000)))
        ),
        ("backup expire \(backup) --never", .backupExpire(BackupExpire(backup: backup, when: .never))),
        ("backup tables \(backup)", .backupTables(BackupTableList(backup: backup))),
        (
            "backup tables \(backup) --of database --after 200 --limit 10",
            .backupTables(
                BackupTableList(backup: backup, source: ServiceReference(.database), after: 200, limit: 10))
        ),
        ("backup files \(backup)", .backupFiles(BackupFileList(backup: backup))),
        (
            "backup files \(backup) 'a b/c\\n' --of media:uploads --from 0a0b --limit 1000",
            .backupFiles(
                BackupFileList(
                    backup: backup, source: Samples.uploads, path: "a b/c\\n", from: "0a0b", limit: 1000))
        ),
        ("backup files \(backup) -- --of", .backupFiles(BackupFileList(backup: backup, path: "--of"))),
        (
            "backup find shop '*.jpg'",
            .backupFind(BackupFind(project: Samples.name("shop"), pattern: "*.jpg"))
        ),
        (
            "backup find shop/live --of media:uploads --from 'x/media/a b' --limit 7 -- --of",
            .backupFind(
                BackupFind(
                    project: Samples.name("shop"), environment: Samples.name("live"), pattern: "--of",
                    source: Samples.uploads, from: "x/media/a b", limit: 7))
        ),
        (
            "backup diff \(backup) \(backup) --of database --from 20 --limit 5",
            .backupDiff(
                BackupDiff(old: backup, new: backup, source: ServiceReference(.database), from: "20", limit: 5))
        ),
        ("backup get \(backup) 'a b/c\\n'", .backupGet(BackupGet(backup: backup, what: .path("a b/c\\n")))),
        (
            "backup get \(backup) / --of media:uploads",
            .backupGet(BackupGet(backup: backup, what: .path("/"), source: Samples.uploads))
        ),
        ("backup get \(backup) -- -o", .backupGet(BackupGet(backup: backup, what: .path("-o")))),
        (
            "backup get \(backup) --table public.orders -o x --force",
            .backupGet(BackupGet(backup: backup, what: .table("public.orders")))
        ),
        (
            "restore file \(backup) a/b.jpg --to shop/live",
            .restoreFile(FileRestoreRequest(backup: backup, path: "a/b.jpg", destination: live))
        ),
        (
            "restore file \(backup) --to shop/live --of media:uploads --into media --at 'c d' --replace --no-wait -- --at",
            .restoreFile(
                FileRestoreRequest(
                    backup: backup, path: "--at", source: Samples.uploads, destination: live,
                    service: ServiceReference(.media), place: "c d", replaces: true, wait: false))
        ),
        ("backup note \(backup) 'before the sale'", .backupNote(BackupNote(backup: backup, note: "before the sale"))),
        ("backup note \(backup) -- --never", .backupNote(BackupNote(backup: backup, note: "--never"))),
        (
            "schedule set shop/live --preset weekly",
            .scheduleSet(ScheduleSet(environment: live, timing: .preset(.weekly)))
        ),
        (
            "schedule set shop/live --cron '30 2 * * mon' --time-zone Europe/Zurich --media --jitter 10m --disable",
            .scheduleSet(
                ScheduleSet(
                    environment: live, timing: .cron(Samples.cron), zone: "Europe/Zurich", services: [.kind(.media)],
                    jitterSeconds: 600, isPaused: true))
        ),
        (
            "schedule set shop/live --preset hourly --jitter 0",
            .scheduleSet(ScheduleSet(environment: live, timing: .preset(.hourly), jitterSeconds: 0))
        ),
        ("schedule show shop/live", .scheduleShow(live)),
        ("schedule list", .scheduleList(project: nil)),
        ("schedule list shop", .scheduleList(project: Samples.name("shop"))),
        ("schedule pause shop/live", .schedulePause(live)),
        ("schedule resume shop/live", .scheduleResume(live)),
        ("schedule remove shop/live", .scheduleRemove(live)),
        ("retention show shop", .retentionShow(.project(Samples.name("shop")))),
        (
            "retention set shop/live --hourly 1 --daily 2 --weekly 3 --monthly 4 --on-demand-days 5 --window-days 6",
            .retentionSet(RetentionSet(scope: .environment(live), rules: Samples.rules))
        ),
        ("retention reset shop/live", .retentionReset(.environment(live))),
        ("retention preview shop/live", .retentionPreview(RetentionPreview(environment: live))),
        (
            "retention preview shop/live --hourly 1 --daily 2 --weekly 3 --monthly 4 --on-demand-days 5 --window-days 6",
            .retentionPreview(RetentionPreview(environment: live, rules: Samples.rules))
        ),
        ("restore plan \(backup) --to shop/test", .restorePlan(RestoreRequest(backup: backup, destination: test))),
        (
            "restore start \(backup) --to shop/test --database --yes --no-wait",
            .restoreStart(
                RestoreRequest(backup: backup, destination: test, services: [.kind(.database)], wait: false))
        ),
        (
            "restore start \(backup) --to shop/test --map media:uploads=media --without-safety --yes",
            .restoreStart(
                RestoreRequest(
                    backup: backup, destination: test,
                    mappings: [.init(from: Samples.uploads, to: ServiceReference(.media))], withoutSafety: true))
        ),
        ("restore show \(job)", .restoreShow(job)),
        ("restore list", .restoreList(nil)),
        ("restore list shop/test", .restoreList(test)),
        ("restore undo \(job) --yes", .restoreUndo(UndoRequest(restore: job))),
        (
            "restore undo \(job) --yes --without-safety",
            .restoreUndo(UndoRequest(restore: job, withoutSafety: true))
        ),
        ("backup create shop/live --full-read", .backupCreate(BackupCreate(environment: live, fullRead: true))),
        ("restore undo \(job) --yes --no-wait", .restoreUndo(UndoRequest(restore: job, wait: false))),
        ("restore cancel \(job)", .restoreCancel(job)),
        ("restore resume \(job)", .restoreResume(job)),
        ("collect run", .collectRun(CollectRun())),
        ("collect run shop --no-wait", .collectRun(CollectRun(project: Samples.name("shop"), wait: false))),
        ("download prepare \(backup)", .downloadPrepare(DownloadPrepare(backup: backup))),
        (
            "download prepare \(backup) --media --file 'a b\\n/-x.jpg' --file=-y --table public.orders --of media:uploads "
                + "--mail anna@example.org --expires 3d --no-wait",
            .downloadPrepare(
                DownloadPrepare(
                    backup: backup, services: [.kind(.media)], files: ["a b\\n/-x.jpg", "-y"],
                    tables: ["public.orders"],
                    source: Samples.uploads, mail: Samples.address("anna@example.org"), validSeconds: 259_200,
                    wait: false))
        ),
        ("download list", .downloadList(nil)),
        ("download list shop/live", .downloadList(live)),
        ("download show \(download)", .downloadShow(download)),
        ("download links \(download)", .downloadLinks(download)),
        ("download revoke \(download)", .downloadRevoke(download)),
        ("job list", .jobList(all: false)),
        ("job list --all", .jobList(all: true)),
        ("job show \(job)", .jobShow(job)),
        ("job watch \(job)", .jobWatch(job)),
        ("job cancel \(job)", .jobCancel(job)),
    ]

    private func request(_ line: String) throws -> CommandRequest {
        guard case .request(let request) = try ConsoleGrammar.parse(line) else {
            throw HoldfastError(.internal, "help instead of a request")
        }
        return request
    }

    @Test(arguments: lines)
    func command(_ line: String, _ expected: Command) throws {
        let request = try request(line)
        #expect(request.command == expected)
        #expect(request.isConfirmed)
        // What the client sends is read as the same command again.
        #expect(try self.request(expected.line).command == expected, "\(expected.line)")
    }

    @Test func everyCommandIsReachable() {
        let kinds = Set(Self.lines.map(\.1.kind))
        #expect(Set(Command.Kind.allCases).subtracting(kinds) == [])
    }

    @Test(arguments: [
        ("backup create", "environment"), ("backup create shop", "PROJECT/ENVIRONMENT"),
        ("backup create Shop/live", "lower-case"), ("backup create shop/live --fast", "--fast"),
        ("backup create shop/live extra", "extra"), ("backup show 12", "backup list"),
        ("backup list --trigger never", "scheduled"), ("backup list --limit 0", "1 to 1000"),
        ("backup tables 1t6x0fk4w2qz --limit 1001", "1 to 1000"), ("backup tables 1t6x0fk4w2qz --after=-1", "from 0"),
        ("backup files 1t6x0fk4w2qz --limit 0", "1 to 1000"),
        ("backup list shop/live/x", "PROJECT/ENVIRONMENT"), ("restore start 1t6x0fk4w2qz", "--to"),
        ("restore plan 1t6x0fk4w2qz --to shop/test --map media", "SERVICE=SERVICE"),
        ("restore plan 1t6x0fk4w2qz --to shop/test --map media=database", "can't be restored"),
        ("restore plan 1t6x0fk4w2qz --to shop/test --map media:a=media --map media:b=media", "once"),
        ("service set shop/live database", "--url"), ("service set shop/live database --path /x", "--url"),
        ("service set shop/live media --path x", "absolute"), ("service set shop/live disk --path /x", "no service"),
        ("service set shop/live database --url-stdin", "own machine"),
        ("environment change shop/live", "what is to change"), ("environment create shop/live --undo-window 5", "30m"),
        ("environment create shop/live --undo-window 99999999999999999999d", "30m"),
        ("project create shop --copies 2 --regions 3", "--regions"), ("project create shop --copies 0", "1 to 9"),
        ("mail test anna", "name@domain"), ("notice add shop", "--mail"), ("notice remove 12", "notice list"),
        ("notice add shop --mail a@b.c --webhook https://x", "--webhook"),
        ("notice add shop --mail a@b.c --only everything", "backup-failed"),
        ("mail retry 12", "mail list"),
        ("schedule set shop/live", "--preset"),
        ("schedule set shop/live --preset daily --cron '0 2 * * *'", "--preset"),
        ("schedule set shop/live --preset yearly", "hourly, daily or weekly"),
        ("schedule set shop/live --cron '61 * * * *'", "minute"),
        ("schedule set shop/live --cron '0 0 30 2 *'", "never"),
        ("schedule set shop/live --preset daily --jitter 2d", "one day"), ("retention set shop", "what is to change"),
        ("retention set shop --daily 1001", "1000"), ("retention preview shop", "PROJECT/ENVIRONMENT"),
        ("backup expire 1t6x0fk4w2qz", "--after"), ("backup expire 1t6x0fk4w2qz --never --after 1d", "--after"),
        ("backup expire 1t6x0fk4w2qz --at tomorrow", "UTC"), ("environment create shop/live --schedule x", "daily"),
        ("user role anna shop", "--administrator"), ("user role anna shop king", "viewer"),
        ("user role anna shop owner --administrator", "--administrator"), ("user create Anna", "lower-case"),
        ("user create anna --role shop", "PROJECT=ROLE"), ("user create anna --role a=owner --role a=viewer", "twice"),
        ("user create anna --password x --password-stdin", "--password-stdin"), ("token revoke 12", "token list"),
        ("token create x --expires 1s", "one minute"), ("token create x --expires 1h --never-expires", "--never"),
        ("audit list --limit 0", "1 to 1000"), ("audit list --since yesterday", "UTC"),
        ("node token --valid 0s", "valid"), ("frobnicate", "frobnicate"), ("job list --progress", "--json"),
    ])
    func refusal(_ line: String, _ part: String) {
        let error = #expect(throws: HoldfastError.self) { try ConsoleGrammar.parse(line) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("\n") == false)
    }

    @Test func usageStandsBesideTheMessage() {
        let error = #expect(throws: HoldfastError.self) { try ConsoleGrammar.parse("backup show") }
        #expect(error?.context["usage"]?.hasPrefix("Usage: holdfast backup show <backup>") == true)
    }

    @Test(arguments: [
        "user remove anna", "project remove shop", "project erase shop", "environment remove a/b",
        "backup delete 1t6x0fk4w2qz",
        "restore undo 1t6x0fk4w2qz", "restore start 1t6x0fk4w2qz --to a/b",
    ])
    func confirmation(_ line: String) throws {
        let request = try request(line)
        #expect(!request.isConfirmed)
        #expect(request.command.needsConfirmation)
    }

    @Test(arguments: ["", "--help", "help", "backup", "backup --help", "help backup create", "backup create --help"])
    func help(_ line: String) throws {
        guard case .help(let text) = try ConsoleGrammar.parse(line) else {
            Issue.record("no help for \(line)")
            return
        }
        #expect(text.contains("USAGE: holdfast"))
        #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("USAGE") || $0.count <= 100 })
    }

    @Test func everyVerbHasAnExample() throws {
        for noun in ClientCommands.subcommands {
            for verb in noun.configuration.subcommands {
                let words = [noun.configuration.commandName ?? "", verb.configuration.commandName ?? ""]
                guard case .help(let text) = try ConsoleGrammar.parse(words + ["--help"]) else { continue }
                let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                #expect(flat.contains("holdfast \(words[0]) \(words[1])") && flat.contains("Example"), "\(words)")
            }
        }
    }

    /// Any words are either read or refused, quickly.
    @Test(arguments: [UInt64(11), 12])
    func fuzz(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let words =
            Self.lines.flatMap { $0.0.split(separator: " ").map(String.init) }
            + ["--", "-", "--=", "-x", "=", "--note", "\u{202e}", "---help", "--client", ""]
        for _ in 0..<300 {
            let line = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                words[Int.random(in: 0..<words.count, using: &random)]
            }
            _ = try? ConsoleGrammar.parse(line)
        }
    }
}
