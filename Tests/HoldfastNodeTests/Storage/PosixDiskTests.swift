import Foundation
import HoldfastModel
import Testing

@testable import HoldfastNode

@Suite struct PosixDiskTests {
    @Test func storesOnTheOperatingSystem() async throws {
        let directory = NSTemporaryDirectory() + "holdfast-disk-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let object = Fixture.object(1, byteCount: 900_000)
        do {
            let store = try await Fixture.store(on: PosixDisk(root: directory + "/a/b"))
            try await store.put(object)
            try await store.put(object)
            _ = try await store.hold([object.name])
            try await store.obey(Epoch(9))
            let second = try PosixDisk(root: directory + "/a/b")
            await expect(.busy) { _ = try await Fixture.store(on: second) }
        }
        _ = FileManager.default.createFile(atPath: directory + "/a/b/objects/shard/notes.txt", contents: Data([1]))
        try FileManager.default.createDirectory(
            atPath: directory + "/a/b/objects/shard/00", withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: directory + "/a/b/objects/shard/00/notes.txt", contents: Data([1]))
        _ = FileManager.default.createFile(atPath: directory + "/a/b/incoming/17", contents: Data([1]))
        let store = try await Fixture.store(on: PosixDisk(root: directory + "/a/b"))
        #expect(try await store.bytes(.shard, object.name, offset: 0, length: nil) == object.bytes)
        #expect(try await store.examine(.shard, object.name))
        #expect(try await store.isHeld(object.name))
        #expect(await store.highestEpoch() == Epoch(9))
        let statistics = try await store.statistics()
        #expect(statistics.objects == 1)
        #expect(statistics.capacityBytes > 0)
        #expect(await store.reports().count == 1)
        #expect(!FileManager.default.fileExists(atPath: directory + "/a/b/incoming/17"))
    }
}
