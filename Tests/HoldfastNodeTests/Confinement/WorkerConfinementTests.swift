import Foundation
import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// Every order that names a service is held against the node's own configuration, whatever was checked before.
@Suite(.timeLimit(.minutes(5)), .enabled(if: ThrowawayPostgres.isAvailable))
struct WorkerConfinementTests {
    private func targets(of shop: Shop) throws -> [ServiceTarget] {
        let login = shop.server.login(shop.database)
        var other = login.address
        other.host = "localhost"
        var socket = login.address
        socket.host = shop.server.directory
        let database = { (address: DatabaseAddress) in
            ServiceTarget(
                service: ServiceReference(.database), location: .database(address, password: login.password))
        }
        let media = { (path: String) in
            ServiceTarget(service: ServiceReference(.media), location: .media(path: path))
        }
        return [
            database(other), database(socket), media("/etc"), media(shop.directory), media(shop.directory + "/data"),
            media(shop.directory + "/media-not"),
        ]
    }

    @Test func noOrderReachesFurther() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let backup = try await shop.capture(worker)
        let job = shop.job()
        let stages = try await shop.stages(worker, backup.parts, for: job)
        let items = try await shop.stage(worker, stages, for: job)
        for target in try targets(of: shop) {
            let kind = target.service.kind
            let report = try await worker.check(
                CheckServices(services: [.init(target: target, purpose: .capture)]))
            #expect(report.problems.map(\.code) == [.notAllowedHere], "\(target)")
            func expectRefusal(_ what: String, _ body: () async throws -> Void) async {
                let error = await #expect(throws: HoldfastError.self, "\(what) of \(target)") { try await body() }
                #expect(error?.code == .notAllowedHere, "\(what) of \(target)")
            }
            await expectRefusal("capture") { _ = try await shop.capture(worker, [target]) }
            guard var stage = stages.first(where: { $0.target.service.kind == kind }),
                var item = items.first(where: { $0.target.service.kind == kind })
            else { continue }
            (stage.target, item.target) = (target, target)
            let (staged, moved) = (stage, item)
            await expectRefusal("stage") { _ = try await shop.stage(worker, [staged], for: shop.job()) }
            let order = SwapServices(order: shop.order(job), services: [moved])
            await expectRefusal("swap") {
                // A swap says that it stayed old where nothing was decided yet.
                if let reason = try await worker.swap(order).reason { throw reason }
            }
            await expectRefusal("confirm") {
                try await worker.confirm(ConfirmSwap(order: shop.order(job), services: [moved]))
            }
            await expectRefusal("drop") {
                try await worker.drop(
                    DropAside(order: shop.order(job), services: [moved], targets: [target], aside: .staged))
            }
        }
        try await worker.drop(
            DropAside(order: shop.order(job), services: items, targets: shop.targets, aside: .staged))
        await shop.remove()
    }

    /// A tree that was checked and then swapped for another, or for a link to one, is not staged into.
    @Test func aTreeSwappedAfterTheCheckIsRefused() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let backup = try await shop.capture(worker)
        let stages = try await shop.stages(worker, backup.parts, for: shop.job()).filter {
            $0.target.service.kind == .media
        }
        let media = shop.directory + "/media"
        try FileManager.default.moveItem(atPath: media, toPath: media + "-checked")
        try FileManager.default.createDirectory(atPath: media, withIntermediateDirectories: false)
        let error = await #expect(throws: HoldfastError.self) {
            _ = try await shop.stage(worker, stages, for: shop.job())
        }
        #expect(error?.code == .conflict)
        #expect(try shop.stagedNames.isEmpty)
        await shop.remove()
    }

    /// Where the role was given rights between check and staging.
    @Test func anotherProjectsDumpIsNotLoadedByASuperuser() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let backup = try await shop.capture(worker)
        let job = shop.job()
        let stages = try await shop.stages(worker, backup.parts, for: job).filter {
            $0.target.service.kind == .database
        }.map { stage in
            guard case .part(let service, let manifest, let references, let counts, _) = stage.content else {
                return stage
            }
            var stage = stage
            stage.content = .part(
                service: service, manifest: manifest, references: references, counts: counts,
                fromAnotherProject: true)
            return stage
        }
        let error = await #expect(throws: HoldfastError.self) { _ = try await shop.stage(worker, stages, for: job) }
        #expect(error?.code == .permissionDenied)
        #expect(try await shop.databases(of: job) == "")
        await shop.remove()
    }
}
