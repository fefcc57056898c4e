import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct ManifestSealerTests {
    private let header = ManifestHeader(
        project: Samples.project, backup: Samples.backup, service: ServiceReference(.media),
        createdAt: Samples.created, sealingKey: Samples.keys.currentSealingKey,
        salt: SeededEntropy(3).bytes(ManifestHeader.saltBytes))

    @Test func aManifestThatNoNodeTakesEndsEarly() throws {
        let limit = 8 << 20
        var sealer = try ManifestSealer(header, keys: Samples.keys, byteLimit: limit)
        let random = SeededEntropy(5)
        var records = 0
        do {
            while records < 100 {
                try sealer.add(random.bytes(1 << 20))
                records += 1
            }
            Issue.record("it grew without end")
        } catch {
            #expect(error.code == .tooLarge)
        }
        #expect(records == 3)
        #expect(sealer.offset <= UInt64(limit))
    }
}
