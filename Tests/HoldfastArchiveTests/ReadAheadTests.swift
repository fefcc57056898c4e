import Foundation
import HoldfastModel
import Synchronization
import Testing

@testable import HoldfastArchive

@Suite struct ReadAheadTests {
    /// Chunk N lies in segment N / 2 of one shard.
    private struct Pairs: ChunkLookup {
        static let shard = ObjectName(bytes: [UInt8](repeating: 7, count: 32))

        static func place(_ number: Int) -> SegmentPlace { SegmentPlace(shard: shard, segment: UInt32(number)) }

        func location(of name: ChunkName) -> ChunkLocation? {
            name.words.0 < 1000
                ? ChunkLocation(shard: Self.shard, segment: UInt32(name.words.0 / 2), offset: 0, length: 1) : nil
        }
    }

    /// Each chunk lies in a segment of its own.
    private struct Singles: ChunkLookup {
        func location(of name: ChunkName) -> ChunkLocation? {
            ChunkLocation(shard: Pairs.shard, segment: UInt32(name.words.0), offset: 0, length: 1)
        }
    }

    private func chunks(_ numbers: some Sequence<UInt64>) -> [ChunkReference] { Self.chunks(numbers) }

    private static func chunks(_ numbers: some Sequence<UInt64>) -> [ChunkReference] {
        numbers.map { ChunkReference(name: ChunkName(words: ($0, 0, 0, 0)), length: 1) }
    }

    @Test func aFewSegmentsAreOpenedBeforeReadingIsThere() {
        var opened: [Int] = []
        let ahead = ReadAhead(lookup: Pairs()) { opened.append(Int($0.segment)) }
        ahead.prefetch(chunks(0..<4))
        #expect(opened == [0, 1])
        ahead.prefetch(chunks([5000]) + chunks(4..<40))
        #expect(opened == Array(0..<ReadAhead.limit))
        ahead.reached(Pairs.place(0))
        #expect(opened.count == ReadAhead.limit)
        ahead.reached(Pairs.place(1))
        ahead.reached(Pairs.place(1))
        #expect(opened == Array(0..<ReadAhead.limit + 1))
        // What nobody reads holds nothing up, and what nobody foresaw changes nothing.
        ahead.reached(Pairs.place(4))
        #expect(opened == Array(0..<ReadAhead.limit + 4))
        ahead.reached(Pairs.place(400))
        #expect(opened.count == ReadAhead.limit + 4)
        ahead.reached(Pairs.place(15))
        #expect(opened == Array(0..<9) + Array(16..<20))
    }

    /// A file of half a terabyte: what is wanted is not moved up with each segment.
    @Test(.timeLimit(.minutes(3))) func aHugeFileIsReadAheadInNoTime() {
        let count = 500_000
        var opened = 0
        let ahead = ReadAhead(lookup: Singles()) { place in
            #expect(place == Pairs.place(opened))
            opened += 1
        }
        ahead.prefetch(chunks(0..<UInt64(count)))
        for number in 0..<count { ahead.reached(Pairs.place(number)) }
        #expect(opened == count)
    }

    /// In a process of its own, as its memory is looked at: more than a kilobyte for each segment would be kept.
    @Test(.timeLimit(.minutes(5))) func whatWasOpenedAheadIsLetGoOf() async {
        await #expect(processExitsWith: .success) {
            let (source, batch, batches) = (EmptySource(), 1000, 100)
            let reader = ArchiveReader(
                source: source, keys: Samples.keys, project: Samples.project, lookup: Singles())
            try await reader.readingAhead { ahead in
                var before = 0
                for start in stride(from: 0, to: batch * batches, by: batch) {
                    let numbers = start..<start + batch
                    ahead.prefetch(Self.chunks(numbers.map(UInt64.init)))
                    for number in numbers { ahead.reached(Pairs.place(number)) }
                    while source.asked.withLock(\.self) < numbers.upperBound { await Task.yield() }
                    if start == 0 { before = try Self.residentBytes() }
                }
                let grown = try Self.residentBytes() - before
                precondition(grown < 40 << 20, "It has grown by \(grown) bytes")
            }
        }
    }

    private static func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return try #require(Int(text.split(separator: " ")[1])) * 4096
    }

    @Test func contentComesInOrderAndEachSegmentIsReadOnce() async throws {
        try await Samples.withDirectory { directory in
            let store = MemoryStore()
            let random = SeededEntropy(4)
            let chunks = (0..<60).map { random.bytes(300 + $0) }
            let (references, summary) = try await Samples.store(chunks, in: store)
            let index = try ChunkIndex.write(
                "index", in: PosixIndexFiles(directory: directory), project: Samples.project,
                additions: summary.entries)
            func reader() -> ArchiveReader<MemoryStore> {
                ArchiveReader(source: store, keys: Samples.keys, project: Samples.project, lookup: index)
            }
            let one = reader()
            for reference in references { _ = try await one.read(reference) }
            let readsOfOne = store.reads
            let other = reader()
            let got = try await other.readingAhead { ahead in
                ahead.prefetch(references)
                var got: [[UInt8]] = []
                for reference in references {
                    try await other.read(reference, ahead: ahead) { got.append(Array($0)) }
                }
                return got
            }
            #expect(got == chunks)
            // A shard's ends may be read by several openers at a time; its segments are not.
            let segments = Set(
                summary.entries.map { SegmentPlace(shard: $0.location.shard, segment: $0.location.segment) })
            #expect(store.reads - readsOfOne <= segments.count + 3 * ReadAhead.limit * summary.shards.count)
        }
    }

    @Test func whoAsksForASegmentThatIsBeingOpenedWaitsForIt() async throws {
        let store = MemoryStore()
        let (_, summary) = try await Samples.store([Array("one".utf8)], in: store)
        let slow = GatedSource(store: store)
        let segments = SegmentStore(source: slow, keys: Samples.keys, project: Samples.project, cacheBytes: 1 << 20)
        let place = SegmentPlace(shard: summary.shards[0], segment: 0)
        _ = try await segments.index(of: place.shard)
        slow.count.withLock { $0 = 0 }
        slow.awaited.withLock { $0 = 8 }
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    slow.awaited.withLock { $0 -= 1 }
                    return try await segments.segment(place)
                }
            }
            for try await bytes in group { #expect(bytes == Array("one".utf8)) }
        }
        #expect(slow.count.withLock(\.self) == 1)
    }
}

/// Has nothing.
private final class EmptySource: ObjectSource {
    let asked = Mutex(0)

    func read(_ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?) async throws -> [UInt8] {
        try nothing()
    }

    func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64 { try nothing() }

    private func nothing<Value>() throws -> Value {
        asked.withLock { $0 += 1 }
        throw HoldfastError(.notFound, "nothing is here")
    }
}

/// Gives nothing before all have asked who are awaited.
private final class GatedSource: ObjectSource {
    let store: MemoryStore
    let count = Mutex(0)
    let awaited = Mutex(0)

    init(store: MemoryStore) { self.store = store }

    func read(_ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?) async throws -> [UInt8] {
        count.withLock { $0 += 1 }
        while awaited.withLock(\.self) > 0 { try await Task.sleep(for: .milliseconds(1)) }
        return try await store.read(kind, name, offset: offset, length: length)
    }

    func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64 { try await store.size(kind, name) }
}
