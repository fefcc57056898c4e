import HoldfastModel
import HoldfastPostgres
import HoldfastTestKit
import Testing

/// The documented meaning of `DatabaseServer`, asked of a real server and of the model of one.
@Suite(.timeLimit(.minutes(5))) struct DatabaseConformanceTests {
    enum Kind: CaseIterable {
        case real, model
        static let available = allCases.filter { $0 == .model || ThrowawayPostgres.isAvailable }
    }

    private func scene(_ kind: Kind, _ job: String) async throws -> DatabaseScene {
        switch kind {
        case .real: return try await .real(job)
        case .model:
            let time = LeapingTime()
            return try await .model(job, on: ModelDatabaseServer(time: time), time: time)
        }
    }

    private func prepare(_ scene: DatabaseScene, _ item: SwapItem? = nil, _ job: JobID? = nil) async throws
        -> any DatabaseSwap
    { try await scene.driver.prepareSwap(of: [item ?? scene.item], job: job ?? scene.job) }

    @Test(arguments: Kind.available) func newAndBackAgain(_ kind: Kind) async throws {
        let scene = try await scene(kind, "cfmtaaaaaaaa")
        let (driver, login, live) = (scene.driver, scene.login, scene.login.address.database)
        #expect(try await driver.side(of: scene.item, job: scene.job) == .old)
        try await driver.confirm(login, oid: scene.item.live)
        let swap = try await prepare(scene)
        try await swap.keepAlive()
        #expect(try await swap.commit() == .new)
        #expect(swap.warnings.isEmpty)
        #expect(try await driver.side(of: scene.item, job: scene.job) == .new)
        #expect(try await scene.stamp(live) == "new")
        try await driver.confirm(login, oid: scene.item.staged)
        await expect(.conflict) { try await driver.confirm(login, oid: scene.item.live) }
        await expect(.conflict) { _ = try await prepare(scene) }

        // Undo: a later job takes the old content over and swaps it back in.
        let undo = try #require(JobID("cfmtaaaaaaab"))
        let kept = StagedDatabase(oid: scene.item.live, name: StagingNames.keptDatabase(scene.job))
        #expect(try await driver.find(kept.name, on: login) == kept)
        let name = StagingNames.stagedDatabase(undo)
        for _ in 0..<2 { try await driver.rename(kept, to: name, on: login) }
        #expect(try await driver.find(kept.name, on: login) == nil)
        let back = SwapItem(login: login, live: scene.item.staged, staged: scene.item.live)
        #expect(try await prepare(scene, back, undo).commit() == .new)
        #expect(try await scene.stamp(live) == "old")
        #expect(try await scene.stamp(StagingNames.keptDatabase(undo)) == "new")
        await expect(.conflict) { _ = try await prepare(scene, back, undo) }

        // Only what is ours, by OID and name, is dropped or renamed.
        let old = StagedDatabase(oid: back.live, name: StagingNames.keptDatabase(undo))
        for wrong in [
            StagedDatabase(oid: old.oid, name: "hf_other_old"), StagedDatabase(oid: back.staged, name: old.name),
            StagedDatabase(oid: back.staged, name: live),
        ] {
            await expect(.needsAttention) { try await driver.drop(wrong, on: login) }
            await expect(.needsAttention) { try await driver.rename(wrong, to: "hf_x_new", on: login) }
        }
        for _ in 0..<2 { try await driver.drop(old, on: login) }
        await expect(.notFound) { try await driver.rename(old, to: "hf_x_new", on: login) }
        #expect(try await scene.stamp(old.name) == nil)
        #expect(try await scene.stamp(live) == "old")
    }

    @Test(arguments: Kind.available) func rolledBackOrLetGoIsOld(_ kind: Kind) async throws {
        let scene = try await scene(kind, "cfmtbbbbbbbb")
        let swap = try await prepare(scene)
        await swap.rollback()
        #expect(try await scene.stamp(scene.login.address.database) == "old")
        // As if the process had died: the connection is gone before COMMIT.
        _ = try await prepare(scene)
        #expect(try await scene.driver.side(of: scene.item, job: scene.job) == .old)
        #expect(try await scene.stamp(scene.login.address.database) == "old")
        #expect(try await scene.driver.find(scene.staged.name, on: scene.login) == scene.staged)
        #expect(try await prepare(scene).commit() == .new)
    }

    @Test(arguments: Kind.available) func whatIsInTheWayIsSaid(_ kind: Kind) async throws {
        let scene = try await scene(kind, "cfmtcccccccc")
        let (driver, login) = (scene.driver, scene.login)
        let locale = try #require(try await driver.inspect(login, for: .capture).facts).locale
        await expect(.alreadyExists) {
            do {
                _ = try await driver.createStaged(beside: login, name: scene.staged.name, locale: locale)
            } catch let error as HoldfastError {
                #expect(error.context["oid"] == String(scene.staged.oid))
                throw error
            }
        }
        let none = login.at(database: "none_cfmtcccccccc")
        await expect(.notFound) { _ = try await driver.createStaged(beside: none, name: "hf_x_new", locale: locale) }
        await expect(.notFound) {
            var sink = CollectingSink()
            _ = try await driver.dump(none, into: &sink)
        }
        await expect(.notFound) { try await driver.confirm(none, oid: 1) }
        #expect(try await driver.find("none_cfmtcccccccc", on: login) == nil)
        #expect(try await driver.find("none_cfmtcccccccc", on: none) == nil)
        let inspection = try await driver.inspect(none, for: .capture)
        #expect(inspection.problems.map(\.code) == [.notFound])
        #expect(inspection.identity == nil)

        // Whose name belongs to neither.
        let wrong = SwapItem(login: login, live: 1, staged: 2)
        await expect(.needsAttention) { _ = try await driver.side(of: wrong, job: scene.job) }
        await expect(.needsAttention) { _ = try await prepare(scene, wrong) }
        // The name that the old content is to have is taken.
        let kept = try await driver.createStaged(
            beside: login, name: StagingNames.keptDatabase(scene.job), locale: locale)
        await expect(.alreadyExists) { _ = try await prepare(scene) }
        await expect(.alreadyExists) { try await driver.rename(scene.staged, to: kept.name, on: login) }
        try await driver.drop(kept, on: login)
        try await driver.drop(scene.staged, on: login)
        await expect(.notFound) { _ = try await prepare(scene) }
        #expect(try await scene.stamp(login.address.database) == "old")
    }

    @Test(arguments: Kind.available) func dumpsLoadsAndCompares(_ kind: Kind) async throws {
        let scene = try await scene(kind, "cfmtdddddddd")
        let (driver, login) = (scene.driver, scene.login)
        var sink = CollectingSink()
        let summary = try await driver.dump(login, into: &sink)
        #expect(summary.tables.map(\.name) == ["stamp"])
        #expect(summary.rows == 1)
        #expect(summary.bytes == Int64(sink.bytes.count))
        #expect(summary.facts.oid == scene.item.live)
        #expect(sink.boundaries.last == sink.bytes.count)
        #expect(sink.boundaries.contains(Int(summary.tables[0].offset)))

        let target = try await driver.createStaged(
            beside: login, name: scene.staged.name + "2", locale: summary.facts.locale)
        func differences() async throws -> Int {
            try await driver.differences(of: target, beside: login, tables: summary.tables, largeObjects: 0).count
        }
        #expect(try await differences() == 1)
        for bytes in [Array(sink.bytes.dropLast(3)), []] {
            await expect(.malformed) {
                var rest: [UInt8]? = bytes
                _ = try await driver.load(target, beside: login) {
                    defer { rest = nil }
                    return rest
                }
            }
        }
        try await driver.drop(target, on: login)
        let again = try await driver.createStaged(
            beside: login, name: scene.staged.name + "2", locale: summary.facts.locale)
        await expect(.conflict) { _ = try await driver.load(target, beside: login, from: sink.source()) }
        _ = try await driver.load(again, beside: login, from: sink.source())
        #expect(try await scene.stamp(again.name) == "old")
        let found = try await driver.differences(of: again, beside: login, tables: summary.tables, largeObjects: 0)
        #expect(found.isEmpty)
        #expect(
            try await driver.differences(of: again, beside: login, tables: summary.tables, largeObjects: 3).count == 1)
        // What is there already is not loaded over.
        await expect(.toolFailed) { _ = try await driver.load(again, beside: login, from: sink.source()) }
        await expect(.conflict) {
            _ = try await driver.differences(of: target, beside: login, tables: [], largeObjects: 0)
        }
    }
}

/// Keeps a dump and the places where its parts begin.
struct CollectingSink: DumpSink {
    var bytes: [UInt8] = []
    var boundaries: [Int] = []

    mutating func write(_ bytes: ArraySlice<UInt8>) async throws { self.bytes += bytes }
    mutating func boundary() async throws { boundaries.append(bytes.count) }

    func source() -> () async throws -> [UInt8]? {
        var rest = bytes[...]
        return {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(100) }
            return Array(rest.prefix(100))
        }
    }
}
