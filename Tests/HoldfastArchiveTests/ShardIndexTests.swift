import HoldfastModel
import Testing

@testable import HoldfastArchive

/// What is sealed with the project's keys was once some program's input, and may be wrong all the same.
@Suite struct ShardIndexTests {
    private static let sealedBytes = 100

    private static func index(_ change: (inout ShardIndex) -> Void = { _ in }) -> ShardIndex {
        var index = ShardIndex()
        index.segments = [
            .init(sealedLength: 60, plainLength: 30, form: 0, chunks: [Samples.chunk(1, 10), Samples.chunk(2, 20)]),
            .init(sealedLength: 40, plainLength: 5, form: 1, chunks: [Samples.chunk(3, 5)]),
        ]
        change(&index)
        return index
    }

    private static func read(_ index: ShardIndex, _ sealedBytes: Int = sealedBytes) throws -> ShardIndex {
        try ShardIndex(index.bytes, sealedBytes: sealedBytes, subject: "shard")
    }

    @Test func comesBack() throws { #expect(try Self.read(Self.index()) == Self.index()) }

    private static let impossible: [(String, @Sendable (inout ShardIndex) -> Void)] = [
        (
            "a segment of nothing",
            { index in
                index.segments[1].plainLength = 0
                index.segments[1].chunks = []
            }
        ),
        ("packed in no way that there is", { $0.segments[1].form = 2 }),
        (
            "sealed to less than its seal",
            { index in
                index.segments[1].sealedLength = UInt32(Limits.tagBytes)
                index.segments[0].sealedLength = UInt32(sealedBytes - Limits.tagBytes)
            }
        ),
        ("a chunk of nothing", { $0.segments[1].chunks.insert(Samples.chunk(4, 0), at: 0) }),
        ("chunks that leave some over", { $0.segments[0].chunks[1].length = 19 }),
        ("chunks of more than there is", { $0.segments[0].chunks[1].length = 21 }),
        ("chunks of more than a segment can hold", { $0.segments[0].chunks[1].length = .max }),
    ]

    @Test(arguments: impossible.indices) func theImpossibleIsRefused(_ number: Int) {
        let (what, change) = Self.impossible[number]
        #expect(throws: HoldfastError.self, "\(what)") { try Self.read(Self.index(change)) }
    }

    @Test func segmentsFillTheShard() {
        for bytes in [Self.sealedBytes - 1, Self.sealedBytes + 1] {
            #expect(throws: HoldfastError.self) { try Self.read(Self.index(), bytes) }
        }
    }

    @Test func countsBeyondAllSenseTakeNoMemory() {
        let good = Self.index().bytes
        // How many segments, and how many chunks the first one has.
        for place in [0, 13] {
            var bytes = good
            bytes.replaceSubrange(place..<place + 4, with: [0xff, 0xff, 0xff, 0xff])
            #expect(throws: HoldfastError.self) {
                try ShardIndex(bytes, sealedBytes: Self.sealedBytes, subject: "shard")
            }
        }
    }

    @Test func whatIsPackedHasTheLengthThatWasTold() throws {
        let plain = [UInt8](repeating: 7, count: 4000)
        for packed in [Packed(form: .plain, bytes: plain), Packed(packing: plain)] {
            #expect(try packed.unpacked(plainLength: plain.count, subject: "segment") == plain)
            for length in [plain.count - 1, plain.count + 1] {
                #expect(throws: HoldfastError.self) { try packed.unpacked(plainLength: length, subject: "segment") }
            }
        }
    }
}
