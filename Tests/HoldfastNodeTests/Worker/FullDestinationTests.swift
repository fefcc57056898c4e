import Foundation
import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// A restore whose media destination is full, or read-only, at each of its steps: the destination keeps its old content,
/// nothing staged is left, and the same order succeeds once there is room.
@Suite(.enabled(if: SmallDisk.isAvailable && ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct FullDestinationTests {
    private let disk: SmallDisk
    private let shop: Shop
    private let worker: Worker
    private let target: ServiceTarget
    private let backup: CaptureServices.Reply

    init() async throws {
        disk = try SmallDisk(megabytes: 8)
        shop = try await Shop()
        for number in 0..<30 { try shop.write("more/\(number)", Shop.noise(50_000, seed: UInt64(number + 10))) }
        var resources = shop.resources
        resources.mediaRoots = MediaRoots(allowed: [shop.directory, disk.path])
        worker = Worker(resources)
        target = ServiceTarget(service: ServiceReference(.media), location: .media(path: disk.path + "/site"))
        try FileManager.default.createDirectory(atPath: disk.path + "/site", withIntermediateDirectories: true)
        try Data("old".utf8).write(to: URL(fileURLWithPath: disk.path + "/site/old"))
        backup = try await shop.capture(worker, shop.targets.filter { $0.service.kind == .media })
    }

    private func stage(for job: JobID) async throws -> SwapServices.Item {
        let report = try await worker.check(
            CheckServices(services: [.init(target: target, purpose: .exchange)]))
        let (identity, part) = (try #require(report.services.first?.identity), backup.parts[0])
        let items = try await shop.stage(
            worker,
            [
                .init(
                    target: target, identity: identity,
                    content: .part(
                        service: part.service, manifest: part.manifest, references: part.references,
                        counts: part.counts, fromAnotherProject: false))
            ], for: job)
        return try #require(items.first)
    }

    private func drop(_ job: JobID, _ aside: DropAside.Aside, _ items: [SwapServices.Item] = []) async throws {
        try await worker.drop(
            DropAside(order: shop.order(job), services: items, targets: [target], aside: aside))
    }

    private func code(_ body: () async throws -> Void) async -> ErrorCode? {
        do {
            try await body()
            return nil
        } catch { return HoldfastError(error).code }
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: disk.path + "/site").sorted() }
    }

    @Test(arguments: [0, 40, 400])
    func fullWhileItIsStaged(kibibytesLeft: Int) async throws {
        let job = shop.job()
        try disk.fill(leaving: kibibytesLeft)
        #expect(await code { _ = try await stage(for: job) } == .noSpace)
        // Going back needs no space.
        try await drop(job, .staged)
        #expect(try names == ["old"])
        try disk.makeRoom()
        let again = shop.job()
        let item = try await stage(for: again)
        let reply = try await worker.swap(SwapServices(order: shop.order(again), services: [item]))
        #expect(reply.side == .new)
        try await drop(again, .old, [item])
        #expect(try names == ["empty", "images", "link", "more"])
        await shop.remove()
    }

    @Test func fullWhenTheExchangeIsWrittenDown() async throws {
        let job = shop.job()
        let item = try await stage(for: job)
        let order = SwapServices(order: shop.order(job), services: [item])
        try disk.fill()
        let reply = try await worker.swap(order)
        #expect(reply.side == .old)
        #expect(reply.reason?.code == .noSpace)
        #expect(try names.filter { !$0.hasPrefix(StagingNames.mediaPrefix) && $0 != "filler" } == ["old"])
        try disk.makeRoom()
        #expect(try await worker.swap(order).side == .new)
        try await drop(job, .old, [item])
        #expect(try names == ["empty", "images", "link", "more"])
        await shop.remove()
    }

    @Test func readOnlyAtEveryStep() async throws {
        let (early, job) = (shop.job(), shop.job())
        try disk.mount(readOnly: true)
        #expect(await code { _ = try await stage(for: early) } == .unavailable)
        try disk.mount(readOnly: false)
        try await drop(early, .staged)
        let item = try await stage(for: job)
        let order = SwapServices(order: shop.order(job), services: [item])
        try disk.mount(readOnly: true)
        #expect(try await worker.swap(order).reason?.code == .unavailable)
        #expect(await code { try await drop(job, .staged, [item]) } == .unavailable)
        try disk.mount(readOnly: false)
        #expect(try await worker.swap(order).side == .new)
        try disk.mount(readOnly: true)
        #expect(await code { try await drop(job, .old, [item]) } == .unavailable)
        try disk.mount(readOnly: false)
        try await drop(job, .old, [item])
        #expect(try names == ["empty", "images", "link", "more"])
        await shop.remove()
    }
}
