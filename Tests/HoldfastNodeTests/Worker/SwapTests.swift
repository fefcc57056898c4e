import Foundation
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// A worker that dies within a swap: the order given again ends on the side that the database says.
@Suite(.timeLimit(.minutes(5))) struct SwapTests {
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

    /// A removal that stops before any of its steps is finished when the order comes again, old or staged.
    @Test(arguments: [true, false]) func anInterruptedDropIsFinished(isSwapped: Bool) async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let backup = try await shop.capture(worker, [shop.targets[1]])
        try shop.write("images/b.txt", Array("wrecked".utf8))
        let notes = WorkNotes(disk: shop.resources.disk)
        var steps = 1
        var stop = 0
        while stop < steps {
            let job = shop.job()
            let items = try await shop.stage(worker, shop.stages(worker, backup.parts, for: job), for: job)
            if isSwapped {
                #expect(try await worker.swap(SwapServices(order: shop.order(job), services: items)).side == .new)
            }
            let tree = try shop.tree()
            let message = DropAside(
                order: shop.order(job), services: items, targets: shop.targets, aside: isSwapped ? .old : .staged)
            var count = 0
            var work = AsideWork(resources: shop.resources, notes: notes, job: job)
            work.removing = { () throws(CallFailure) in
                if count == stop { throw CallFailure(EIO) }
                count += 1
            }
            await expect(.inputOutput) { try await work.run(message) }
            // What is half gone is never exchanged, taken over or verified as if it were whole.
            if stop > 0 { await expect(.notFound) { _ = try takeOver(shop, items, job) } }
            work.removing = { () throws(CallFailure) in count += 1 }
            count = 0
            try await work.run(message)
            try await work.run(message)
            if stop == 0 { steps = count }
            #expect(try shop.stagedNames.isEmpty, "stopped at \(stop)")
            #expect(try shop.tree() == tree)
            stop += 1
        }
        #expect(steps > 8)
        await shop.remove()
    }

    private func takeOver(_ shop: Shop, _ items: [SwapServices.Item], _ job: JobID) throws -> MediaStaging? {
        guard case .media(_, let identity, _) = try #require(items.first).staged.content else { return nil }
        return try MediaStaging.takeOver(
            in: shop.resources.root(shop.targets[1]), from: job, to: shop.job(), expected: identity)
    }

    /// Staging again after a crash drops what was staged before, and finishes an earlier such removal.
    @Test func stagingAgainFinishesAnInterruptedDrop() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let backup = try await shop.capture(worker, [shop.targets[1]])
        let job = shop.job()
        let stages = try await shop.stages(worker, backup.parts, for: job)
        for stop in [0, 1, 3, 7] {
            _ = try await shop.stage(worker, stages, for: job)
            let notes = WorkNotes(disk: shop.resources.disk)
            var count = 0
            var work = AsideWork(resources: shop.resources, notes: notes, job: job)
            work.removing = { () throws(CallFailure) in
                if count == stop { throw CallFailure(EIO) }
                count += 1
            }
            let noted = try #require(try await notes.read(job).work(on: ServiceReference(.media)))
            await expect(.inputOutput) { try await work.undo(noted, at: shop.targets[1]) }
            _ = try await shop.stage(worker, stages, for: job)
        }
        #expect(try shop.stagedNames.count == 1)
        await shop.remove()
    }

    /// The control connection is lost within a swap: database and media agree without any further order.
    @Test(arguments: [SwapWork.Point.databasesPrepared, .mediaExchanged, .committed])
    func cancelledAt(_ point: SwapWork.Point) async throws {
        let swapped = try await StagedSwap()
        let running = Cancellation()
        var work = swapped.work()
        work.reached = { if $0 == point { running.cancel() } }
        let task = Task { [work] in try await work.run() }
        running.set(task)
        let reply = await task.result
        if point == .databasesPrepared {
            #expect(throws: HoldfastError.self) { try reply.get() }
            #expect(try await swapped.side() == .old)
        } else {
            #expect(try reply.get().side == .new)
            #expect(try await swapped.side() == .new)
        }
        await swapped.shop.remove()
    }

    /// A server that rolls back lets everybody in again, so the old media is there before.
    @Test func mediaGoesBackBeforeTheDatabases() async throws {
        let swapped = try await StagedSwap()
        let seen = Seen()
        let shop = swapped.shop
        var server = WatchedDatabases(shop.resources.databases)
        server.rollingBack = { seen.add(try? shop.tree()) }
        var work = swapped.work(on: server)
        work.reached = { if $0 == .mediaExchanged { throw HoldfastError(.noSpace, "injected") } }
        let reply = try await work.run()
        #expect(reply.reason?.code == .noSpace)
        #expect(seen.trees == [swapped.oldTree])
        #expect(try await swapped.side() == .old)
        await shop.remove()
    }

    /// While files move the server hears of its client, and once more before COMMIT.
    @Test func theServerHearsOfALongExchange() async throws {
        let swapped = try await StagedSwap()
        let heard = DispatchSemaphore(value: 0)
        let count = Counter()
        var server = WatchedDatabases(swapped.shop.resources.databases)
        server.keepingAlive = {
            count.add()
            heard.signal()
        }
        var work = swapped.work(on: server, time: ImpatientTime())
        work.step = { if $0 == "root metadata" { #expect(heard.wait(timeout: .now() + 20) == .success) } }
        #expect(try await work.run().side == .new)
        #expect(count.value > 1)
        #expect(try await swapped.side() == .new)
        await swapped.shop.remove()
    }

    /// A server that has ended the swap is heard of before COMMIT is sent.
    @Test func aSwapThatIsLostGoesBack() async throws {
        let swapped = try await StagedSwap()
        var server = WatchedDatabases(swapped.shop.resources.databases)
        server.keepingAlive = { throw HoldfastError(.unavailable, "the server ended the session") }
        let reply = try await swapped.work(on: server).run()
        #expect(reply.side == .old)
        #expect(reply.reason?.code == .unavailable)
        #expect(try await swapped.side() == .old)
        await swapped.shop.remove()
    }
}
