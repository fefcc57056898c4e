import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// Restores of database and media whose worker is killed at any call that leaves it. Orders without an answer are given
/// again to the next process, as a coordinator does.
@Suite(.timeLimit(.minutes(5))) struct ModelRestoreTests {
    /// What happens in one run.
    private struct Plan: CustomStringConvertible {
        /// The call with which each process dies; the last one lives.
        var deaths: [Int]
        /// Of the worker's machine, with each death.
        var powerFails = false
        /// Whether the coordinator gives the restore up after a death, as long as it may.
        var givesUp = false
        /// Whether the database server lets no swap begin after a death.
        var isRefused = false

        var description: String {
            "died at calls \(deaths)" + (powerFails ? " with the power" : "") + (givesUp ? ", then given up" : "")
                + (isRefused ? ", then refused" : "")
        }
    }

    /// What the coordinator has journalled of the restore.
    private struct Restore {
        var job: JobID
        var stages: [StageServices.Stage]
        var items: [SwapServices.Item] = []
        var isVerified = false
        var side: SwapSide?
        var isConfirmed = false
        var isDone = false
    }

    /// Gives the next order, and journals its answer if that arrives.
    private func advance(
        _ restore: inout Restore, _ shop: ModelShop, _ process: ModelShop.Process, _ worker: Worker, givesUp: Bool
    ) async throws {
        let order = shop.order(restore.job)
        let (stages, items) = (restore.stages, restore.items)
        var next = restore
        if givesUp && !restore.isVerified || restore.side == .old {
            try await worker.drop(
                DropAside(order: order, services: items, targets: shop.targets, aside: .staged))
            next.isDone = true
        } else if items.isEmpty {
            let reply = try await worker.stage(
                StageServices(
                    order: order, project: Fixture.project, keys: shop.keys.serialized, services: stages,
                    terms: shop.terms))
            next.items = zip(stages, reply.services).map { .init(target: $0.target, staged: $1) }
        } else if !restore.isVerified {
            try await worker.verify(
                VerifyStaged(
                    order: order, project: Fixture.project, keys: shop.keys.serialized,
                    services: zip(stages, items).map { .init(stage: $0, staged: $1.staged) }, terms: shop.terms))
            next.isVerified = true
        } else if restore.side == nil {
            next.side = try await worker.swap(SwapServices(order: order, services: items)).side
        } else if !restore.isConfirmed {
            try await worker.confirm(ConfirmSwap(order: order, services: items))
            next.isConfirmed = true
        } else {
            try await worker.drop(DropAside(order: order, services: items, targets: shop.targets, aside: .old))
            next.isDone = true
        }
        // What a dead process answers never arrives.
        try process.checkAlive()
        restore = next
    }

    /// - Returns: how many calls the last process made, and how many of them until everything was staged and verified.
    @discardableResult
    private func run(_ plan: Plan) async throws -> (calls: Int, toSwap: Int) {
        let shop = try ModelShop()
        let hint: Comment = "\(plan)"
        // The backup is of “new”, and “old” is there now.
        try shop.set("new")
        let parts = try await shop.capture(shop.worker())
        try shop.set("old")
        var restore = Restore(job: shop.job(), stages: try await shop.stages(shop.worker(), parts))
        var (calls, callsToSwap) = (0, 0)
        for (number, death) in (plan.deaths + [.max]).enumerated() where !restore.isDone {
            let process = ModelShop.Process(dyingAt: death)
            do {
                let worker = try await shop.worker(process, refusesSwaps: plan.isRefused && number > 0)
                while !restore.isDone {
                    try await advance(&restore, shop, process, worker, givesUp: plan.givesUp && number > 0)
                    guard let side = restore.side else {
                        callsToSwap = process.calls
                        continue
                    }
                    #expect(side == .new || plan.isRefused, hint)
                    #expect(shop.databaseStamp() == side.rawValue, hint)
                    #expect(try shop.mediaStamp() == side.rawValue, hint)
                }
            } catch {
                guard process.isDead else { throw error }
                // The application connects at once, and finds one of the two whole.
                #expect(
                    shop.server.visit(ModelShop.database) == .content(shop.content(shop.databaseStamp() ?? "?")), hint)
                if plan.powerFails { shop.powerCut(seed: UInt64(death)) }
            }
            calls = process.calls
        }
        let expected = restore.side?.rawValue ?? "old"
        #expect(restore.isDone, hint)
        #expect(plan.givesUp || plan.isRefused || expected == "new", hint)
        #expect(shop.databaseStamp() == expected, hint)
        #expect(try shop.mediaStamp() == expected, hint)
        let left = try shop.leftovers()
        #expect(left.isEmpty, hint)
        #expect(shop.server.sessions == (0, 0), hint)
        return (calls, callsToSwap)
    }

    @Test func everyCallIsSurvived() async throws {
        let calls = try await run(Plan(deaths: [])).calls
        #expect(calls > 100)
        for death in 1...calls {
            try await run(Plan(deaths: [death], powerFails: death % 2 == 0, givesUp: death % 3 == 0))
        }
    }

    /// Whom the server refuses after a death in the swap leaves everything on the side where it is.
    @Test func everyCallOfASwapIsSurvivedWithoutAnother() async throws {
        let (calls, callsToSwap) = try await run(Plan(deaths: []))
        for death in callsToSwap...calls {
            try await run(Plan(deaths: [death], powerFails: death % 2 == 0, isRefused: true))
        }
    }

    /// Who dies again while it makes good its predecessor's death.
    @Test(arguments: 1...60) func deathsInARowAreSurvived(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let deaths = (0..<3).map { _ in Int.random(in: 1...400, using: &random) }
        try await run(
            Plan(
                deaths: deaths, powerFails: .random(using: &random), givesUp: .random(using: &random),
                isRefused: .random(using: &random)))
    }
}
