import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import Synchronization
import Testing

@testable import HoldfastNode

/// The power fails at every call of the work on a tree, and takes what a file system may forget; whoever comes after finds
/// all of the old content or all of the new.
struct MediaPowerCutTests {
    private static let seeds: Range<UInt64> = 0..<3

    /// Lets a process make so many calls that change something, and no call after those.
    private final class Fuse: Sendable {
        private let limit: Int
        private let count = Mutex(0)

        init(_ limit: Int = .max) { self.limit = limit }

        var changes: Int { count.withLock { $0 } }

        func before(_ call: FileCall) throws(CallFailure) {
            let isOver = count.withLock { count in
                if count >= limit { return true }
                if call.changes { count += 1 }
                return false
            }
            if isOver { throw CallFailure(EIO) }
        }
    }

    /// A tree, and another one's content to stage in it.
    private struct Trees {
        let system: ModelFileSystem
        let chunks: MemoryChunks
        let manifest: [MediaEntry]
        let old: ModelTreeDigest
        let new: ModelTreeDigest
        let job: JobID

        init() async throws {
            system = ModelFileSystem()
            for side in ["live", "other"] {
                try system.makeDirectory("/\(side)/directory/below")
                try system.makeDirectory("/\(side)/only-\(side)")
                try system.write(Array("content of \(side)".utf8), to: "/\(side)/both")
                try system.write([UInt8](repeating: 7, count: 10_000), to: "/\(side)/directory/below/\(side)")
                try system.at("/\(side)/link") { (calls, directory, name) throws(CallFailure) in
                    try calls.makeSymbolicLink(name, in: directory, to: Array(side.utf8))
                    try calls.makeHardLink(
                        Array("same".utf8), in: directory, to: Array("both".utf8), in: directory)
                }
                try system.at("/\(side)") { (calls, directory, name) throws(CallFailure) in
                    let attribute = MediaEntry.ExtendedAttribute(name: Array("user.side".utf8), value: name)
                    try calls.setAttribute(attribute, of: name, in: directory)
                    try calls.setMode(side == "live" ? 0o755 : 0o750, of: name, in: directory)
                    try calls.setModified(FileTime(seconds: 5, nanoseconds: 6), of: name, in: directory)
                }
            }
            system.sync()
            chunks = MemoryChunks()
            let sink = MemoryEntries()
            let capture = MediaCapture(
                tree: PosixMediaTree(root: try Self.open("/other", system.process())), store: chunks, sink: sink)
            _ = try await capture.capture(since: nil, startedAt: MediaFixture.later)
            manifest = sink.entries
            old = try ModelTreeDigest(of: "/live", in: system)
            new = try ModelTreeDigest(of: "/other", in: system)
            job = MediaFixture().job(1)
            #expect(old.differences(from: new).count > 5)
        }

        static func open(_ path: String, _ calls: some FileCalls) throws -> MediaDirectory {
            try MediaRoots(allowed: ["/"], calls: calls).open(path)
        }

        func live(_ system: ModelFileSystem, _ fuse: Fuse = Fuse()) throws -> MediaDirectory {
            let calls = system.process { (call, _) throws(CallFailure) in try fuse.before(call) }
            return try Self.open("/live", calls)
        }

        func stage(in root: MediaDirectory) async throws -> MediaStaging {
            let staging = try MediaStaging.make(in: root, job: job)
            let apply = MediaApply(staging: staging, adjustment: .none, content: chunks)
            _ = try await apply.apply(MemoryEntries(manifest))
            return staging
        }

        func settle(_ system: ModelFileSystem, toward side: SwapSide, _ fuse: Fuse = Fuse()) throws {
            let staging = try #require(try MediaStaging.find(in: live(system, fuse), job: job))
            var exchange = try MediaExchange.prepare(staging)
            _ = try exchange.settle(toward: side)
        }

        func expect(_ side: SwapSide, in system: ModelFileSystem, _ comment: Comment) throws {
            let here = try ModelTreeDigest(of: "/live", in: system)
            #expect(here.differences(from: side == .new ? new : old) == [], comment)
            let aside = try ModelTreeDigest(of: "/live/.holdfast-\(job)/tree", in: system, withRoot: false)
            let other = side == .new ? old : new
            #expect(aside.lines == other.lines.filter { !$0.hasPrefix(" ") }, comment)
        }
    }

    /// Does the work once for each call it makes, with the power cut there, and once to its end.
    private func cutting(
        _ system: ModelFileSystem, _ work: (ModelFileSystem, Fuse) async throws -> Void,
        then check: (_ system: ModelFileSystem, _ isDone: Bool, _ comment: Comment) async throws -> Void
    ) async throws -> Int {
        let fuse = Fuse()
        try await work(system.copy(), fuse)
        #expect(fuse.changes > 3)
        for call in 0...fuse.changes {
            for seed in Self.seeds {
                let copy = system.copy()
                let isDone: Bool
                do {
                    try await work(copy, Fuse(call))
                    isDone = true
                } catch {
                    isDone = false
                }
                #expect(isDone || call < fuse.changes)
                var random = SeededRandom(seed: seed &* 1000 &+ UInt64(call))
                copy.powerCut(using: &random)
                try await check(copy, isDone, "power cut at call \(call) of \(fuse.changes), seed \(seed)")
            }
        }
        return fuse.changes
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false], [SwapSide.new, .old])
    func everyExchangeEndsOldOrNew(mayExchange: Bool, goal: SwapSide) async throws {
        let trees = try await Trees()
        let system = trees.system
        system.setOptions { $0.refusesExchange = !mayExchange }
        _ = try await trees.stage(in: trees.live(system))
        if goal == .old { try trees.settle(system, toward: .new) }
        system.sync()
        let calls = try await cutting(system) { system, fuse in
            try trees.settle(system, toward: goal, fuse)
        } then: { system, isDone, comment in
            if isDone { try trees.expect(goal, in: system, comment) }
            for end in [SwapSide.new, .old] {
                let copy = system.copy()
                try trees.settle(copy, toward: end)
                try trees.expect(end, in: copy, "\(comment), then to \(end)")
            }
        }
        #expect(calls > (mayExchange ? 10 : 15))
    }

    /// A staged tree that counts as finished is whole, and one that doesn't can be made anew.
    @Test(.timeLimit(.minutes(5))) func everyStagingIsWholeOrNotFinished() async throws {
        let trees = try await Trees()
        let before = try ModelTreeDigest(of: "/live", in: trees.system, withRoot: false)
        let wanted = trees.new.lines.filter { !$0.hasPrefix(" ") }
        var unfinished = 0
        let calls = try await cutting(trees.system) { system, fuse in
            _ = try await trees.stage(in: trees.live(system, fuse))
        } then: { system, isDone, comment in
            #expect(try ModelTreeDigest(of: "/live", in: system, withRoot: false) == before, comment)
            let root = try trees.live(system)
            let found = try? MediaStaging.find(in: root, job: trees.job)
            if let found, (try? MediaExchange.prepare(found)) != nil {
                let there = try ModelTreeDigest(
                    of: "/live/.holdfast-\(trees.job)/tree", in: system, withRoot: false)
                #expect(there.lines == wanted, comment)
            } else {
                unfinished += 1
                #expect(!isDone, comment)
            }
            try MediaStaging.discard(in: root, job: trees.job)
            _ = try await trees.stage(in: root)
            let again = try ModelTreeDigest(of: "/live/.holdfast-\(trees.job)/tree", in: system, withRoot: false)
            #expect(again.lines == wanted, comment)
        }
        #expect(unfinished > calls)
    }

    @Test(.timeLimit(.minutes(5))) func everyRemovalIsFinishedLater() async throws {
        let trees = try await Trees()
        let staging = try await trees.stage(in: trees.live(trees.system))
        try trees.settle(trees.system, toward: .new)
        trees.system.sync()
        let old = trees.old.lines.filter { !$0.hasPrefix(" ") }
        _ = try await cutting(trees.system) { system, fuse in
            try MediaStaging.drop(in: trees.live(system, fuse), job: trees.job, expected: staging.identity)
        } then: { system, isDone, comment in
            let root = try trees.live(system)
            // What can still be found is all that there was.
            if try MediaStaging.find(in: root, job: trees.job, expected: staging.identity) != nil {
                let aside = try ModelTreeDigest(
                    of: "/live/.holdfast-\(trees.job)/tree", in: system, withRoot: false)
                #expect(!isDone && aside.lines == old, comment)
            }
            try MediaStaging.drop(in: root, job: trees.job, expected: staging.identity)
            #expect(try MediaStaging.isFree(Array(staging.directory.utf8), in: root), comment)
            let here = try ModelTreeDigest(of: "/live", in: system, withRoot: false)
            #expect(here.lines == trees.new.lines.filter { !$0.hasPrefix(" ") }, comment)
        }
    }

    @Test(.timeLimit(.minutes(5))) func everyTakeOverCanBeUndone() async throws {
        let trees = try await Trees()
        let second = MediaFixture().job(2)
        let staging = try await trees.stage(in: trees.live(trees.system))
        try trees.settle(trees.system, toward: .new)
        trees.system.sync()
        _ = try await cutting(trees.system) { system, fuse in
            let root = try trees.live(system, fuse)
            _ = try MediaStaging.takeOver(in: root, from: trees.job, to: second, expected: staging.identity)
        } then: { system, _, comment in
            let root = try trees.live(system)
            let copy = system.copy()
            let taken = try MediaStaging.takeOver(
                in: root, from: trees.job, to: second, expected: staging.identity)
            var undo = try MediaExchange.prepare(taken)
            _ = try undo.settle(toward: .new)
            #expect(try ModelTreeDigest(of: "/live", in: system).differences(from: trees.old) == [], comment)
            try MediaStaging.giveBack(
                in: trees.live(copy), from: second, to: trees.job, expected: staging.identity)
            try trees.settle(copy, toward: .old)
            #expect(try ModelTreeDigest(of: "/live", in: copy).differences(from: trees.old) == [], comment)
        }
    }

    /// An error of the disk shows in the call that says all is written, and is never taken for success.
    @Test(arguments: [FileCall.syncFileSystem, .sync, .write, .rename])
    func stagingFailsWhereTheDiskDoes(call: FileCall) async throws {
        let trees = try await Trees()
        trees.system.setOptions { $0.fault = { made, _ in made == call ? EIO : nil } }
        let error = await #expect(throws: HoldfastError.self) {
            _ = try await trees.stage(in: trees.live(trees.system))
        }
        #expect(error?.code == .inputOutput)
        trees.system.setOptions { $0.fault = nil }
        #expect(try ModelTreeDigest(of: "/live", in: trees.system) == trees.old)
    }

    @Test func fullDiskIsSaid() async throws {
        let trees = try await Trees()
        trees.system.setOptions { $0.capacity = 90_000 }
        let root = try trees.live(trees.system)
        let error = await #expect(throws: HoldfastError.self) { _ = try await trees.stage(in: root) }
        #expect(error?.code == .noSpace)
        let free = try root.handle.space().availableBytes
        try MediaStaging.discard(in: root, job: trees.job)
        #expect(try root.handle.space().availableBytes > free + 12_000)
        #expect(try ModelTreeDigest(of: "/live", in: trees.system) == trees.old)
    }
}
