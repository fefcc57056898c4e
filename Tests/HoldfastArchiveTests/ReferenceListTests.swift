import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct ReferenceListTests {
    private var list: ReferenceList {
        let names = [3, 1, 2, 1].map { ObjectName(bytes: [UInt8](repeating: $0, count: 32)) }
        return ReferenceList(
            project: Samples.project, backup: Samples.backup, service: ServiceReference(.media),
            manifest: ObjectName(bytes: [UInt8](repeating: 9, count: 32)), shards: names)
    }

    @Test func comesBackSorted() throws {
        let object = try list.sealed(Samples.keys)
        #expect(object.kind == .references && ObjectCheck.kind(ofPrefix: object.bytes) == .references)
        #expect(try ReferenceList(decoding: object.bytes) == list)
        #expect(try ReferenceList(verifying: object.bytes, keys: Samples.keys) == list)
        #expect(list.shards.count == 3 && list.shards == list.shards.sorted())
        #expect(throws: HoldfastError.self) { try ReferenceList(verifying: object.bytes, keys: Samples.otherKeys) }
    }

    @Test func everyDamageIsFound() throws {
        let bytes = try list.sealed(Samples.keys).bytes
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                #expect(throws: HoldfastError.self) { try ReferenceList(verifying: flipped, keys: Samples.keys) }
            }
            #expect(throws: HoldfastError.self) { try ReferenceList(decoding: Array(bytes[..<index])) }
        }
        #expect(throws: HoldfastError.self) { try ReferenceList(decoding: bytes + [0]) }
    }

    /// Nodes, which have no keys to verify a list with, read it too.
    @Test func namesOutOfOrderOrTwiceAreRefused() throws {
        let bytes = try list.sealed(Samples.keys).bytes
        let names = bytes.count - 32 * 4
        func reading(_ order: [Int]) throws -> [ObjectName] {
            let shards = order.flatMap { bytes[(names + 32 * $0)..<(names + 32 * ($0 + 1))] }
            return try ReferenceList(decoding: bytes[..<names] + shards + bytes.suffix(32)).shards
        }
        #expect(try reading([0, 1, 2]) == list.shards)
        for order in [[1, 0, 2], [0, 2, 1], [0, 0, 2], [0, 1, 1]] {
            #expect(throws: HoldfastError.self, "\(order)") { try reading(order) }
        }
    }

    @Test(arguments: 0..<50) func randomBytesAreRefused(seed: Int) {
        let random = SeededEntropy(UInt64(seed))
        let bytes = random.bytes(seed * 17)
        let dressed = Format.references.start + bytes
        for input in [bytes, dressed] {
            #expect(throws: HoldfastError.self, "seed \(seed)") { try ReferenceList(decoding: input) }
            #expect(throws: HoldfastError.self, "seed \(seed)") { try MediaEntry(record: input, subject: "x") }
            #expect(throws: HoldfastError.self, "seed \(seed)") {
                try ShardIndex(input, sealedBytes: 100, subject: "x")
            }
            #expect(throws: HoldfastError.self, "seed \(seed)") { try ManifestHeader(decoding: input) }
        }
    }
}
