import Foundation
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// A worker that dies within a swap: the order given again ends on the side that the database says.
@Suite(.timeLimit(.minutes(1))) struct SwapTests {
    @Test(arguments: [SwapWork.Point.databasesPrepared, .mediaExchanged, .committed])
    func diesAt(_ point: SwapWork.Point) async throws {
        let shop = try await Shop()
        var worker = Worker(shop.resources)
        let backup = try await shop.capture(worker)
        let (newContent, newTree) = (try await shop.content(), try shop.tree())
        try await shop.server.sql("DELETE FROM item WHERE id > 10", in: shop.database)
        try shop.write("images/b.txt", Array("wrecked".utf8))
        let (oldContent, oldTree) = (try await shop.content(), try shop.tree())

        let job = shop.job()
        let items = try await shop.stage(worker, shop.stages(worker, backup.parts, for: job), for: job)
        let order = SwapServices(order: shop.order(job), services: items)
        worker.swapReached = { if $0 == point { throw SwapInterruption() } }
        await #expect(throws: SwapInterruption.self) { _ = try await worker.swap(order) }

        // Before COMMIT the database is old, whatever the media is; afterwards it is new.
        #expect(try await shop.content() == (point == .committed ? newContent : oldContent))
        if point == .mediaExchanged { #expect(try shop.tree() == newTree) }

        // The order again, with something in the way: it ends old, and together.
        if point != .committed {
            worker.swapReached = { if $0 == .databasesPrepared { throw HoldfastError(.noSpace, "injected") } }
            let reply = try await worker.swap(order)
            #expect(reply.side == .old)
            #expect(reply.reason?.code == .noSpace)
            #expect(try await shop.content() == oldContent)
            #expect(try shop.tree() == oldTree)
        }
        worker.swapReached = { _ in }
        let reply = try await worker.swap(order)
        #expect(reply.side == .new, "\(String(describing: reply.reason))")
        #expect(try await shop.content() == newContent)
        #expect(try shop.tree() == newTree)
        try await worker.drop(
            DropAside(order: shop.order(job), services: items, targets: shop.targets, aside: .old))
        #expect(try await shop.databases(of: job) == "")
        #expect(try shop.stagedNames.isEmpty)
        await shop.remove()
    }

    /// What a swap has to tell survives the worker that found it out.
    @Test func warningsAreToldAgain() async throws {
        let shop = try await Shop()
        var worker = Worker(shop.resources)
        let backup = try await shop.capture(worker)
        let job = shop.job()
        let items = try await shop.stage(worker, shop.stages(worker, backup.parts, for: job), for: job)
        let order = SwapServices(order: shop.order(job), services: items)
        worker.swapReached = { point in
            if point == .databasesPrepared { try shop.write("late", [1]) }
            if point == .committed { throw SwapInterruption() }
        }
        await #expect(throws: SwapInterruption.self) { _ = try await worker.swap(order) }
        worker.swapReached = { _ in }
        for _ in 0..<2 {
            let reply = try await worker.swap(order)
            #expect(reply.side == .new)
            #expect(reply.warnings.count == 1)
            #expect(reply.warnings.first.first?.hasPrefix("media: late was made meanwhile") ?? false)
        }
        try await worker.drop(DropAside(order: shop.order(job), services: items, targets: shop.targets, aside: .old))
        await shop.remove()
    }

    @Test func whatDiedWhileItWasStagedIsDropped() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let backup = try await shop.capture(worker)
        let job = shop.job()
        let stages = try await shop.stages(worker, backup.parts, for: job)
        _ = try await shop.stage(worker, stages, for: job)
        // The answer was lost, and so were the identities in the notes: only the announcement is left.
        var note = try await WorkNotes(disk: shop.resources.disk).read(job)
        #expect(note.entries.count == 2)
        note.set(ServiceReference(.database), .database(name: "hf_\(job)_new", oid: nil))
        note.set(ServiceReference(.media), .media(nil))
        try await WorkNotes(disk: shop.resources.disk).write(note)
        for _ in 0..<2 {
            try await worker.drop(
                DropAside(order: shop.order(job), services: [], targets: shop.targets, aside: .staged))
        }
        #expect(try await shop.databases(of: job) == "")
        #expect(try shop.stagedNames.isEmpty)
        await shop.remove()
    }

    @Test func whatIsNotNotedIsLeftAlone() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let backup = try await shop.capture(worker)
        let job = shop.job()
        let stages = try await shop.stages(worker, backup.parts, for: job)
        try await shop.server.sql("CREATE DATABASE hf_\(job)_new")
        await expect(.conflict) { _ = try await shop.stage(worker, [stages[0]], for: job) }
        try await worker.drop(
            DropAside(order: shop.order(job), services: [], targets: shop.targets, aside: .staged))
        #expect(try await shop.databases(of: job) == "hf_\(job)_new")
        try await shop.server.sql("DROP DATABASE hf_\(job)_new")
        await shop.remove()
    }

    @Test func mediaAloneGoesForwardOnceItsListIsDurable() async throws {
        let shop = try await Shop()
        var worker = Worker(shop.resources)
        let backup = try await shop.capture(worker, [shop.targets[1]])
        let newTree = try shop.tree()
        try shop.write("images/b.txt", Array("wrecked".utf8))
        let job = shop.job()
        let items = try await shop.stage(worker, shop.stages(worker, backup.parts, for: job), for: job)
        let order = SwapServices(order: shop.order(job), services: items)
        worker.swapReached = { _ in throw SwapInterruption() }
        await #expect(throws: SwapInterruption.self) { _ = try await worker.swap(order) }
        worker.swapReached = { _ in }
        #expect(try await worker.swap(order).side == .new)
        #expect(try shop.tree() == newTree)
        try await worker.confirm(ConfirmSwap(order: shop.order(job), services: items))
        await shop.remove()
    }
}
