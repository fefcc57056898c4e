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

/// A server whose swaps tell what is asked of them.
struct WatchedServer: DatabaseServer {
    let server: any DatabaseServer
    let rollingBack: @Sendable () -> Void
    var keepingAlive: @Sendable () throws -> Void = {}

    init(server: any DatabaseServer, rollingBack: @escaping @Sendable () -> Void) {
        self.server = server
        self.rollingBack = rollingBack
    }

    struct Swap: DatabaseSwap {
        let swap: any DatabaseSwap
        let watch: WatchedServer

        var warnings: [String] { swap.warnings }
        var transaction: UInt64? { swap.transaction }
        func keepAlive() async throws {
            try watch.keepingAlive()
            try await swap.keepAlive()
        }
        func commit() async throws -> SwapSide { try await swap.commit() }
        func rollback() async {
            watch.rollingBack()
            await swap.rollback()
        }
    }

    func prepareSwap(of items: [SwapItem], job: JobID) async throws -> any DatabaseSwap {
        Swap(swap: try await server.prepareSwap(of: items, job: job), watch: self)
    }

    func inspect(_ login: DatabaseLogin, for purpose: InspectionPurpose) async throws -> DatabaseInspection {
        try await server.inspect(login, for: purpose)
    }
    func dump<Sink: DumpSink>(_ login: DatabaseLogin, into sink: inout Sink) async throws -> DumpSummary {
        try await server.dump(login, into: &sink)
    }
    func createStaged(
        beside login: DatabaseLogin, name: String, locale: DatabaseLocale
    ) async throws -> StagedDatabase {
        try await server.createStaged(beside: login, name: name, locale: locale)
    }
    func load(
        _ staged: StagedDatabase, beside login: DatabaseLogin, from source: () async throws -> [UInt8]?
    ) async throws -> LoadReport {
        try await server.load(staged, beside: login, from: source)
    }
    func differences(
        of staged: StagedDatabase, beside login: DatabaseLogin, tables: [DumpTable], largeObjects: Int
    ) async throws -> [String] {
        try await server.differences(of: staged, beside: login, tables: tables, largeObjects: largeObjects)
    }
    func find(_ name: String, on login: DatabaseLogin) async throws -> StagedDatabase? {
        try await server.find(name, on: login)
    }
    func side(of item: SwapItem, job: JobID) async throws -> SwapSide { try await server.side(of: item, job: job) }
    func rehearse(_ item: InPlaceItem, from source: @escaping DumpSource) async throws -> LoadReport {
        try await server.rehearse(item, from: source)
    }

    func replace(
        _ item: InPlaceItem, counts: DumpedCounts, from source: @escaping DumpSource
    ) async throws -> any DatabaseSwap { try await server.replace(item, counts: counts, from: source) }

    func side(of item: InPlaceItem, transaction: UInt64?) async throws -> SwapSide {
        try await server.side(of: item, transaction: transaction)
    }

    func confirm(_ item: InPlaceItem) async throws { try await server.confirm(item) }

    func confirm(_ login: DatabaseLogin, oid: UInt32) async throws { try await server.confirm(login, oid: oid) }
    func rename(_ staged: StagedDatabase, to name: String, on login: DatabaseLogin) async throws {
        try await server.rename(staged, to: name, on: login)
    }
    func drop(_ staged: StagedDatabase, on login: DatabaseLogin) async throws {
        try await server.drop(staged, on: login)
    }
}
