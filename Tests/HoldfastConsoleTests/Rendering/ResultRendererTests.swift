import HoldfastCommands
import HoldfastModel
import Testing

@testable import HoldfastConsole

@Suite struct ResultRendererTests {
    private let plain = ResultRenderer(.plain)

    @Test(arguments: Samples.results)
    func everyResultIsHarmlessText(_ result: CommandResult) {
        for style in [TextStyle.plain, TextStyle(columns: 100)] {
            let text = ResultRenderer(style).text(of: result)
            #expect(!text.isEmpty && !text.hasSuffix("\n"))
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
            #expect(text.split(separator: "\n").allSatisfy { $0.last != " " }, "\(text)")
        }
    }

    @Test func backupList() {
        #expect(
            plain.text(of: .backups([Samples.backup])) == """
                BACKUP        WHEN (UTC)           ENVIRONMENT  WHAT                        SIZE  TRIGGER    STATE     NOTE
                1t6x0fk4w2qz  2026-11-22 21:30:05  shop/live    database, media:uploads  3.0 GiB  on-demand  complete  before the sale
                """)
        #expect(plain.text(of: .backups([])).contains("holdfast backup create"))
    }

    /// What is flexible is cut to the terminal's width, the rest stays whole.
    @Test func narrowTerminal() {
        let text = ResultRenderer(TextStyle(columns: 100)).text(of: .backups([Samples.backup]))
        #expect(
            text == """
                BACKUP        WHEN (UTC)           ENVIRONMENT  WHAT             SIZE  TRIGGER    STATE     NOTE
                1t6x0fk4w2qz  2026-11-22 21:30:05  shop/live    database, m…  3.0 GiB  on-demand  complete  before …
                """)
    }

    @Test func backupShow() {
        let detail = BackupDetail(
            backup: Samples.backup,
            nodeNames: [Samples.nodeA: Samples.name("node-1"), Samples.nodeB: Samples.name("node-2")], restores: [])
        #expect(
            plain.text(of: .backup(detail)) == """
                Backup 1t6x0fk4w2qz of shop/live: complete
                  when     2026-11-22 21:30:05 UTC, took 2 min 5 s
                  trigger  on-demand, by anna
                  note     before the sale
                  size     3.0 GiB, of which new 101.0 MiB, stored as 94.7 MiB
                  job      1t6x0fm4w2qz

                PART           CONTENT                                        SIZE        NEW     STORED       READ       TOOK
                database       23 tables, 120,034 rows (PostgreSQL 15.3)  47.7 MiB  976.6 KiB  293.0 KiB   47.7 MiB       12 s
                media:uploads  20,001 files, 340 directories, 2 links      3.0 GiB  100.0 MiB   94.4 MiB  100.0 MiB  2 min 5 s

                Copies at completion: 12 objects, held until 2026-12-22 21:30:05 UTC
                NODE    REGION  OBJECTS    STORED
                node-1  eu           12  61.0 MiB
                node-2  us           12  61.0 MiB

                1 warning on media:uploads
                  cache/\\u{1b}[31mx vanished while it was read
                """)
    }

    @Test func backupTables() {
        var page = Samples.tablePage
        #expect(
            plain.text(of: .tables(page)) == """
                Backup 1t6x0fk4w2qz, database: 1,201 tables

                TABLE                  ROWS  IN THE DUMP
                public.customers     12,000      3.0 MiB
                public.\\u{1b}orders       0          0 B

                There are more: holdfast backup tables 1t6x0fk4w2qz --of database --after 400 --limit 2
                """)
        page.next = nil
        #expect(!plain.text(of: .tables(page)).contains("more"))
    }

    @Test func backupFiles() {
        var page = Samples.filePage
        #expect(
            plain.text(of: .files(page)) == """
                Backup 1t6x0fk4w2qz, media:uploads: /a b

                MODE           SIZE  CHANGED (UTC)        NAME
                drwxr-x---        -  2026-11-22 21:30:05  deep/
                -rw-r--r--  3.0 MiB  2026-11-22 21:30:05  x\\n.jpg (vanished)
                lrwxrwxrwx        -  2026-11-22 21:30:05  link -> ../x

                There are more: holdfast backup files 1t6x0fk4w2qz --of media:uploads --from '0a0b' --limit 3 -- 'a b'
                """)
        // Pasted into a shell it is a name and nothing else.
        page.path = "$(reboot) `reboot` it's"
        #expect(plain.text(of: .files(page)).hasSuffix(#" -- '$(reboot) `reboot` it'\''s'"#))
        page.next = nil
        page.files = []
        #expect(plain.text(of: .files(page)).hasSuffix("Nothing in there."))
    }

    @Test func found() {
        var page = Samples.findPage
        #expect(
            plain.text(of: .found(page)) == """
                /a b/\\u{1b}x.jpg in backups of shop/live

                BACKUP        ENVIRONMENT  MADE (UTC)              SIZE  CHANGED (UTC)        CONTENT  PATH
                1t6x0fk4w2qz  shop/live    2026-11-22 21:30:05  3.0 MiB  2026-11-22 21:30:05  changed  /a b/\\x1bx.jpg
                1t6x0fk4w2qz  shop/live    2026-11-22 21:30:05        -  -                    -        (not in it)
                1t6x0fk4w2qz  shop/live    2026-11-22 21:30:05      7 B  2026-11-22 21:30:05  new      /a b/\\x1bx.jpg
                1t6x0fk4w2qz  shop/live    2026-11-22 21:30:05      1 B  2026-11-22 21:30:05  -        /y

                Backup 1t6x0fk4w2qz, media: its list of files could not be read: The manifest is damaged

                Looked into 4 lists of files: 2 with it, 1 without, 1 that could not be read.

                There are more: holdfast backup find shop/live --from '1t6x0fk4w2qz/media/a b' -- '/a b/\\u{1b}x.jpg'
                """)
        // Of a pattern only what it finds.
        page.pattern = "*.jpg"
        page.next = nil
        #expect(!plain.text(of: .found(page)).contains("not in it"))
        page.parts = []
        #expect(plain.text(of: .found(page)).hasSuffix("No complete backup with media was looked into."))
    }

    @Test func fileRestore() {
        #expect(
            plain.text(of: .fileRestore(Samples.fileRestore)) == """
                Restore 1t6x0fm4w2qz of a/\\x1bb into shop/live, media:uploads: succeeded
                  at         /a/\\x1bb
                  holds      3 files, 1 directory, 2.0 KiB
                  kept       /a/\\x1bb.replaced-1t6x0fm4w2qz: what was there before
                  warning    a/x is a device
                """)
    }

    @Test func difference() {
        #expect(
            plain.text(of: .difference(Samples.difference)) == """
                From backup 1t6x0fk4w2qz of shop/live, 2026-11-22 21:30:05 UTC
                to   backup 1t6x0fk4w2qz of shop/live, 2026-11-22 21:30:05 UTC

                database: 1 changed (8.0 KiB), 0 the same
                WHAT     ROWS BEFORE   ROWS  SIZE BEFORE     SIZE  TABLE
                changed        1,200  1,300      4.0 KiB  8.0 KiB  public.orders

                media: 1 added (5 B), 1 removed (3.0 MiB), 1 changed (2 B), 1,234 the same
                WHAT     SIZE BEFORE  SIZE  CHANGED (UTC)        PATH
                added              -   5 B  2026-11-22 21:30:05  /a/x
                removed      3.0 MiB     -  2026-11-22 21:30:05  /\\x1by
                changed          1 B   2 B  2026-11-22 21:30:05  /z
                There are more: holdfast backup diff 1t6x0fk4w2qz 1t6x0fk4w2qz --of media --from 'z'

                media:uploads: only in the newer one

                media:uploads: could not be compared: The manifest is damaged
                """)
    }

    @Test func restorePlan() {
        #expect(
            plain.text(of: .restorePlan(Samples.plan)) == """
                Restore plan
                  backup    1t6x0fk4w2qz of shop/live, 2026-11-22 21:30:05 UTC
                  note      before the sale
                  into      shop/test
                  restores  database
                  restores  media:uploads as media

                Will be overwritten in shop/test:
                  database  postgresql://shop@db:5432/shop_test
                  media     /srv/test/media

                1. A safety backup of what will be overwritten is completed.
                2. The backup is staged beside the old content and verified; then the two are swapped.
                3. The old content is kept for 24 h: holdfast restore undo.
                """)
    }

    @Test func stepsInPeoplesWords() {
        #expect(EventText.line(for: .step("safetyBackup")) == "step: safety backup")
        #expect(EventText.line(for: .step("capture")) == "step: capture")
        var meter = ProgressMeter()
        let progress = Progress(step: "safetyBackup", subject: "media", bytes: 1)
        #expect(meter.line(for: progress, at: .zero, columns: nil).hasPrefix("safety backup media"))
        var job = Samples.job
        job.attention?.step = "unwind"
        (job.step, job.status, job.endedAt, job.progress) = ("kept", .succeeded, Samples.after(12), nil)
        let text = plain.text(of: .jobs([job]))
        #expect(text.contains("at step going back"))
        #expect(text.contains("kept for undo") && text.contains("in 12 s"))
        #expect(plain.text(of: .job(JobDetail(summary: job, journal: []))).contains("kept for undo"))
        (job.step, job.status) = ("ended", .failed)
        #expect(plain.text(of: .jobs([job])).contains("ended after 12 s"))
        // Programs get the names of the protocol.
        #expect(JSONLine.text(of: ["event": CommandEvent.step("safetyBackup")]).contains("safetyBackup"))
    }

    @Test func restoreShow() {
        var restore = Samples.restore
        #expect(
            plain.text(of: .restore(restore)) == """
                Restore 1t6x0fm4w2qz into shop/test: running
                  steps          ✓ check  ✓ safety backup  ▸ stage  · verify  · swap  · confirm  · kept for undo  · clean
                  restores       database
                  restores       media:uploads as media
                  from           backup 1t6x0fk4w2qz
                  started        2026-11-22 21:30:05 UTC, by anna
                  safety backup  1t6x0fs4w2qz
                """)
        restore.isInPlace = true
        #expect(plain.text(of: .restore(restore)).contains("· confirm  · clean"))
        restore.isInPlace = nil
        (restore.status, restore.step, restore.attention) = (.needsAttention, .swap, Samples.attention)
        let text = plain.text(of: .restore(restore))
        #expect(
            text.hasPrefix(
                """
                !! NEEDS ATTENTION: restore 1t6x0fm4w2qz into shop/test, at step swap
                   why    The node node-1 can't exchange /srv/media: read-only
                   to do  Mend the file system, then `holdfast restore resume 1t6x0fm4w2qz`

                Restore 1t6x0fm4w2qz into shop/test: needs-attention
                """))
        #expect(text.contains("✓ verify  ✗ swap  · confirm"))
        (restore.status, restore.step, restore.attention) = (.failed, .ended, nil)
        restore.failure = HoldfastError(.noSpace, "No space on node-1")
        #expect(plain.text(of: .restore(restore)).contains("destination    holds its old content, unchanged"))
        (restore.status, restore.step, restore.failure) = (.succeeded, .kept, nil)
        restore.undoUntil = Samples.after(86_400)
        restore.warnings.add("database: Left out: ACL public.item")
        #expect(
            plain.text(of: .restore(restore)).hasSuffix("\n\n1 warning\n  database: Left out: ACL public.item"))
        #expect(
            plain.text(of: .restore(restore))
                .contains("until 2026-11-23 21:30:05 UTC: holdfast restore undo 1t6x0fm4w2qz"))
    }

    @Test func clusterStatus() {
        #expect(
            plain.text(of: Samples.results[0]) == """
                !! NEEDS ATTENTION: restore 1t6x0fm4w2qz on shop/test, at step swap
                   why    The node node-1 can't exchange /srv/media: read-only
                   to do  Mend the file system, then `holdfast restore resume 1t6x0fm4w2qz`

                Cluster
                  version   0.1.0
                  leader    epoch 7, for 3 h 12 min
                  nodes     1 of 2 up
                  projects  2
                  jobs      1 open
                  time      2026-11-23 00:42:05 UTC

                NODE    REGION  STATE      FREE   CAPACITY   STORED  OBJECTS  SCRUB  ADDRESS        LAST SEEN (UTC)
                node-1  eu      up     50.0 GiB  100.0 GiB  4.7 GiB    1,234  -      10.0.0.1:7101  2026-11-22 21:30:05
                node-2  us      down          -          -        -        -  -      -              never
                """)
    }

    @Test func check() {
        #expect(
            plain.text(of: .check(Samples.live, Samples.report)) == """
                database
                  size    47.7 MiB
                  server  PostgreSQL 15.3
                  error: The server refused the password of shop@db: set it anew
                  warning: The extension postgis is not here

                shop/live: 1 problem to solve first
                """)
    }

    @Test func colours() {
        let coloured = ResultRenderer(TextStyle(isColoured: true))
        #expect(coloured.text(of: .nodes(Samples.nodes)).contains("\u{1b}[32mup\u{1b}[0m"))
        #expect(coloured.text(of: HoldfastError(.busy, "In use")) == "\u{1b}[1;31merror:\u{1b}[0m In use")
        let terminal = ClientTerminal(
            isOutputTerminal: true, columns: 80, printOutput: { _ in }, printError: { _ in }, readLine: { nil })
        var options = OutputOptions()
        #expect(terminal.style(ofOutput: true, options) == TextStyle(columns: 80, isColoured: true))
        #expect(terminal.style(ofOutput: false, options) == TextStyle())
        options.noColor = true
        #expect(!terminal.style(ofOutput: true, options).isColoured)
        var forbidding = terminal
        forbidding.forbidsColours = true
        #expect(!forbidding.style(ofOutput: true, OutputOptions()).isColoured)
    }
}
