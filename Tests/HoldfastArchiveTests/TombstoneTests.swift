import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct TombstoneTests {
    private let tombstone = Tombstone(
        project: Samples.project, backup: Samples.backup, removedAt: Timestamp(milliseconds: 1_790_000_000_123))

    @Test func comesBack() throws {
        let object = tombstone.sealed(Samples.keys)
        #expect(object.kind == .tombstone && ObjectCheck.kind(ofPrefix: object.bytes) == .tombstone)
        #expect(object.bytes.count == Tombstone.byteCount)
        #expect(try Tombstone(decoding: object.bytes) == tombstone)
        #expect(try Tombstone(verifying: object.bytes, keys: Samples.keys) == tombstone)
        #expect(throws: HoldfastError.self) { try Tombstone(verifying: object.bytes, keys: Samples.otherKeys) }
        #expect(tombstone.sealed(Samples.keys).name == object.name)
    }

    @Test func everyDamageIsFound() {
        let bytes = tombstone.sealed(Samples.keys).bytes
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                #expect(throws: HoldfastError.self) { try Tombstone(verifying: flipped, keys: Samples.keys) }
            }
            #expect(throws: HoldfastError.self) { try Tombstone(decoding: Array(bytes[..<index])) }
        }
        #expect(throws: HoldfastError.self) { try Tombstone(decoding: bytes + [0]) }
    }

    /// What every object says of itself at its beginning.
    @Test func ownersAreRead() throws {
        let bytes = tombstone.sealed(Samples.keys).bytes
        let owner = try #require(ObjectOwner(prefix: bytes))
        #expect(owner.project == Samples.project && owner.backup == Samples.backup)
        #expect(ObjectOwner(prefix: bytes.prefix(ObjectOwner.prefixLength - 1)) == nil)
        let shard = Format.shard.start + Array(Samples.project.text.utf8)
        #expect(ObjectOwner(prefix: shard)?.project == Samples.project)
        #expect(ObjectOwner(prefix: shard)?.backup == nil)
        #expect(ObjectOwner(prefix: shard.dropLast()) == nil)
        #expect(ObjectOwner(prefix: [1] + shard) == nil)
    }
}
