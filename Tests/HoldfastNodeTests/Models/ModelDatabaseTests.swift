import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit
import Synchronization
import Testing

/// What the model does beyond answering: servers and clients that end, and answers that don't come.
@Suite(.timeLimit(.minutes(5))) struct ModelDatabaseTests {
    private struct Dead: Error {}

    /// Steps at which something happens, changed as a test goes on.
    private final class Faults: Sendable {
        private let action = Mutex<@Sendable (ModelDatabaseStep) throws -> Void>({ _ in })
        func set(_ action: @escaping @Sendable (ModelDatabaseStep) throws -> Void) {
            self.action.withLock { $0 = action }
        }
        func on(_ call: ModelDatabaseStep.Call, _ phase: ModelDatabaseStep.Phase, throw error: any Error) {
            set { if $0.call == call, $0.phase == phase { throw error } }
        }
        func call(_ step: ModelDatabaseStep) throws { try action.withLock { $0 }(step) }
    }

    private let time = LeapingTime()
    private let server: ModelDatabaseServer
    private let faults = Faults()
    private let live = "live_mddtaaaaaaaa"

    init() { server = ModelDatabaseServer(time: time) }

    private func scene() async throws -> DatabaseScene {
        let faults = faults
        return try await .model("mddtaaaaaaaa", on: server, time: time) { try faults.call($0) }
    }

    /// The same databases as another process sees them, which dies when told.
    private func mortal(deathShows: Bool, _ dies: Counter) -> ModelDatabaseDriver {
        ModelDatabaseDriver(
            servers: ["db:5432": server], time: time, alive: { if dies.value > 0 { throw Dead() } },
            deathShows: deathShows)
    }

    @Test func theApplicationWaitsAndSeesOneSide() async throws {
        let scene = try await scene()
        #expect(server.visit(live) == .content(ModelTables(tables: ["stamp": ["old"]])))
        time.advance(by: .seconds(5))
        let swap = try await scene.driver.prepareSwap(of: [scene.item], job: scene.job)
        #expect(server.visit(live) == .waits(since: .seconds(5)))
        #expect(!server.write(to: live) { $0.tables = [:] })
        #expect(server.content(of: live)?.stamp == "old")
        #expect(try await swap.commit() == .new)
        #expect(server.visit(live) == .content(ModelTables(tables: ["stamp": ["new"]])))
        #expect(server.write(to: live) { $0.tables["more"] = ["1"] })
        let now = try #require(server.databases.first { $0.name == live })
        #expect(now.properties == ["work_mem": "7MB"])
        #expect(now.content.rows == 2)
        #expect(!now.isStaged)
        #expect(server.visit("none") == .refused("there is no database none"))
        #expect(server.sessions == (0, 0))
    }

    @Test func aKilledServerRollsBackAndKeepsWhatIsCommitted() async throws {
        let scene = try await scene()
        let swap = try await scene.driver.prepareSwap(of: [scene.item], job: scene.job)
        server.kill()
        await expect(.unavailable) { try await swap.keepAlive() }
        await expect(.unavailable) { _ = try await swap.commit() }
        await expect(.unavailable) { _ = try await scene.driver.find(live, on: scene.login) }
        #expect(try await scene.driver.inspect(scene.login, for: .exchange).problems.map(\.code) == [.unavailable])
        guard case .refused = server.visit(live) else { return #expect(Bool(false)) }
        server.start()
        #expect(try await scene.driver.side(of: scene.item, job: scene.job) == .old)
        #expect(try await scene.driver.prepareSwap(of: [scene.item], job: scene.job).commit() == .new)
        server.kill()
        server.start()
        #expect(server.content(of: live)?.stamp == "new")
    }

    @Test func anUnansweredCommitIsAskedFor() async throws {
        let scene = try await scene()
        let lost = HoldfastError(.unavailable, "lost")
        // Not received: rolled back, and known to be.
        var swap = try await scene.driver.prepareSwap(of: [scene.item], job: scene.job)
        faults.on(.commit, .asked, throw: lost)
        #expect(try await swap.commit() == .old)
        // Neither received nor to be asked for.
        faults.set { _ in }
        swap = try await scene.driver.prepareSwap(of: [scene.item], job: scene.job)
        faults.set { if [.commit, .connect].contains($0.call), $0.phase == .asked { throw lost } }
        await expect(.unavailable) { _ = try await swap.commit() }
        faults.set { _ in }
        #expect(try await scene.driver.side(of: scene.item, job: scene.job) == .old)
        // Done and unanswered, and nobody to ask.
        swap = try await scene.driver.prepareSwap(of: [scene.item], job: scene.job)
        faults.set { if [.commit, .connect].contains($0.call), $0.phase == .answered { throw lost } }
        await expect(.unavailable) { _ = try await swap.commit() }
        faults.set { _ in }
        #expect(try await scene.driver.side(of: scene.item, job: scene.job) == .new)
    }

    /// Who asks without the lock would hear “old”, and be wrong a moment later.
    @Test func aCommitCarriedOutLateIsWaitedFor() async throws {
        let scene = try await scene()
        let swap = try await scene.driver.prepareSwap(of: [scene.item], job: scene.job)
        let server = server
        let live = live
        let before = Mutex<String?>(nil)
        let start = time.uptime
        faults.set { step in
            if step.call == .commit, step.phase == .asked { throw LateCommit(after: .seconds(20)) }
            if step.call == .connect { before.withLock { $0 = server.content(of: live)?.stamp } }
        }
        #expect(try await swap.commit() == .new)
        #expect(before.withLock { $0 } == "old")
        #expect(time.uptime - start >= .seconds(20))
        #expect(server.sessions == (0, 0))
    }

    @Test(arguments: [true, false]) func aDeadClientsSwapIsRolledBack(deathShows: Bool) async throws {
        let scene = try await scene()
        let dies = Counter()
        let driver = mortal(deathShows: deathShows, dies)
        var swap: (any DatabaseSwap)? = try await driver.prepareSwap(of: [scene.item], job: scene.job)
        dies.add()
        await #expect(throws: Dead.self) { try await swap?.keepAlive() }
        await #expect(throws: (any Error).self) { _ = try await swap?.commit() }
        swap = nil
        if !deathShows {
            #expect(server.visit(live) == .waits(since: .zero))
            #expect(server.sessions == (1, 1))
            let start = time.uptime
            // Under the lock, so not before the server has noticed.
            #expect(try await scene.driver.side(of: scene.item, job: scene.job) == .old)
            #expect((Duration.seconds(59)...Duration.seconds(61)).contains(time.uptime - start))
        }
        #expect(server.visit(live) == .content(ModelTables(tables: ["stamp": ["old"]])))
        await #expect(throws: Dead.self) { _ = try await driver.find(live, on: scene.login) }
        await #expect(throws: Dead.self) { try await driver.drop(scene.staged, on: scene.login) }
        #expect(server.databases.count == 2)
        #expect(try await scene.driver.prepareSwap(of: [scene.item], job: scene.job).commit() == .new)
    }

    @Test func aSilentSwapIsRolledBack() async throws {
        let scene = try await scene()
        let swap = try await scene.driver.prepareSwap(of: [scene.item], job: scene.job)
        for _ in 0..<4 {
            time.advance(by: .seconds(45))
            try await swap.keepAlive()
        }
        time.advance(by: .seconds(61))
        #expect(server.content(of: live)?.stamp == "old")
        await expect(.unavailable) { try await swap.keepAlive() }
        #expect(try await swap.commit() == .old)
    }

    @Test func anotherJobWaitsForTheDatabase() async throws {
        let scene = try await scene()
        let swap = try await scene.driver.prepareSwap(of: [scene.item], job: scene.job)
        let other = try #require(JobID("mddtaaaaaaab"))
        let locale = ModelDatabase.locale
        let second = try await scene.driver.createStaged(
            beside: scene.login, name: StagingNames.stagedDatabase(other), locale: locale)
        let item = SwapItem(login: scene.login, live: scene.item.live, staged: second.oid)
        let start = time.uptime
        await expect(.busy) { _ = try await scene.driver.prepareSwap(of: [item], job: other) }
        #expect(time.uptime - start >= .seconds(40))
        try await swap.keepAlive()
        #expect(try await swap.commit() == .new)
        // Its live database is now called otherwise.
        await expect(.needsAttention) { _ = try await scene.driver.prepareSwap(of: [item], job: other) }
    }

    @Test func aSwapEndsTheSessionsInItsWay() async throws {
        let scene = try await scene()
        let (item, job, driver) = (scene.item, scene.job, scene.driver)
        let plain = ModelDatabaseDriver(servers: ["db:5432": server], time: time)
        var sink = InterruptingSink {
            _ = try await plain.prepareSwap(of: [item], job: job).commit()
        }
        await expect(.unavailable) { _ = try await driver.dump(scene.login, into: &sink) }
        #expect(server.content(of: live)?.stamp == "new")
    }

    /// Who connects while the name goes to another database is told that it has just been renamed.
    @Test func whoWaitedIsToldOfTheRenaming() async throws {
        let scene = try await scene()
        let swap = try await scene.driver.prepareSwap(of: [scene.item], job: scene.job)
        faults.set { step in
            if step.call == .commit { throw LateCommit(after: .seconds(3)) }
            if step.call == .connect { throw HoldfastError(.unavailable, "lost") }
        }
        await expect(.unavailable) { _ = try await swap.commit() }
        let other = ModelDatabaseDriver(servers: ["db:5432": server], time: time)
        await expect(.notFound) { try await other.confirm(scene.login, oid: scene.item.staged) }
        #expect(time.uptime >= .seconds(3))
        try await other.confirm(scene.login, oid: scene.item.staged)
    }

    @Test func whoIsStoppedWhileLoadingLeavesSomeTables() async throws {
        let scene = try await scene()
        var random = SeededRandom(seed: 1)
        let content = ModelTables.sample(stamp: "third", using: &random)
        let bytes = ModelDump.bytes(of: content, database: "x", serverVersion: "15.18")
        let target = try await scene.driver.createStaged(
            beside: scene.login, name: scene.staged.name + "2", locale: ModelDatabase.locale)
        let loaded = Counter()
        faults.set { step in
            guard step.call == .loadTable, step.phase == .asked else { return }
            loaded.add()
            if loaded.value == 3 { throw HoldfastError(.unavailable, "lost") }
        }
        var rest: [UInt8]? = bytes
        await expect(.unavailable) {
            _ = try await scene.driver.load(target, beside: scene.login) {
                defer { rest = nil }
                return rest
            }
        }
        #expect(server.content(of: target.name)?.tables.count == 2)
        #expect(try ModelDump.content(of: bytes) == content)
    }
}

/// Does something once the dump has begun.
private struct InterruptingSink: DumpSink {
    let interruption: () async throws -> Void
    var pieces = 0

    init(_ interruption: @escaping () async throws -> Void) { self.interruption = interruption }

    mutating func write(_ bytes: ArraySlice<UInt8>) async throws {
        pieces += 1
        if pieces == 1 { try await interruption() }
    }
    mutating func boundary() async throws {}
}
