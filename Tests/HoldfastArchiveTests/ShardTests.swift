import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct ShardTests {
    @Test func contentComesBack() async throws {
        let store = MemoryStore()
        let random = SeededEntropy(11)
        let chunks = (0..<40).map { number in
            number.isMultiple(of: 2) ? random.bytes(300 + number) : [UInt8](repeating: UInt8(number), count: 900)
        }
        let (references, summary) = try await Samples.store(chunks + chunks, in: store)
        #expect(references.prefix(40) == references.suffix(40))
        #expect(summary.entries.count == 40)
        #expect(summary.newBytes == Int64(chunks.reduce(0) { $0 + $1.count }))
        #expect(summary.shards.count > 1)
        #expect(summary.referenced == store.shardNames)
        let reader = ArchiveReader(
            source: store, keys: Samples.keys, project: Samples.project, shards: summary.referenced)
        for (reference, chunk) in zip(references, chunks) { #expect(try await reader.read(reference) == chunk) }
        var (asked, got) = (0, [[UInt8]]())
        try await reader.read(
            next: {
                defer { asked += 1 }
                return asked < references.count ? references[asked] : nil
            }
        ) { _, bytes in got.append(Array(bytes)) }
        #expect(got == chunks + chunks)
        for name in store.shardNames {
            let object = try store.object(.shard, name)
            var check = ObjectCheck()
            check.update(object.bytes)
            #expect(check.name == name && ObjectCheck.kind(ofPrefix: object.bytes) == .shard)
        }
    }

    @Test func knownChunksAreNotStoredAgain() async throws {
        try await Samples.withDirectory { directory in
            let files = PosixIndexFiles(directory: directory)
            let store = MemoryStore()
            let chunks = (0..<10).map { [UInt8](repeating: UInt8($0), count: 500) }
            let first = try await Samples.store(chunks, in: store)
            let index = try ChunkIndex.write(
                "index", in: files, project: Samples.project, additions: first.summary.entries)
            let second = try await Samples.store(chunks, in: store, index: index)
            #expect(second.summary.shards.isEmpty && second.summary.newBytes == 0)
            #expect(second.summary.referenced == first.summary.referenced)
            var distrusting = Samples.small
            distrusting.distrusted = Set(first.summary.shards)
            let third = try await Samples.store(chunks, in: store, index: index, seed: 8, configuration: distrusting)
            #expect(third.summary.newBytes == first.summary.newBytes)
            #expect(Set(third.summary.referenced).isDisjoint(with: first.summary.shards))
        }
    }

    @Test func everyDamageIsFound() async throws {
        let store = MemoryStore()
        let chunks: [[UInt8]] = [Array("hello shard".utf8), [UInt8](repeating: 3, count: 200)]
        let (references, summary) = try await Samples.store(chunks, in: store)
        let name = try #require(summary.shards.first)
        let bytes = try store.object(.shard, name).bytes
        func readAll() async throws {
            let reader = ArchiveReader(source: store, keys: Samples.keys, project: Samples.project, shards: [name])
            for reference in references { _ = try await reader.read(reference) }
        }
        try await readAll()
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                store.replace(name, bytes: flipped)
                await #expect(throws: HoldfastError.self, "bit \(bit) of byte \(index)") { try await readAll() }
            }
            store.replace(name, bytes: Array(bytes[..<index]))
            await #expect(throws: HoldfastError.self, "cut at \(index)") { try await readAll() }
        }
        store.replace(name, bytes: bytes + [0])
        await #expect(throws: HoldfastError.self) { try await readAll() }
    }

    @Test func aChunkOfAnotherLengthIsNotTheOneAskedFor() async throws {
        let store = MemoryStore()
        let (references, summary) = try await Samples.store([[1, 2, 3], [4, 5, 6, 7]], in: store)
        let reader = ArchiveReader(
            source: store, keys: Samples.keys, project: Samples.project, shards: summary.referenced)
        for length in [1, 2, 4] as [UInt32] {
            let wrong = ChunkReference(name: references[0].name, length: length)
            await #expect(throws: HoldfastError.self, "\(length)") { try await reader.read(wrong) }
        }
    }

    @Test func otherKeysAndProjectsOpenNothing() async throws {
        let store = MemoryStore()
        let (references, summary) = try await Samples.store([[1, 2, 3]], in: store)
        let strangers = [
            ArchiveReader(
                source: store, keys: Samples.otherKeys, project: Samples.project, shards: summary.referenced),
            ArchiveReader(source: store, keys: Samples.keys, project: Samples.otherProject, shards: summary.referenced),
        ]
        for reader in strangers {
            await #expect(throws: HoldfastError.self) { try await reader.read(references[0]) }
        }
    }

    @Test func failingSinkEndsTheWriter() async throws {
        struct Full: ObjectSink {
            func put(_ object: SealedObject) async throws { throw HoldfastError(.noSpace, "full") }
        }
        await #expect(throws: HoldfastError(.noSpace, "full")) {
            try await withArchiveWriter(
                project: Samples.project, keys: Samples.keys, index: EmptyLookup(), sink: Full(),
                entropy: SeededEntropy(1), configuration: Samples.small
            ) { writer in
                let random = SeededEntropy(2)
                for _ in 0..<1000 { _ = try await writer.store(random.bytes(600)) }
            }
        }
    }

    @Test func cutContentIsStoredWhole() async throws {
        let store = MemoryStore()
        let content = SeededEntropy(21).bytes(400_000)
        let (references, summary) = try await withArchiveWriter(
            project: Samples.project, keys: Samples.keys, index: EmptyLookup(), sink: store, entropy: SeededEntropy(1)
        ) { writer in
            var content1 = writer.content(.dump)
            try await content1.write(content[..<100_000])
            try await content1.cutHere()
            try await content1.write(content[100_000...])
            return try await content1.finish()
        }
        let reader = ArchiveReader(
            source: store, keys: Samples.keys, project: Samples.project, shards: summary.referenced)
        var whole: [UInt8] = []
        for reference in references { whole += try await reader.read(reference) }
        #expect(whole == content)
    }
}
