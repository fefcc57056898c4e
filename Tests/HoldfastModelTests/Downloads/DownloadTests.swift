import HoldfastModel
import Testing

/// What a download decides: its steps, what it holds, what its files are called.
struct DownloadTests {
    private static let time = Timestamp(milliseconds: 1_795_381_200_000)
    private static let media = DownloadContent.part(ServiceReference(.media))
    private static let database = DownloadContent.part(ServiceReference(.database))

    private func id<Of>(_ text: String) throws -> ID<Of> { try #require(ID(text)) }

    private func file(_ content: DownloadContent) -> DownloadFile {
        DownloadFile(
            content: content, name: "n", type: "t", bytes: 1, sha256: "00", capturedAt: Self.time, layout: "")
    }

    private func machine() throws -> DownloadMachine {
        try DownloadMachine(
            download: id("01aaaaaaaaaa"), backup: id("01bbbbbbbbbb"), contents: [Self.database, Self.media])
    }

    @Test func preparesOneFileAfterTheOther() throws {
        var machine = try machine()
        #expect(machine.action == .prepare(Self.database))
        machine.apply(.prepared(file(Self.media)))
        #expect(machine.files.isEmpty, "not the file that was asked for")
        machine.apply(.published)
        #expect(machine.ending == nil)
        machine.apply(.prepared(file(Self.database)))
        #expect(machine.action == .prepare(Self.media))
        machine.apply(.lost)
        #expect(machine.action == .prepare(Self.media))
        machine.apply(.prepared(file(Self.media)))
        #expect(machine.action == .publish && machine.ending == nil)
        machine.apply(.published)
        #expect(machine.ending == .ready && machine.action == nil)
        machine.apply(.cancelled)
        #expect(machine.ending == .ready)
    }

    @Test func triesAgainWhatMayGetBetterAndOnlyThat() throws {
        var machine = try machine()
        for _ in 1..<DownloadMachine.attemptLimit {
            machine.apply(.failed(HoldfastError(.unavailable, "later")))
            #expect(machine.action != nil)
        }
        machine.apply(.prepared(file(Self.database)))
        #expect(machine.attempt == 1)
        machine.apply(.failed(HoldfastError(.corrupt, "a bit")))
        #expect(machine.ending == .failed(HoldfastError(.corrupt, "a bit")))
        var other = try self.machine()
        other.apply(.cancelled)
        #expect(other.ending == .cancelled && Job.Machine.download(other).status == .cancelled)
    }

    @Test func holdsItsBackupForAsLongAsItsLinksWork() throws {
        var download = try download("01aaaaaaaaaa")
        let later = Self.time.advanced(by: .seconds(3600))
        #expect(DownloadHolds([download], at: later).hold(of: download.backup)?.until == nil)
        #expect(DownloadHolds([download], at: later).all.keys.elementsEqual([download.backup]))
        download.state = .ready
        download.expiresAt = later
        #expect(DownloadHolds([download], at: Self.time).hold(of: download.backup)?.until == later)
        #expect(download.state(at: Self.time) == .ready)
        #expect(DownloadHolds([download], at: later).all.isEmpty && download.state(at: later) == .expired)
        for state in [Download.State.revoked, .failed, .cancelled, .expired] {
            download.state = state
            #expect(DownloadHolds([download], at: Self.time).all.isEmpty)
        }
    }

    @Test func theLongestHoldIsTold() throws {
        var (short, long) = (try download("01aaaaaaaaaa"), try download("01aaaaaaaaab"))
        for index in 0..<2 {
            short.state = .ready
            long.state = index == 0 ? .ready : .preparing
            short.expiresAt = Self.time.advanced(by: .seconds(10))
            long.expiresAt = index == 0 ? Self.time.advanced(by: .seconds(20)) : nil
            for order in [[short, long], [long, short]] {
                #expect(DownloadHolds(order, at: Self.time).hold(of: short.backup)?.download == long.id)
            }
        }
    }

    private func download(_ text: String) throws -> Download {
        try Download(
            id: id(text), project: id("01cccccccccc"), environment: EnvironmentReference("shop/live"),
            backup: id("01bbbbbbbbbb"), job: id("01dddddddddd"), author: "anna", mail: nil, createdAt: Self.time,
            validSeconds: 60, contents: [Self.media])
    }

    @Test(arguments: [
        (
            DownloadContent.part(ServiceReference(.database)), "shop-live-database-20261122-210000.dump",
            "application/octet-stream"
        ),
        (.part(ServiceReference(.media)), "shop-live-media-20261122-210000.tar", "application/x-tar"),
        (
            .table(ServiceReference(.database), name: "public.a/b\n"),
            "shop-live-database-public.a_b_u{a}-20261122-210000.sql", "application/sql"
        ),
        (.file(ServiceReference(.media), path: "a/b/Ä c.JPG"), "Ä c.JPG", "image/jpeg"),
        (.file(ServiceReference(.media), path: "..."), "file", "application/octet-stream"),
        (.file(ServiceReference(.media), path: "x/.htaccess"), "htaccess", "application/octet-stream"),
    ])
    func namesAndTypes(content: DownloadContent, name: String, type: String) throws {
        #expect(
            DownloadName.name(of: content, from: try EnvironmentReference("shop/live"), capturedAt: Self.time) == name)
        #expect(DownloadName.type(of: content) == type)
    }
}
