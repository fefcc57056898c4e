import Foundation
import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// Capture, stage, verify, swap and undo, with a real server and real files.
@Suite(.timeLimit(.minutes(5))) struct RoundTripTests {
    @Test func restoresAndUndoes() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let (oldContent, oldTree) = (try await shop.content(), try shop.tree())
        let backup = try await shop.capture(worker)
        #expect(backup.parts.count == 2)
        #expect(backup.receipt.holdings.map(\.objects) == [backup.receipt.objects])
        #expect(backup.parts.allSatisfy { $0.warnings.count == 0 }, "\(backup.parts.map(\.warnings))")
        guard case .database(let counts) = backup.parts[0].counts, case .media(let files) = backup.parts[1].counts
        else {
            Issue.record("parts of other kinds")
            return
        }
        #expect(counts.tables == 2)
        #expect(counts.rows == 5000)
        #expect(counts.largeObjects == 1)
        #expect(files.files == 3)

        // The parts can be listed from their manifests alone.
        for part in backup.parts {
            let manifest = try await ManifestReader.open(
                source: shop.resources.router(Fixture.project, shop.terms), keys: shop.keys, project: Fixture.project,
                name: part.manifest)
            #expect(manifest.summary.environment == (try EnvironmentReference("shop/live")))
            #expect(
                manifest.summary.notes == ["trigger": "on-demand", "author": "anna", "note": "before the sale"])
        }

        let report = try await worker.verify(
            VerifyBackup(
                project: Fixture.project, keys: shop.keys.serialized,
                parts: backup.parts.map {
                    .init(service: $0.service, manifest: $0.manifest, references: $0.references)
                }, terms: shop.terms))
        #expect(report.problems.isEmpty, "\(report.problems)")
        #expect(report.bytes == backup.parts.reduce(0) { $0 + $1.sizes.logicalBytes })

        try await shop.server.sql("DELETE FROM item; DROP TABLE empty", in: shop.database)
        try shop.write("images/b.txt", Array("wrecked".utf8))
        try FileManager.default.removeItem(atPath: shop.directory + "/media/images/a.bin")
        try shop.write("stray", [1])
        let (wreckedContent, wreckedTree) = (try await shop.content(), try shop.tree())

        let job = shop.job()
        let stages = try await shop.stages(worker, backup.parts, for: job)
        _ = try await shop.stage(worker, stages, for: job)
        // The order again, as after a coordinator that died: the first copy goes.
        let items = try await shop.stage(worker, stages, for: job)
        #expect(try await shop.databases(of: job) == "hf_\(job)_new")
        try await worker.verify(
            VerifyStaged(
                order: shop.order(job), project: Fixture.project, keys: shop.keys.serialized,
                services: zip(stages, items).map { .init(stage: $0, staged: $1.staged) }, terms: shop.terms))
        #expect(try await shop.content() == wreckedContent)
        #expect(try shop.tree() == wreckedTree)

        for _ in 0..<2 {
            let reply = try await worker.swap(SwapServices(order: shop.order(job), services: items))
            #expect(reply.side == .new, "\(String(describing: reply.reason))")
            #expect(try await shop.content() == oldContent)
            #expect(try shop.tree() == oldTree)
        }
        try await worker.confirm(ConfirmSwap(order: shop.order(job), services: items))
        #expect(try await shop.databases(of: job) == "hf_\(job)_old")
        await expect(.needsAttention) {
            try await worker.drop(
                DropAside(order: shop.order(job), services: items, targets: shop.targets, aside: .staged))
        }

        // Undo: what was kept comes back.
        let undo = shop.job()
        let current = try await shop.stages(worker, backup.parts, for: undo)
        let kept = zip(current, items).map {
            StageServices.Stage(target: $0.target, identity: $0.identity, content: .kept(job: job, $1.staged))
        }
        let taken = try await shop.stage(worker, kept, for: undo)
        // And back, and taken over once more.
        try await worker.drop(
            DropAside(order: shop.order(undo), services: taken, targets: shop.targets, aside: .givenBack(to: job)))
        #expect(try await shop.databases(of: job) == "hf_\(job)_old")
        let again = try await shop.stage(worker, kept, for: undo)
        let reply = try await worker.swap(SwapServices(order: shop.order(undo), services: again))
        #expect(reply.side == .new)
        #expect(try await shop.content() == wreckedContent)
        #expect(try shop.tree() == wreckedTree)
        try await worker.drop(
            DropAside(order: shop.order(undo), services: again, targets: shop.targets, aside: .old))
        #expect(try shop.stagedNames.isEmpty)
        #expect(try await shop.databases(of: undo) == "")
        #expect(try await shop.resources.disk.list("work").isEmpty)
        await shop.remove()
    }

    @Test func unchangedMediaIsNotRead() async throws {
        let shop = try await Shop()
        // What was changed shortly before a capture is not known to be unchanged after it.
        var resources = shop.resources
        resources.time = RealTime(ahead: .seconds(10))
        let worker = Worker(resources)
        let first = try await shop.capture(worker)
        let second = try await shop.capture(worker, previous: first.parts)
        #expect(second.parts[1].sizes.readBytes == 0)
        #expect(second.parts[1].sizes.newBytes == 0)
        #expect(second.parts[1].counts == first.parts[1].counts)
        #expect(second.parts[0].sizes.newBytes < first.parts[0].sizes.newBytes / 4)
        let media = shop.targets.filter { $0.service.kind == .media }
        let third = try await shop.capture(worker, media, previous: second.parts)
        #expect(third.parts[0].sizes.readBytes == 0)
        // What the holders lack is stored again, though the index knows it.
        let shards = try await shop.store.names(of: .shard)
        for shard in shards {
            try FileManager.default.removeItem(atPath: shop.directory + "/data/" + ObjectStore.path(.shard, shard))
        }
        let fourth = try await shop.capture(worker, previous: third.parts)
        #expect(fourth.parts[1].sizes.readBytes > 300_000)
        let report = try await worker.verify(
            VerifyBackup(
                project: Fixture.project, keys: shop.keys.serialized,
                parts: fourth.parts.map {
                    .init(service: $0.service, manifest: $0.manifest, references: $0.references)
                }, terms: shop.terms))
        #expect(report.problems.isEmpty)
        await shop.remove()
    }

    @Test func findsDamageByName() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let backup = try await shop.capture(worker)
        let message = VerifyBackup(
            project: Fixture.project, keys: shop.keys.serialized,
            parts: backup.parts.map { .init(service: $0.service, manifest: $0.manifest, references: $0.references) },
            terms: try shop.terms)
        for shard in try await shop.store.names(of: .shard) {
            let path = shop.directory + "/data/" + ObjectStore.path(.shard, shard)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[bytes.count / 3] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
        }
        let report = try await worker.verify(message)
        #expect(!report.problems.isEmpty)
        try FileManager.default.removeItem(
            atPath: shop.directory + "/data/" + ObjectStore.path(.manifest, backup.parts[1].manifest))
        let second = try await worker.verify(message)
        #expect(second.problems.contains { $0.contains("\(backup.parts[1].manifest)") })
        await shop.remove()
    }

    @Test func whatIsNotAllowedIsNotTouched() async throws {
        let shop = try await Shop()
        var resources = shop.resources
        resources.databaseHosts = DatabaseHosts(["db.example"])
        resources.mediaRoots = MediaRoots(allowed: ["/srv/nothing"], calls: LinuxFileCalls())
        let worker = Worker(resources)
        let report = try await worker.check(
            CheckServices(services: shop.targets.map { .init(target: $0, purpose: .capture) }))
        #expect(report.problems.map(\.code) == [.notAllowedHere, .notAllowedHere])
        for target in shop.targets {
            await expect(.notAllowedHere) { _ = try await shop.capture(worker, [target]) }
        }
        await shop.remove()
    }

    @Test func lowerEpochsAreRefused() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        try await shop.store.obey(Epoch(7))
        await expect(.deposed) { _ = try await shop.capture(worker) }
        await expect(.deposed) {
            _ = try await worker.swap(SwapServices(order: shop.order(shop.job()), services: []))
        }
        await shop.remove()
    }
}
