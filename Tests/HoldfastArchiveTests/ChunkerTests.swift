import HoldfastModel
import Testing

@testable import HoldfastArchive

@Suite struct ChunkerTests {
    private func lengths(_ content: [UInt8], pieces: () -> Int) -> [Int] {
        var chunker = Chunker(.dump, table: Samples.keys.gearTable)
        var (lengths, open, position) = ([Int](), 0, 0)
        while position < content.count {
            let end = min(content.count, position + pieces())
            while position < end {
                let (count, ends) = content[position..<end].withUnsafeBytes { chunker.scan($0) }
                position += count
                open += count
                if ends {
                    lengths.append(open)
                    open = 0
                }
            }
        }
        if open > 0 { lengths.append(open) }
        return lengths
    }

    @Test(arguments: [UInt64(1), 2, 3]) func cutsDoNotDependOnBuffers(seed: UInt64) {
        let content = SeededEntropy(seed).bytes(1 << 20)
        let whole = lengths(content) { content.count }
        let sizes = SeededEntropy(seed + 100)
        #expect(lengths(content) { 1 + Int(sizes.bytes(1)[0]) * 100 } == whole, "seed \(seed)")
        #expect(whole.reduce(0, +) == content.count)
        #expect(whole.allSatisfy { $0 <= 256 << 10 } && whole.dropLast().allSatisfy { $0 >= 16 << 10 })
        let average = content.count / whole.count
        #expect((48 << 10...110 << 10).contains(average), "average \(average), seed \(seed)")
    }

    @Test func cutsComeBackAfterAnInsertion() {
        let content = SeededEntropy(9).bytes(1 << 20)
        func ends(_ content: [UInt8]) -> Set<Int> {
            var end = 0
            return Set(
                lengths(content) { content.count }.map { length in
                    end += length
                    return content.count - end
                })
        }
        let (before, after) = (ends(content), ends([1, 2, 3] + content))
        #expect(before.intersection(after).count >= before.count - 3)
    }

    @Test func cutsAreKeyed() {
        #expect(Samples.keys.gearTable.values != Samples.otherKeys.gearTable.values)
        #expect(Set(Samples.keys.gearTable.values).count == 256)
    }

    @Test func monotonousContentIsCutAtTheMaximum() {
        #expect(lengths([UInt8](repeating: 0, count: 600 << 10)) { 1 << 16 }.first ?? 0 >= 16 << 10)
    }
}
