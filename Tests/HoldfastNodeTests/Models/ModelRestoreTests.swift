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
        /// What ails the database server after a death; from the beginning where nobody dies.
        var trouble: ModelShop.DatabaseTrouble?
        /// Whether the database's content is replaced in place.
        var isInPlace = false

        var description: String {
            "died at calls \(deaths)" + (powerFails ? " with the power" : "") + (givesUp ? ", then given up" : "")
                + (trouble.map { ", then \($0)" } ?? "") + (isInPlace ? ", in place" : "")
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
            next.items = zip(stages, reply.services).map { stage, staged in
                .init(target: stage.target, staged: staged, content: staged.isInPlace ? stage.content : nil)
            }
        } else if !restore.isVerified {
            try await worker.verify(
                VerifyStaged(
                    order: order, project: Fixture.project, keys: shop.keys.serialized,
                    services: zip(stages, items).map { .init(stage: $0, staged: $1.staged) }, terms: shop.terms))
            next.isVerified = true
        } else if restore.side == nil {
            let isInPlace = items.contains(where: \.staged.isInPlace)
            let source = CheckServices.Source(
                project: Fixture.project, keys: shop.keys.serialized, terms: try shop.terms)
            let swap = SwapServices(order: order, services: items, source: isInPlace ? source : nil)
            next.side = try await worker.swap(swap).side
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
        let shop = try ModelShop(isAlone: plan.isInPlace)
        let hint: Comment = "\(plan)"
        // The backup is of “new”, and “old” is there now.
        try shop.set("new")
        let parts = try await shop.capture(shop.worker())
        try shop.set("old")
        var restore = Restore(job: shop.job(), stages: try await shop.stages(shop.worker(), parts))
        #expect(restore.stages.contains { $0.isInPlace == true } == plan.isInPlace)
        var (calls, callsToSwap) = (0, 0)
        for (number, death) in (plan.deaths + [.max]).enumerated() where !restore.isDone {
            let process = ModelShop.Process(dyingAt: death)
            do {
                let isTroubled = number > 0 || plan.deaths.isEmpty
                let worker = try await shop.worker(process, trouble: isTroubled ? plan.trouble : nil)
                while !restore.isDone {
                    try await advance(&restore, shop, process, worker, givesUp: plan.givesUp && number > 0)
                    guard let side = restore.side else {
                        callsToSwap = process.calls
                        continue
                    }
                    #expect(side == .new || plan.trouble != nil, hint)
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
        #expect(plan.givesUp || plan.trouble != nil || expected == "new", hint)
        #expect(plan.trouble == nil || !plan.deaths.isEmpty || expected == "old", hint)
        #expect(shop.databaseStamp() == expected, hint)
        #expect(try shop.mediaStamp() == expected, hint)
        let left = try shop.leftovers()
        #expect(left.isEmpty, hint)
        #expect(shop.server.sessions == (0, 0), hint)
        return (calls, callsToSwap)
    }

    @Test(arguments: [false, true]) func everyCallIsSurvived(inPlace: Bool) async throws {
        let calls = try await run(Plan(deaths: [], isInPlace: inPlace)).calls
        #expect(calls > 100)
        for death in 1...calls {
            try await run(
                Plan(
                    deaths: [death], powerFails: death % 2 == 0, givesUp: death % 3 == 0, isInPlace: inPlace))
        }
    }

    /// Whom the server refuses after a death in the swap, or whose COMMITs it never gets, leaves everything on the side
    /// where it is.
    @Test(arguments: [ModelShop.DatabaseTrouble.refusesSwaps, .losesCommits], [false, true])
    func everyCallOfASwapIsSurvivedWithoutAnother(_ trouble: ModelShop.DatabaseTrouble, inPlace: Bool) async throws {
        try await run(Plan(deaths: [], trouble: trouble, isInPlace: inPlace))
        let (calls, callsToSwap) = try await run(Plan(deaths: [], isInPlace: inPlace))
        for death in callsToSwap...calls {
            try await run(
                Plan(deaths: [death], powerFails: death % 2 == 0, trouble: trouble, isInPlace: inPlace))
        }
    }

    /// Who dies again while it makes good its predecessor's death.
    @Test(arguments: 1...60) func deathsInARowAreSurvived(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let deaths = (0..<3).map { _ in Int.random(in: 1...400, using: &random) }
        try await run(
            Plan(
                deaths: deaths, powerFails: .random(using: &random), givesUp: .random(using: &random),
                trouble: [nil, .refusesSwaps, .losesCommits].randomElement(using: &random) ?? nil,
                isInPlace: .random(using: &random)))
    }
}
