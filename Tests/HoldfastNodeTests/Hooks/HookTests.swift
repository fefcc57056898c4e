import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Synchronization
import Testing

@testable import HoldfastNode

@Suite(.timeLimit(.minutes(5))) struct HookTests {
    /// Remembers what was run, and answers as told.
    private final class Runner: HookRunner {
        struct Run: Hashable {
            var command: String
            var outcome: String?
            var values: [String: String]
        }

        private let state = Mutex<(runs: [Run], endings: [String: HookEnding])>(([], [:]))
        let isAlive: @Sendable () throws -> Void

        init(_ endings: [String: HookEnding] = [:], isAlive: @escaping @Sendable () throws -> Void = {}) {
            self.isAlive = isAlive
            state.withLock { $0.endings = endings }
        }

        var runs: [Run] { state.withLock { $0.runs } }
        var commands: [String] { runs.map { $0.command + ($0.outcome.map { " \($0)" } ?? "") } }

        func run(_ command: [String], environment: [String: String], timeout: Duration) async throws -> HookEnding {
            try isAlive()
            let name = command.joined(separator: " ")
            return state.withLock { state in
                state.runs.append(Run(command: name, outcome: environment["HOLDFAST_OUTCOME"], values: environment))
                return state.endings[name] ?? HookEnding(output: "said \(name)")
            }
        }
    }

    private static func hook(
        _ name: String, scopes: [BackupHook.Scope] = [], onFailure: BackupHook.Failure = .fail
    ) throws -> BackupHook {
        BackupHook(
            name: try Name(name), scopes: scopes, before: ["/\(name)", "on"], after: ["/\(name)", "off"],
            onFailure: onFailure)
    }

    private func worker(_ shop: ModelShop, _ hooks: [BackupHook], _ runner: Runner) async throws -> Worker {
        try await shop.worker { BackupHooks(hooks, runner: runner, disk: $0) }
    }

    @Test func commandsAreRunAroundABackupAndTold() async throws {
        let shop = try ModelShop()
        try shop.set("old")
        let runner = Runner()
        let hooks = [
            try Self.hook("a"), try Self.hook("b", scopes: [.project(Name("shop"))]),
            try Self.hook("c", scopes: [.environment(EnvironmentReference("shop/live"))]),
            try Self.hook("d", scopes: [.project(Name("blog")), .environment(EnvironmentReference("shop/test"))]),
        ]
        let reply = try await shop.captureReply(try await worker(shop, hooks, runner))
        #expect(
            runner.commands == ["/a on", "/b on", "/c on", "/c off succeeded", "/b off succeeded", "/a off succeeded"])
        let values = try #require(runner.runs.first).values
        #expect(values["HOLDFAST_PROJECT"] == "shop" && values["HOLDFAST_ENVIRONMENT"] == "live")
        #expect(values["HOLDFAST_SERVICES"] == "database media" && values["HOLDFAST_BACKUP"]?.count == 12)
        #expect(Set(values.keys).count == 5)
        #expect(reply.notes?.first == "The command of hook a before the backup succeeded: said /a on")
        #expect(reply.notes?.count == 6 && reply.parts.allSatisfy { $0.warnings.count == 0 })
        #expect(shop.volume.files.filter { $0.hasPrefix("hooks/") }.isEmpty)
    }

    @Test func aFailingCommandBeforeFailsTheBackupAndTheOneAfterIsRun() async throws {
        let shop = try ModelShop()
        try shop.set("old")
        let runner = Runner(["/b on": HookEnding(failure: "ended with exited(3)", output: "queue is busy")])
        let worker = try await worker(shop, [try Self.hook("a"), try Self.hook("b"), try Self.hook("c")], runner)
        let error = await #expect(throws: HoldfastError.self) { try await shop.capture(worker) }
        #expect(error?.code == .checkFailed)
        #expect(error?.message == "The command of hook b before the backup ended with exited(3): queue is busy")
        #expect(runner.commands == ["/a on", "/b on", "/b off failed", "/a off failed"])
        #expect(shop.volume.files.filter { $0.hasPrefix("hooks/") }.isEmpty)
    }

    @Test func whereItOnlyWarnsTheBackupIsTakenAndSaysSo() async throws {
        let shop = try ModelShop()
        try shop.set("old")
        let failure = HookEnding(failure: "ended with exited(3)", output: "no")
        let runner = Runner(["/a on": failure, "/a off": failure])
        let worker = try await worker(shop, [try Self.hook("a", onFailure: .warn)], runner)
        let reply = try await shop.captureReply(worker)
        #expect(runner.commands == ["/a on", "/a off succeeded"])
        #expect(
            reply.parts.first?.warnings.first == [
                "The command of hook a before the backup ended with exited(3): no",
                "The command of hook a after the backup ended with exited(3): no",
            ])
    }

    private func message() throws -> CaptureServices {
        CaptureServices(
            order: Order(epoch: Epoch(1), job: try #require(JobID("000000000001"))),
            backup: try #require(BackupID("000000000002")), project: Fixture.project,
            environment: try EnvironmentReference("shop/live"), notes: [:], keys: Secret("k"), services: [],
            previous: [], terms: try ModelShop().terms, holdUntil: Timestamp(milliseconds: 0))
    }

    @Test func whatFailsOrIsCalledOffIsFollowedByTheCommandAfter() async throws {
        let runner = Runner(["/a off": HookEnding(failure: "ended with exited(1)", output: "still busy")])
        let hooks = BackupHooks([try Self.hook("a")], runner: runner, disk: MemoryDisk(volume: MemoryVolume()))
        let message = try message()
        let error = await #expect(throws: HoldfastError.self) {
            _ = try await hooks.around(message, meter: ProgressMeter()) { throw HoldfastError(.toolFailed, "no dump") }
        }
        #expect(error?.message == "no dump. The command of hook a after the backup ended with exited(1): still busy")
        let task = Task {
            _ = try await hooks.around(message, meter: ProgressMeter()) {
                withUnsafeCurrentTask { $0?.cancel() }
                throw CancellationError()
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(runner.commands == ["/a on", "/a off failed", "/a on", "/a off cancelled"])
    }

    /// The node dies at every call of a backup in turn: once it is back, no command before stands without the one after.
    @Test(arguments: [true, false]) func whereverTheNodeDiesTheCommandAfterIsRun(_ powerCut: Bool) async throws {
        var deaths = 0
        for last in 1...2000 {
            let shop = try ModelShop(seed: UInt64(last))
            try shop.set("old")
            let process = ModelShop.Process(dyingAt: last)
            let first = Runner(isAlive: process.checkAlive)
            do {
                let hooks = [try Self.hook("a"), try Self.hook("b")]
                let worker = try await shop.worker(process) { BackupHooks(hooks, runner: first, disk: $0) }
                _ = try await shop.capture(worker)
            } catch {}
            guard process.isDead else { break }
            deaths += 1
            if powerCut { shop.powerCut(seed: UInt64(last)) }
            let second = Runner()
            let after = BackupHooks(
                [try Self.hook("a"), try Self.hook("b")], runner: second, disk: MemoryDisk(volume: shop.volume))
            try await after.settle()
            for name in ["/a", "/b"] {
                let before = first.runs.count { $0.command == "\(name) on" }
                let ends = (first.runs + second.runs).count { $0.command == "\(name) off" }
                #expect(ends >= before, "died at call \(last): \(first.commands), then \(second.commands)")
            }
            #expect(second.runs.allSatisfy { $0.outcome == "interrupted" && $0.values["HOLDFAST_PROJECT"] == "shop" })
            #expect(shop.volume.files.filter { $0.hasPrefix("hooks/") }.isEmpty)
            // And not again.
            try await after.settle()
            #expect(second.runs.count <= 2)
        }
        #expect(deaths > 20)
    }

    /// A note on the disk names no command, and none is run for a hook that the settings don't have.
    @Test func onlyTheConfigurationNamesCommands() async throws {
        let volume = MemoryVolume()
        let disk = MemoryDisk(volume: volume)
        let message = try message()
        try await disk.makeDirectory(HookNote.directory)
        let note = HookNote(try Self.hook("gone"), message)
        try await StateFile.write(note, at: note.path, on: disk)
        #expect(!String(decoding: try StateFile.bytes(of: note), as: UTF8.self).contains("/gone"))
        let runner = Runner()
        let reports = try await BackupHooks([], runner: runner, disk: disk).settle()
        #expect(runner.runs.isEmpty && reports.count == 1 && volume.files.filter { $0.hasPrefix("hooks/") }.isEmpty)
    }

    /// What can't be read is told at each start, and stays for who looks at it.
    @Test func aDamagedNoteIsToldAndLeft() async throws {
        let volume = MemoryVolume()
        let disk = MemoryDisk(volume: volume)
        let note = HookNote(try Self.hook("a"), try message())
        try await disk.makeDirectory(HookNote.directory)
        var bytes = try StateFile.bytes(of: note)
        bytes[5] ^= 1
        try await disk.replace(note.path, with: bytes)
        let runner = Runner()
        let reports = try await BackupHooks([try Self.hook("a")], runner: runner, disk: disk).settle()
        #expect(runner.runs.isEmpty && reports.count == 1 && volume.files.contains(note.path))
    }
}
