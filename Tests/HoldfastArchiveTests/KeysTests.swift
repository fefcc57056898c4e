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

    /// After a rotation the earlier key opens, and seals nothing any more.
    @Test func aRotatedClusterKeyOpensWhatTheEarlierSealed() throws {
        let entropy = SeededEntropy(4)
        let first = ClusterKey(generatedFrom: entropy)
        let sealed = try first.seal(Secret("swordfish"), purpose: "x", entropy: entropy)
        let both = try ClusterKey(text: first.rotated(from: entropy).text)
        #expect(both.earlierCount == 1 && both.fingerprint != first.fingerprint)
        #expect(try both.open(sealed, purpose: "x").revealed == "swordfish")
        #expect(throws: HoldfastError.self) { try both.open(sealed, purpose: "y") }
        #expect(throws: HoldfastError.self) { try both.alone.open(sealed, purpose: "x") }

        let again = try #require(try both.resealed(sealed, purpose: "x", entropy: entropy))
        #expect(try both.alone.open(again, purpose: "x").revealed == "swordfish")
        #expect(throws: HoldfastError.self) { try first.open(again, purpose: "x") }
        #expect(try both.resealed(again, purpose: "x", entropy: entropy) == nil)
        #expect(throws: HoldfastError.self) { try both.alone.resealed(sealed, purpose: "x", entropy: entropy) }

        // What was given out before is still known, and new codes are the new key's.
        let code = first.code(for: [1], purpose: "x")
        #expect(both.isCode(code, for: [1], purpose: "x") && !both.alone.isCode(code, for: [1], purpose: "x"))
        #expect(both.alone.isCode(both.code(for: [1], purpose: "x"), for: [1], purpose: "x"))
    }

    @Test func aListOfClusterKeysIsWholeOrRefused() throws {
        let entropy = SeededEntropy(5)
        var key = ClusterKey(generatedFrom: entropy)
        for _ in 1...15 { key = try key.rotated(from: entropy) }
        #expect(try ClusterKey(text: key.text).text == key.text && key.earlierCount == 15)
        #expect(throws: HoldfastError.self) { try key.rotated(from: entropy) }
        let one = key.alone.text.revealed
        for text in ["", "\n", one + "\n" + one, one + "\nhfck1.", one + " # note", key.text.revealed + "\n" + one] {
            #expect(throws: HoldfastError.self) { try ClusterKey(text: Secret(text)) }
        }
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
