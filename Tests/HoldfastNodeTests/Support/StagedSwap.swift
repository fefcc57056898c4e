import Foundation
import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit
import HoldfastWire
import Synchronization

@testable import HoldfastNode

/// A shop whose earlier content is staged beside what it has now.
struct StagedSwap {
    let shop: Shop
    let order: SwapServices
    let (oldContent, newContent): (String, String)
    let (oldTree, newTree): ([String: [UInt8]], [String: [UInt8]])

    init() async throws {
        shop = try await Shop()
        let worker = Worker(shop.resources)
        let backup = try await shop.capture(worker)
        (newContent, newTree) = (try await shop.content(), try shop.tree())
        try await shop.server.sql("DELETE FROM item WHERE id > 10", in: shop.database)
        try shop.write("images/b.txt", Array("wrecked".utf8))
        (oldContent, oldTree) = (try await shop.content(), try shop.tree())
        let job = shop.job()
        let items = try await shop.stage(worker, shop.stages(worker, backup.parts, for: job), for: job)
        order = SwapServices(order: shop.order(job), services: items)
    }

    func work(on server: (any DatabaseServer)? = nil, time: (any TimeSource)? = nil) -> SwapWork {
        var resources = shop.resources
        if let server { resources.databases = server }
        if let time { resources.time = time }
        return SwapWork(resources: resources, notes: WorkNotes(disk: resources.disk), message: order)
    }

    /// Nil where database and media don't agree.
    func side() async throws -> SwapSide? {
        let (content, tree) = (try await shop.content(), try shop.tree())
        if content == oldContent, tree == oldTree { return .old }
        return content == newContent && tree == newTree ? .new : nil
    }
}

/// Cancels a task from within, which may reach that point before its maker knows it.
final class Cancellation: Sendable {
    private let task = Mutex<Task<SwapServices.Reply, any Error>?>(nil)

    func set(_ task: Task<SwapServices.Reply, any Error>) { self.task.withLock { $0 = task } }

    func cancel() {
        while true {
            if let task = task.withLock({ $0 }) { return task.cancel() }
            sched_yield()
        }
    }
}

final class Seen: Sendable {
    private let all = Mutex<[[String: [UInt8]]?]>([])
    var trees: [[String: [UInt8]]?] { all.withLock { $0 } }
    func add(_ tree: [String: [UInt8]]?) { all.withLock { $0.append(tree) } }
}

final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}

/// Time that passes at once when somebody waits for it.
struct ImpatientTime: TimeSource {
    var now: Timestamp { RealTime().now }
    var uptime: Duration { RealTime().uptime }
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: .milliseconds(1)) }
}
