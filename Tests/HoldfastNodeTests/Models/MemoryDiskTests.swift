import HoldfastModel
import HoldfastNode
import HoldfastTestKit
import Synchronization
import Testing

/// What the simulation's disk promises and takes away.
@Suite struct MemoryDiskTests {
    private struct Dead: Error {}

    private func write(_ bytes: [UInt8], to path: String, on disk: MemoryDisk, sync: Bool = true) async throws {
        let file = try await disk.create(path)
        try await file.append(bytes)
        if sync { try await file.sync() }
        await file.close()
    }

    @Test func aDeadProcessChangesNothing() async throws {
        let isDead = Mutex(false)
        let volume = MemoryVolume()
        let disk = MemoryDisk(volume: volume, alive: { if isDead.withLock({ $0 }) { throw Dead() } })
        let file = try await disk.create("kept")
        try await file.append([1, 2, 3])
        let lock = try await disk.lock("lock")
        await expect(.busy) { _ = try await MemoryDisk(volume: volume).lock("lock") }

        isDead.withLock { $0 = true }
        await #expect(throws: Dead.self) { try await file.append([4]) }
        await #expect(throws: Dead.self) { try await file.sync() }
        await #expect(throws: Dead.self) { try await disk.remove("kept") }
        await #expect(throws: Dead.self) { _ = try await disk.create("more") }

        // What it wrote is the operating system's now, and its lock is free whoever still refers to it.
        let next = MemoryDisk(volume: volume)
        #expect(try await next.contents(of: "kept", limit: 10) == [1, 2, 3])
        #expect(volume.files == ["kept"])
        let taken = try await next.lock("lock")
        withExtendedLifetime(lock) {}
        await expect(.busy) { _ = try await MemoryDisk(volume: volume).lock("lock") }
        withExtendedLifetime(taken) {}
    }

    @Test func aProcessThatDiesInASlowCallDoesNotFinishIt() async throws {
        let isDead = Mutex(false)
        let volume = MemoryVolume()
        let disk = MemoryDisk(volume: volume, alive: { if isDead.withLock({ $0 }) { throw Dead() } }) { step in
            if step.call == .create { isDead.withLock { $0 = true } }
        }
        await #expect(throws: Dead.self) { _ = try await disk.create("half") }
        #expect(volume.files.isEmpty)
    }

    /// Over many seeds each thing that may happen does, and nothing that was synced ever changes.
    @Test func aPowerCutTakesOnlyWhatWasNotSynced() async throws {
        var (names, lengths, torn): (Set<String>, Set<Int>, Int) = ([], [], 0)
        for seed in 0..<UInt64(60) {
            let disk = MemoryDisk()
            try await write([UInt8](repeating: 7, count: 5000), to: "synced", on: disk)
            try await disk.syncDirectory("")
            let file = try await disk.openForAppending("synced")
            try await file.append([UInt8](repeating: 8, count: 9000))
            try await write([1], to: "unnamed", on: disk)
            disk.volume.powerCut(seed: seed)

            let bytes = try await disk.contents(of: "synced", limit: 1 << 20) ?? []
            #expect(Array(bytes.prefix(5000)) == [UInt8](repeating: 7, count: 5000), "seed \(seed)")
            lengths.insert(bytes.count)
            if bytes.dropFirst(5000).contains(where: { $0 != 8 }) { torn += 1 }
            names.formUnion(disk.volume.files)
            if disk.volume.files.contains("unnamed") {
                #expect(try await disk.contents(of: "unnamed", limit: 9) == [1], "seed \(seed)")
            } else {
                names.insert("gone")
            }
        }
        #expect(names == ["synced", "unnamed", "gone"])
        #expect(lengths.count > 30)
        #expect((5...55).contains(torn))
    }

    @Test func unsyncedRenamesAndRemovalsMayComeBack() async throws {
        var outcomes: Set<[String]> = []
        for seed in 0..<UInt64(40) {
            let disk = MemoryDisk()
            try await write([1], to: "first", on: disk)
            try await write([2], to: "second", on: disk)
            try await disk.syncDirectory("")
            try await disk.rename("first", to: "second")
            #expect(disk.volume.files == ["second"])
            disk.volume.powerCut(seed: seed)
            let second = try await disk.contents(of: "second", limit: 9) ?? []
            outcomes.insert(disk.volume.files + ["\(second)"])
        }
        #expect(
            outcomes == [
                ["second", "[1]"], ["first", "second", "[1]"], ["first", "second", "[2]"], ["second", "[2]"],
            ])
    }

    @Test func aFailedSyncMakesNothingDurable() async throws {
        var lengths: Set<Int?> = []
        for seed in 0..<UInt64(20) {
            let disk = MemoryDisk()
            let file = try await disk.create("file")
            try await disk.syncDirectory("")
            try await file.append([1, 2, 3, 4])
            disk.volume.fail(next: "sync file", with: .inputOutput)
            await expect(.inputOutput) { try await file.sync() }
            // The second one lies, as a kernel's may.
            try await file.sync()
            disk.volume.powerCut(seed: seed)
            lengths.insert(try await disk.contents(of: "file", limit: 9)?.count)
        }
        #expect(lengths == [0, 1, 2, 3, 4])
    }

    @Test func itFillsUpAndEmpties() async throws {
        let disk = MemoryDisk(volume: MemoryVolume(capacity: 10))
        let file = try await disk.create("file")
        try await file.append([UInt8](repeating: 1, count: 6))
        #expect(try await disk.space() == DiskSpace(capacity: 10, free: 4))
        await expect(.noSpace) { try await file.append([UInt8](repeating: 2, count: 5)) }
        #expect(try await disk.size(of: "file") == 10)
        try await disk.remove("file")
        #expect(try await disk.space().free == 10)
        try await write([1, 2], to: "old", on: disk)
        try await write([1, 2, 3], to: "new", on: disk)
        try await disk.rename("new", to: "old")
        #expect(try await disk.space().free == 7)
    }

    @Test func aFaultIsTheStepsFailure() async throws {
        let disk = MemoryDisk(before: { step in
            if step.call == .read { throw HoldfastError(.inputOutput, "\(step)") }
        })
        try await write([1, 2], to: "file", on: disk)
        let file = try await disk.openForReading("file")
        await expect(.inputOutput) { _ = try await file.read(at: 0, count: 2) }
        try disk.volume.spoil("file", seed: 3)
        let found = try await MemoryDisk(volume: disk.volume).contents(of: "file", limit: 9) ?? []
        #expect(found.count == 2)
        let changed = zip(found, [1, 2] as [UInt8]).map { ($0.0 ^ $0.1).nonzeroBitCount }
        #expect(changed == [1, 0] || changed == [0, 1])
    }

    /// One script on both drivers of the protocol.
    @Test func itAnswersAsARealOneDoes() async throws {
        let scratch = MediaScratch()
        let memory = try await answers(of: MemoryDisk())
        #expect(try await memory == answers(of: PosixDisk(root: scratch.path + "/data")))
    }

    private func answers(of disk: any Disk) async throws -> [String] {
        var answers: [String] = []
        func note<Answer>(_ body: () async throws -> Answer) async {
            do { answers.append("\(try await body())") } catch { answers.append("\(HoldfastError(error).code)") }
        }
        try await disk.makeDirectory("a/b")
        try await disk.makeDirectory("a/b")
        let file = try await disk.create("a/b/one")
        try await file.append([1, 2, 3, 4, 5])
        try await file.append([])
        let reader = try await disk.openForReading("a/b/one")
        await note { try await reader.read(at: 3, count: 9) }
        await note { try await reader.read(at: 9, count: 9) }
        await note { _ = try await disk.create("a/b/one") }
        await note { _ = try await disk.create("absent/one") }
        await note { _ = try await disk.openForReading("a/none") }
        await note { try await disk.remove("a/none") }
        await note { try await disk.rename("a/none", to: "a/other") }
        await note { try await disk.rename("a/b/one", to: "absent/one") }
        try await disk.rename("a/b/one", to: "a/two")
        await note { try await disk.list("a") }
        await note { try await disk.list("a/b") }
        await note { try await disk.list("none") }
        await note { try await disk.size(of: "a/two") }
        await note { try await disk.size(of: "a/b") }
        await note { try await disk.size(of: "none") }
        await note { try await disk.syncDirectory("a") }
        await note { try await disk.syncDirectory("none") }
        let lock = try await disk.lock("lock")
        await note { _ = try await disk.lock("lock") }
        withExtendedLifetime(lock) {}
        try await disk.remove("a/two")
        await note { try await reader.read(at: 0, count: 2) }
        return answers
    }
}
