import Glibc
import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct ChunkIndexTests {
    private func shard(_ number: UInt8) -> ObjectName { ObjectName(bytes: [UInt8](repeating: number, count: 32)) }

    private func entries(_ count: Int, seed: UInt64, shard: ObjectName) -> [IndexEntry] {
        let random = SeededEntropy(seed)
        return (0..<count).map { number in
            IndexEntry(
                name: ChunkName(bytes: random.bytes(32)),
                location: ChunkLocation(shard: shard, segment: UInt32(number), offset: 5, length: 9))
        }
    }

    private func overwrite(_ path: String, _ bytes: [UInt8]) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    @Test(arguments: [0, 1, 2, 1000]) func findsWhatItHolds(count: Int) async throws {
        try await Samples.withDirectory { directory in
            let files = PosixIndexFiles(directory: directory)
            let known = entries(count, seed: 41, shard: shard(1))
            let index = try ChunkIndex.write("i", in: files, project: Samples.project, additions: known)
            #expect(index.count == count)
            for entry in known { #expect(index.location(of: entry.name) == entry.location) }
            for entry in entries(200, seed: 42, shard: shard(1)) { #expect(index.location(of: entry.name) == nil) }
        }
    }

    @Test func findsNamesThatAreNotEvenlySpread() async throws {
        try await Samples.withDirectory { directory in
            let files = PosixIndexFiles(directory: directory)
            let known =
                (0..<300).map { number in
                    IndexEntry(
                        name: ChunkName(words: (UInt64(number / 100), 0, 0, UInt64(number))),
                        location: ChunkLocation(shard: shard(1), segment: UInt32(number), offset: 0, length: 1))
                } + [
                    IndexEntry(
                        name: ChunkName(words: (.max, .max, .max, .max)),
                        location: ChunkLocation(shard: shard(1), segment: 7, offset: 0, length: 1))
                ]
            let index = try ChunkIndex.write("i", in: files, project: Samples.project, additions: known)
            for entry in known { #expect(index.location(of: entry.name) == entry.location) }
        }
    }

    @Test func mergesAndDrops() async throws {
        try await Samples.withDirectory { directory in
            let files = PosixIndexFiles(directory: directory)
            let old = entries(100, seed: 43, shard: shard(1))
            let base = try ChunkIndex.write("i", in: files, project: Samples.project, additions: old)
            var newer = entries(50, seed: 44, shard: shard(2))
            newer += old.prefix(10).map { entry in
                var entry = entry
                entry.location.shard = shard(2)
                return entry
            }
            let merged = try ChunkIndex.write(
                "i", in: files, project: Samples.project, base: base, additions: newer)
            #expect(merged.count == 150 && merged.shards == [shard(1), shard(2)])
            #expect(merged.location(of: old[0].name)?.shard == shard(2))
            #expect(merged.location(of: old[10].name)?.shard == shard(1))
            let dropped = try ChunkIndex.write(
                "i", in: files, project: Samples.project, base: merged, dropping: [shard(2)])
            #expect(dropped.count == 90 && dropped.location(of: newer[0].name) == nil)
            #expect(base.count == 100, "an open index outlives the file that replaced it")
        }
    }

    @Test func everyDamageIsFound() async throws {
        try await Samples.withDirectory { directory in
            let files = PosixIndexFiles(directory: directory)
            let path = directory + "/i"
            _ = try ChunkIndex.write(
                "i", in: files, project: Samples.project, additions: entries(2, seed: 45, shard: shard(1)))
            let file = try files.map("i")
            let bytes = withExtendedLifetime(file) { Array($0.bytes) }
            for index in bytes.indices {
                for bit in 0..<8 {
                    var flipped = bytes
                    flipped[index] ^= 1 << bit
                    overwrite(path, flipped)
                    #expect(throws: HoldfastError.self, "bit \(bit) of byte \(index)") {
                        try ChunkIndex("i", in: files, project: Samples.project)
                    }
                }
                overwrite(path, Array(bytes[..<index]))
                #expect(throws: HoldfastError.self) { try ChunkIndex("i", in: files, project: Samples.project) }
            }
            overwrite(path, bytes)
            #expect(throws: HoldfastError.self) { try ChunkIndex("i", in: files, project: Samples.otherProject) }
            #expect(throws: HoldfastError.self) { try ChunkIndex("ix", in: files, project: Samples.project) }
        }
    }

    @Test func isBuiltAgainFromShards() async throws {
        try await Samples.withDirectory { directory in
            let files = PosixIndexFiles(directory: directory)
            let store = MemoryStore()
            let random = SeededEntropy(46)
            let stored = try await Samples.store((0..<60).map { _ in random.bytes(400) }, in: store)
            let lost = try #require(store.shardNames.first)
            store.remove(lost)
            var unreadable: [ObjectName] = []
            let index = try await ChunkIndex.rebuild(
                shards: stored.summary.shards, source: store, keys: Samples.keys, project: Samples.project,
                "i", in: files
            ) { name, _ in unreadable.append(name) }
            #expect(unreadable == [lost])
            for entry in stored.summary.entries {
                #expect(index.location(of: entry.name) == (entry.location.shard == lost ? nil : entry.location))
            }
        }
    }
}
