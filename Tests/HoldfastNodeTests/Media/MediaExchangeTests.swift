import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastNode

/// Every step of an exchange is made the last one before a crash; whoever comes after brings the tree to either side.
struct MediaExchangeTests {
    private struct Crash: Error {}

    /// A tree with an old side, a new one staged in it, and how both look from outside.
    private struct Sides {
        let fixture = MediaFixture(inMemory: true)
        let root: MediaDirectory
        let staging: MediaStaging
        let old: MediaTreeDigest
        let new: MediaTreeDigest

        init() async throws {
            for (side, mode) in [("live", 0o755), ("other", 0o750)] {
                _ = fixture.path(side)
                fixture.write("\(side)/both", "content of \(side)")
                fixture.write("\(side)/only-\(side)", side)
                fixture.write("\(side)/odd\n\(side)", "")
                _ = fixture.path("\(side)/directory")
                fixture.write("\(side)/directory/inside-\(side)", side)
                MediaSampleTree.setAttribute(Array(fixture.path(side).utf8), "user.side", Array(side.utf8))
                chmod(fixture.path(side), mode_t(mode))
            }
            MediaSampleTree.setAttribute(Array(fixture.path("live").utf8), "user.live", [1])
            symlink("both", "\(fixture.path("live"))/kind")
            _ = fixture.path("other/kind")
            let time = timespec(tv_sec: 1_500_000_000, tv_nsec: 123_456_789)
            for name in ["other", "live"] { utimensat(AT_FDCWD, fixture.path(name), [time, time], 0) }
            old = MediaTreeDigest(of: fixture.path("live"))
            new = MediaTreeDigest(of: fixture.path("other"))
            let chunks = MemoryChunks()
            let (manifest, _) = try await fixture.capture("other", chunks: chunks)
            staging = try await fixture.stage(manifest.entries, chunks: chunks, in: "live", job: fixture.job(1)).staging
            root = staging.root
        }

        func settle(toward side: SwapSide, mayExchange: Bool, crashAt: Int? = nil) throws -> Int {
            var count = 0
            let step: MediaExchange.Step = { _ in
                if count == crashAt { throw Crash() }
                count += 1
            }
            // As after a restart: everything is found again from the directory.
            let found = try #require(try MediaStaging.find(in: root, job: staging.job, expected: staging.identity))
            var exchange = try MediaExchange.prepare(found, mayExchange: mayExchange, step: step)
            _ = try exchange.settle(toward: side)
            return count
        }

        func expect(_ side: SwapSide, _ comment: Comment) throws {
            let here = MediaTreeDigest(of: root.path)
            #expect(here.differences(from: side == .new ? new : old) == [], comment)
            let aside = MediaTreeDigest(of: staging.tree.path, withRoot: false)
            let other = side == .new ? old : new
            #expect(aside.lines == other.lines.filter { !$0.hasPrefix(" ") }, comment)
            #expect(try MediaExchange.open(staging)?.side() == (side == .new ? .new : .old), comment)
        }

        /// Or nothing here would prove anything.
        func expectDifferent() throws { #expect(old.differences(from: new).count > 10) }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func everyCrashEndsOldOrNew(mayExchange: Bool) async throws {
        let sides = try await Sides()
        try sides.expectDifferent()
        let steps = try sides.settle(toward: .new, mayExchange: mayExchange)
        try sides.expect(.new, "without a crash")
        #expect(try sides.settle(toward: .old, mayExchange: mayExchange) > 5)
        try sides.expect(.old, "back without a crash")
        #expect(steps > (mayExchange ? 10 : 15))
        let all: [SwapSide] = [.new, .old]
        for start in all {
            for goal in all {
                for first in 0..<steps {
                    for end in all {
                        _ = try sides.settle(toward: start, mayExchange: mayExchange)
                        crash(sides, toward: goal, mayExchange, at: first)
                        _ = try sides.settle(toward: end, mayExchange: mayExchange)
                        try sides.expect(end, "from \(start) to \(goal), crash at \(first), then to \(end)")
                    }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func crashesWithinRecoveryToo(mayExchange: Bool) async throws {
        let sides = try await Sides()
        let steps = try sides.settle(toward: .new, mayExchange: mayExchange)
        for first in 0..<steps {
            for second in 0..<steps {
                for (turn, end) in [(SwapSide.old, SwapSide.new), (.new, .old)] {
                    _ = try sides.settle(toward: .old, mayExchange: mayExchange)
                    crash(sides, toward: .new, mayExchange, at: first)
                    crash(sides, toward: turn, mayExchange, at: second)
                    // The file system may be another one after a restart, or its kernel.
                    _ = try sides.settle(toward: end, mayExchange: second % 2 == 0)
                    try sides.expect(end, "crash at \(first), toward \(turn) again at \(second), then to \(end)")
                }
            }
        }
    }

    private func crash(_ sides: Sides, toward goal: SwapSide, _ mayExchange: Bool, at step: Int) {
        do {
            _ = try sides.settle(toward: goal, mayExchange: mayExchange, crashAt: step)
        } catch is Crash {
        } catch {
            Issue.record(error)
        }
    }

    /// Two empty sides with the same metadata: nothing on disk but the list tells which is which.
    @Test func emptyTreesHaveSidesToo() async throws {
        let fixture = MediaFixture(inMemory: true)
        for side in ["live", "other"] { chmod(fixture.path(side), 0o755) }
        let chunks = MemoryChunks()
        let (manifest, _) = try await fixture.capture("other", chunks: chunks)
        let staging = try await fixture.stage(manifest.entries, chunks: chunks, in: "live", job: fixture.job(1)).staging
        func settle(toward side: SwapSide, crashAt: Int? = nil) throws -> Int {
            var count = 0
            var exchange = try MediaExchange.prepare(staging) { _ in
                if count == crashAt { throw Crash() }
                count += 1
            }
            _ = try exchange.settle(toward: side)
            return count
        }
        #expect(try MediaExchange.prepare(staging).side() == .old)
        let steps = try settle(toward: .new)
        for first in 0..<steps {
            for (goal, end) in [(SwapSide.new, SwapSide.new), (.new, .old), (.old, .new), (.old, .old)] {
                _ = try settle(toward: goal == .new ? .old : .new)
                do { _ = try settle(toward: goal, crashAt: first) } catch is Crash {}
                _ = try settle(toward: end)
                #expect(
                    try MediaExchange.open(staging)?.side() == (end == .new ? .new : .old),
                    "crash at \(first) toward \(goal), then \(end)")
            }
        }
    }

    /// An application removes a name at any step of an exchange: it ends on the side it was to end, and can be turned round.
    @Test(.timeLimit(.minutes(5)), arguments: ["both", "only-live", "only-other"], [true, false])
    func whatAnApplicationRemovesIsOnNeitherSide(name: String, mayExchange: Bool) async throws {
        for goal in [SwapSide.new, .old] {
            var (step, steps) = (0, 1)
            while step < steps {
                let sides = try await Sides()
                if goal == .old { _ = try sides.settle(toward: .new, mayExchange: mayExchange) }
                steps = try removing(name, at: step, sides, toward: goal, mayExchange)
                for side in [goal, goal == .new ? .old : .new, goal] {
                    _ = try sides.settle(toward: side, mayExchange: mayExchange)
                    #expect(
                        try MediaExchange.open(sides.staging)?.side() == (side == .new ? .new : .old),
                        "'\(name)' removed at \(step) toward \(goal), then \(side)")
                }
                step += 1
            }
        }
    }

    /// What is removed just before it is moved fails that attempt; the next one goes on.
    private func removing(
        _ name: String, at step: Int, _ sides: Sides, toward goal: SwapSide, _ mayExchange: Bool
    ) throws -> Int {
        var count = 0
        var exchange = try MediaExchange.prepare(sides.staging, mayExchange: mayExchange) { _ in
            if count == step { unlink("\(sides.root.path)/\(name)") }
            count += 1
        }
        do { _ = try exchange.settle(toward: goal) } catch let error as HoldfastError where error.code == .notFound {
            return step + 2
        }
        return count
    }

    @Test func whatIsMadeAfterTheListJoinsTheOldSide() async throws {
        let sides = try await Sides()
        var exchange = try MediaExchange.prepare(sides.staging)
        sides.fixture.write("live/uploaded", "meanwhile")
        unlink("\(sides.root.path)/both")
        sides.fixture.write("live/both", "replaced meanwhile")
        unlink("\(sides.root.path)/only-live")
        let changed = MediaTreeDigest(of: sides.root.path, withRoot: false)
        let outcome = try exchange.settle(toward: .new)
        #expect(outcome.madeMeanwhile.contains("uploaded") && outcome.leftAlone == [])
        #expect(MediaTreeDigest(of: sides.root.path).differences(from: sides.new) == [])
        #expect(MediaTreeDigest(of: sides.staging.tree.path, withRoot: false) == changed)

        sides.fixture.write("live/later", "on the new side")
        var again = try #require(try MediaExchange.open(sides.staging))
        #expect(try again.settle(toward: .new).leftAlone == ["later"])
        unlink("\(sides.root.path)/later")
        _ = try again.settle(toward: .old)
        #expect(MediaTreeDigest(of: sides.root.path, withRoot: false) == changed)
    }

    @Test func keptContentIsTakenOverAndComesBackExactly() async throws {
        let sides = try await Sides()
        let (first, second) = (sides.fixture.job(1), sides.fixture.job(2))
        _ = try sides.settle(toward: .new, mayExchange: true)
        sides.fixture.write("live/after", "written on the new side")
        let changed = MediaTreeDigest(of: sides.root.path)
        for _ in 0..<2 {
            let staging = try MediaStaging.takeOver(
                in: sides.root, from: first, to: second, expected: sides.staging.identity)
            #expect(staging.identity == sides.staging.identity)
            #expect(access("\(sides.root.path)/.holdfast-\(first)", F_OK) != 0)
        }
        try MediaStaging.giveBack(in: sides.root, from: second, to: first, expected: sides.staging.identity)
        try MediaStaging.giveBack(in: sides.root, from: second, to: first, expected: sides.staging.identity)
        let back = try #require(try MediaStaging.find(in: sides.root, job: first, expected: sides.staging.identity))
        #expect(try MediaExchange.open(back)?.side() == .new)

        let staging = try MediaStaging.takeOver(
            in: sides.root, from: first, to: second, expected: sides.staging.identity)
        var undo = try MediaExchange.prepare(staging)
        #expect(try undo.side() == .old)
        _ = try undo.settle(toward: .new)
        #expect(MediaTreeDigest(of: sides.root.path).differences(from: sides.old) == [])
        #expect(throws: HoldfastError.self) {
            try MediaStaging.giveBack(in: sides.root, from: second, to: first, expected: sides.staging.identity)
        }
        _ = try undo.settle(toward: .old)
        #expect(MediaTreeDigest(of: sides.root.path).differences(from: changed) == [])
    }

    @Test func droppingLeavesEverythingElseAlone() async throws {
        let sides = try await Sides()
        let job = sides.fixture.job(1)
        _ = try sides.settle(toward: .new, mayExchange: true)
        let outside = sides.fixture.path("outside")
        sides.fixture.write("outside/precious", "x")
        symlink(outside, "\(sides.staging.tree.path)/trap")
        let error = #expect(throws: HoldfastError.self) {
            try MediaStaging.drop(in: sides.root, job: job, expected: FileIdentity(device: 1, inode: 2))
        }
        #expect(error?.code == .conflict)
        for _ in 0..<2 { try MediaStaging.drop(in: sides.root, job: job, expected: sides.staging.identity) }
        #expect(access("\(sides.root.path)/.holdfast-\(job)", F_OK) != 0)
        #expect(access("\(outside)/precious", F_OK) == 0)
        #expect(MediaTreeDigest(of: sides.root.path).differences(from: sides.new) == [])
        #expect(try MediaStaging.find(in: sides.root, job: job)?.identity == nil)
    }

    @Test func anotherDirectoryOfItsNameIsNotTakenForTheStaged() async throws {
        let sides = try await Sides()
        let (root, job) = (sides.root, sides.fixture.job(1))
        #expect(try MediaStaging.find(in: root, job: job, expected: sides.staging.identity) != nil)
        let error = #expect(throws: HoldfastError.self) {
            try MediaStaging.find(in: root, job: job, expected: FileIdentity(device: 1, inode: 2))
        }
        #expect(error?.code == .conflict)
    }

    @Test func aDamagedListIsNeverActedOn() async throws {
        let sides = try await Sides()
        _ = try MediaExchange.prepare(sides.staging)
        let bytes = try #require(try sides.staging.record(ExchangeList.name))
        #expect(try ExchangeList(bytes).bytes == bytes)
        for index in bytes.indices {
            var flipped = bytes
            flipped[index] ^= 0x10
            #expect(throws: HoldfastError.self) { try ExchangeList(flipped) }
            #expect(throws: HoldfastError.self) { try ExchangeList(Array(bytes.prefix(index))) }
        }
    }

    @Test func unfinishedStagingIsRefused() async throws {
        let fixture = MediaFixture(inMemory: true)
        let staging = try MediaStaging.make(in: fixture.open("live"), job: fixture.job(1))
        let error = #expect(throws: HoldfastError.self) { try MediaExchange.prepare(staging) }
        #expect(error?.code == .conflict)
        let again = #expect(throws: HoldfastError.self) {
            try MediaStaging.make(in: fixture.open("live"), job: fixture.job(1))
        }
        #expect(again?.code == .alreadyExists)
    }
}
