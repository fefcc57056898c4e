import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import Synchronization
import Testing

/// Downloads as the coordinator keeps them: prepared, linked to, expired, revoked.
@Suite(.timeLimit(.minutes(5))) struct DownloadTests {
    @Test func preparesAFileForEachPartAndLinksToIt() async throws {
        let cluster = try await Cluster()
        let address = try MailAddress("anna@example.org")
        try await cluster.lead(mail: FakeMail()) { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let download = try await cluster.download(
                coordinator, DownloadPrepare(backup: backup.id, mail: address))
            #expect(download.state == .ready && download.mail == address)
            #expect(download.files.map(\.content.service) == backup.parts.map(\.service))
            #expect(download.files.map(\.type) == ["application/octet-stream", "application/x-tar"])
            #expect(
                download.files[0].name.hasPrefix("shop-live-database-") && download.files[0].name.hasSuffix(".dump"))
            let prepares = await cluster.nodes.prepares
            #expect(prepares.map(\.manifest) == backup.parts.map(\.manifest))
            let expiresAt = try #require(download.expiresAt)
            #expect(prepares.allSatisfy { $0.holdUntil > expiresAt })
            #expect(expiresAt > cluster.time.now.advanced(by: .seconds(6 * 86_400)))

            for file in download.files {
                let link = try Self.link(file)
                let found = try await coordinator.downloads.file(at: link)
                #expect(found.file.name == file.name && found.number == file.number)
                let expected = cluster.nodes.prepared
                #expect(try await coordinator.read(found, 10..<4321) == Array(expected[10..<4321]))
            }
            // No link is kept.
            let record = try #require(try await cluster.catalog.record(RecordKey(Download.self, download.id)))
            let signature = try Self.link(download.files[0]).signature.hexadecimal
            #expect(!String(decoding: record.body, as: UTF8.self).contains(signature))
            guard case .download(let shown) = try await cluster.perform(coordinator, .downloadShow(download.id)) else {
                Issue.record("no download")
                return
            }
            #expect(shown.files.allSatisfy { $0.link == nil })
        }
    }

    @Test func onlyGenuineLinksLeadAnywhere() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let download = try await cluster.download(coordinator, DownloadPrepare(backup: backup.id))
            let good = try Self.link(download.files[0])
            var later = good
            later.expires += 1
            var other = good
            other.number = 2
            var foreign = good
            foreign.download = DownloadID(at: cluster.time.now, entropy: cluster.entropy)
            for link in [later, other, foreign] {
                await #expect(throws: LinkRefusal.notGenuine) { try await coordinator.downloads.file(at: link) }
            }
            for bit in 0..<256 {
                var changed = good
                changed.signature[bit / 8] ^= 1 << (bit % 8)
                await #expect(throws: LinkRefusal.notGenuine) { try await coordinator.downloads.file(at: changed) }
            }
            // Of another cluster's key.
            let elsewhere = DownloadLinks(
                clusterKey: ClusterKey(generatedFrom: SeededEntropy(seed: 5)), publicURL: "https://x")
            #expect(!elsewhere.isGenuine(good))
        }
    }

    @Test func aRevokedDownloadGivesNothingAndHoldsNothing() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let download = try await cluster.download(coordinator, DownloadPrepare(backup: backup.id))
            let link = try Self.link(download.files[0])
            let found = try await coordinator.downloads.file(at: link)
            let refused = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .backupDelete(backup.id))
            }
            #expect(refused?.code == .busy && refused?.context["download"] == download.id.text)
            try await cluster.perform(coordinator, .downloadRevoke(download.id))
            await #expect(throws: LinkRefusal.revoked) { try await coordinator.downloads.file(at: link) }
            await #expect(throws: LinkRefusal.revoked) { try await coordinator.read(found, 0..<10) }
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .downloadLinks(download.id))
            }
            #expect(error?.code == .checkFailed)
            try await cluster.perform(coordinator, .backupDelete(backup.id))
        }
    }

    /// Who is fetching a large file hears of it, too.
    @Test func aDownloadThatIsRevokedWhileItIsFetchedBreaksOff() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let download = try await cluster.download(coordinator, DownloadPrepare(backup: backup.id))
            let found = try await coordinator.downloads.file(at: Self.link(download.files[0]))
            await cluster.nodes.read(zeros: 100 << 20)
            let given = Mutex<Int>(0)
            await #expect(throws: LinkRefusal.revoked) {
                try await coordinator.downloads.read(found, 0..<100 << 20) { bytes in
                    let isFirst = given.withLock { given in
                        defer { given += bytes.count }
                        return given == 0
                    }
                    if isFirst { try await cluster.perform(coordinator, .downloadRevoke(download.id)) }
                }
            }
            #expect((1 << 20...32 << 20).contains(given.withLock { $0 }))
        }
    }

    @Test func aDownloadThatIsRevokedWhileItIsPreparedStaysSo() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.hang, for: prepareDownload)
            let prepare = DownloadPrepare(backup: backup.id, wait: false)
            guard case .accepted(let accepted) = try await cluster.perform(coordinator, .downloadPrepare(prepare)),
                let id = accepted.download
            else { throw HoldfastError(.internal, "not accepted") }
            try await cluster.until("it is prepared") { await cluster.nodes.hangingCount == 1 }
            try await cluster.perform(coordinator, .downloadRevoke(id))
            await cluster.nodes.release()
            try await cluster.until("the job ends") {
                try await cluster.catalog.get(Job.self, accepted.job)?.value.machine.isAtWork == false
            }
            #expect(try await cluster.catalog.get(Download.self, id)?.value.state == .revoked)
        }
    }

    @Test func anExpiredDownloadGivesNothingAndHoldsNothing() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let download = try await cluster.download(
                coordinator, DownloadPrepare(backup: backup.id, validSeconds: 3600))
            let link = try Self.link(download.files[0])
            _ = try await coordinator.downloads.file(at: link)
            cluster.time.advance(by: .seconds(3601))
            await #expect(throws: LinkRefusal.expired) { try await coordinator.downloads.file(at: link) }
            try await Janitor(office: coordinator.office).expireDownloads()
            #expect(try await cluster.catalog.get(Download.self, download.id)?.value.state == .expired)
            #expect(try await cluster.catalog.all(Download.self, scope: Download.Scope.live.rawValue).isEmpty)
            try await cluster.perform(coordinator, .backupDelete(backup.id))
        }
    }

    @Test func anotherCoordinatorGoesOnAfterTheLastFile() async throws {
        let cluster = try await Cluster()
        let id = try await cluster.lead { (coordinator: Coordinator) async throws -> DownloadID in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            // The first file is prepared; of the second nobody hears.
            for trouble in [FakeNodes.Trouble.lie, .hang] { await cluster.nodes.plan(trouble, for: prepareDownload) }
            let prepare = DownloadPrepare(backup: backup.id, wait: false)
            guard case .accepted(let accepted) = try await cluster.perform(coordinator, .downloadPrepare(prepare))
            else {
                throw HoldfastError(.internal, "not accepted")
            }
            let id = try #require(accepted.download)
            try await cluster.until("the second file is begun") {
                await cluster.nodes.log.filter { $0 == prepareDownload }.count == 2
            }
            return id
        }
        try await cluster.lead { (coordinator: Coordinator) async throws in
            try await cluster.until("the download is ready") {
                try await cluster.catalog.get(Download.self, id)?.value.state == .ready
            }
            guard case .download(let detail) = try await cluster.perform(coordinator, .downloadLinks(id)) else {
                throw HoldfastError(.internal, "no download")
            }
            _ = try await coordinator.downloads.file(at: Self.link(detail.files[1]))
        }
        let services = await cluster.nodes.prepares.map(\.content.service.kind)
        #expect(services == [.database, .media])
    }

    @Test func damageFailsTheJobAndSaysSo() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.refuse(HoldfastError(.corrupt, "a bit flipped")), for: prepareDownload)
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .downloadPrepare(DownloadPrepare(backup: backup.id)))
            }
            #expect(error?.code == .corrupt)
            let all = try await cluster.catalog.all(Download.self).map(\.value)
            #expect(all.map(\.state) == [.failed] && all[0].failure?.message.contains("a bit flipped") == true)
            try await cluster.perform(coordinator, .backupDelete(backup.id))
        }
    }

    @Test func aReadingGoesOnWhereTheNodeFailed() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let download = try await cluster.download(coordinator, DownloadPrepare(backup: backup.id))
            let found = try await coordinator.downloads.file(at: Self.link(download.files[0]))
            let gone = HoldfastError(.unavailable, "gone")
            await cluster.nodes.plan(.breakOff(afterPieces: 2, gone), for: "read-download")
            await cluster.nodes.plan(.refuse(gone), for: "read-download")
            #expect(try await coordinator.read(found, 0..<5000) == cluster.nodes.prepared)
            #expect(await cluster.nodes.reads.map(\.offset) == [0, 2000, 2000])
            await cluster.nodes.plan(.refuse(HoldfastError(.corrupt, "rotten")), for: "read-download")
            let error = await #expect(throws: HoldfastError.self) { try await coordinator.read(found, 0..<5000) }
            #expect(error?.code == .corrupt)
        }
    }

    @Test func aWorkerThatGivesLessThanItWasAskedForIsNotBelieved() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let download = try await cluster.download(coordinator, DownloadPrepare(backup: backup.id))
            let found = try await coordinator.downloads.file(at: Self.link(download.files[0]))
            let end = Int64(cluster.nodes.prepared.count) + 1
            let error = await #expect(throws: HoldfastError.self) { try await coordinator.read(found, 0..<end) }
            #expect(error?.code == .corrupt)
        }
    }

    @Test func whoMayNot() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let download = try await cluster.download(coordinator, DownloadPrepare(backup: backup.id))
            let viewer = Principal(name: "viewer", roles: [cluster.live.project: .viewer])
            let stranger = Principal(name: "stranger", roles: [try Name("other"): .owner])
            let prepare = Command.downloadPrepare(DownloadPrepare(backup: backup.id))
            for command in [prepare, .downloadLinks(download.id), .downloadRevoke(download.id)] {
                for (principal, code) in [(viewer, ErrorCode.permissionDenied), (stranger, .notFound)] {
                    let error = await #expect(throws: HoldfastError.self) {
                        try await cluster.perform(coordinator, command, as: principal)
                    }
                    #expect(error?.code == code)
                }
            }
            try await cluster.perform(coordinator, .downloadShow(download.id), as: viewer)
            guard case .downloads(let seen) = try await cluster.perform(coordinator, .downloadList(nil), as: stranger)
            else { return }
            #expect(seen.isEmpty)
        }
    }

    @Test func asksForWhatTheBackupHas() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let media = ServiceReference(.media)
            let some = try await cluster.download(
                coordinator, DownloadPrepare(backup: backup.id, files: ["a/b.jpg"], tables: ["public.orders"]))
            #expect(
                some.contents == [
                    .file(media, path: "a/b.jpg"), .table(ServiceReference(.database), name: "public.orders"),
                ])
            #expect(some.files.map(\.name)[0] == "b.jpg" && some.files[0].type == "image/jpeg")
            for wrong in [
                DownloadPrepare(backup: backup.id, services: [.service(try ServiceReference("media:x"))]),
                // There is no mail server.
                DownloadPrepare(backup: backup.id, mail: try MailAddress("anna@example.org")),
                DownloadPrepare(backup: backup.id, validSeconds: 0),
                DownloadPrepare(backup: backup.id, files: ["a"], source: try ServiceReference("media:x")),
                DownloadPrepare(backup: backup.id, files: (0..<99).map { "\($0)" }),
            ] {
                await #expect(throws: HoldfastError.self) {
                    try await cluster.perform(coordinator, .downloadPrepare(wrong))
                }
            }
        }
    }

    /// The words of a link.
    private static func link(_ file: DownloadDetail.File) throws -> DownloadLink {
        let text = try #require(file.link).revealed
        let pieces = text.split(separator: "/").map(String.init)
        let query = pieces[5].split(separator: "?")[1].split(separator: "&").map { $0.split(separator: "=")[1] }
        #expect(pieces[1] == "backup.example.org" && pieces[2] == "d")
        return try #require(
            DownloadLink(
                download: pieces[3], number: pieces[4], expires: String(query[0]), signature: String(query[1])))
    }
}

private let prepareDownload = "prepare-download"

extension Cluster {
    func download(_ coordinator: Coordinator, _ prepare: DownloadPrepare) async throws -> DownloadDetail {
        guard case .download(let detail) = try await perform(coordinator, .downloadPrepare(prepare)) else {
            throw HoldfastError(.internal, "no download")
        }
        return detail
    }
}

extension Coordinator {
    fileprivate func read(_ file: LinkedFile, _ range: Range<Int64>) async throws -> [UInt8] {
        let bytes = Gathered()
        try await downloads.read(file, range) { bytes.add($0) }
        return bytes.all
    }
}
