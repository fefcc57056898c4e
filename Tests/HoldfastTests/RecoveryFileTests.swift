import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import holdfast

@Suite struct RecoveryFileTests {
    private func file() throws -> RecoveryFile {
        RecoveryFile(
            clusterKey: ClusterKey(generatedFrom: SeededEntropy(seed: 1)),
            authority: try ClusterCA(cluster: "test", now: Timestamp(milliseconds: 1_790_000_000_000)))
    }

    @Test func comesBack() throws {
        let file = try file()
        let read = try RecoveryFile(text: file.text)
        #expect(read.clusterKey.text == file.clusterKey.text)
        #expect(read.authority.fingerprint == file.authority.fingerprint)
        #expect(read.authority.keyPEM == file.authority.keyPEM)
        #expect(read.text == file.text)
        // As it may come out of a printer and a scanner.
        let shaken = file.text.revealed.split(separator: "\n").map { "  \($0)\r\n\n" }.joined()
        #expect(try RecoveryFile(text: Secret(shaken)).text == file.text)
    }

    @Test func everyMistypedLetterIsNoticed() throws {
        let text = Array(try file().text.revealed.utf8)
        let start = try #require(text.firstRange(of: Array("holdfast-recovery".utf8))).lowerBound
        for index in start..<text.count - 1 where text[index] != 10 {
            var changed = text
            changed[index] = text[index] == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
            #expect(throws: HoldfastError.self, "\(index)") {
                try RecoveryFile(text: Secret(String(decoding: changed, as: UTF8.self)))
            }
            #expect(throws: HoldfastError.self, "\(index)") {
                try RecoveryFile(text: Secret(String(decoding: text[..<index], as: UTF8.self)))
            }
        }
    }
}
