import Testing

@testable import HoldfastArchive

@Suite struct ZstdContextsTests {
    /// So many are in use at one time, and all are given back.
    private func nest(_ depth: Int, _ seen: inout Set<OpaquePointer>) {
        guard depth > 0 else { return }
        ZstdContexts.withCompressor { compressor in
            ZstdContexts.withDecompressor { decompressor in
                for pointer in [compressor, decompressor] {
                    // None of them is in use twice.
                    #expect(pointer.map { seen.insert($0).inserted } == true)
                }
                nest(depth - 1, &seen)
            }
        }
    }

    @Test func noMoreAreKeptThanThereAreProcessors() {
        var seen: Set<OpaquePointer> = []
        let depth = ZstdContexts.idleLimit * 3
        nest(depth, &seen)
        #expect(seen.count == 2 * depth)
        let idle = ZstdContexts.idle
        #expect(idle.compressors <= ZstdContexts.idleLimit && idle.decompressors <= ZstdContexts.idleLimit)
    }
}
