import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct KeysTests {
    @Test func projectKeysSurviveSerialising() throws {
        let keys = Samples.keys.rotated(from: SeededEntropy(3))
        let again = try ProjectKeys(serialized: keys.serialized)
        #expect(again.serialized == keys.serialized)
        #expect(again.currentSealingKey == 2)
        #expect(try again.sealingKey(1) == Samples.keys.sealingKey(1))
        #expect(again.gearTable.values == Samples.keys.gearTable.values)
        #expect(throws: HoldfastError.self) { try again.sealingKey(3) }
    }

    @Test func changedProjectKeysAreRefused() {
        let text = Array(Samples.keys.serialized.revealed.utf8)
        for index in text.indices {
            var changed = text
            changed[index] ^= 1
            let secret = Secret(String(decoding: changed, as: UTF8.self))
            #expect(throws: HoldfastError.self) { try ProjectKeys(serialized: secret) }
            let cut = Secret(String(decoding: text[..<index], as: UTF8.self))
            #expect(throws: HoldfastError.self) { try ProjectKeys(serialized: cut) }
        }
    }

    @Test func clusterKeySealsForOnePurpose() throws {
        let key = ClusterKey(generatedFrom: SeededEntropy(4))
        let same = try ClusterKey(text: Secret(key.text.revealed + "\n"))
        let sealed = try key.seal(Secret("hidden"), purpose: "p", entropy: SeededEntropy(5))
        #expect(try same.open(sealed, purpose: "p") == Secret("hidden"))
        #expect(throws: HoldfastError.self) { try same.open(sealed, purpose: "q") }
        #expect(throws: HoldfastError.self) {
            try ClusterKey(generatedFrom: SeededEntropy(6)).open(sealed, purpose: "p")
        }
        for bad in ["", "hfck1.", "AA==", "not base64", String(sealed.sealed.dropLast(4))] {
            #expect(throws: HoldfastError.self) { try same.open(SealedSecret(sealed: bad), purpose: "p") }
        }
        #expect(throws: HoldfastError.self) { try ClusterKey(text: Secret(key.text.revealed.dropLast() + "x")) }
    }
}
