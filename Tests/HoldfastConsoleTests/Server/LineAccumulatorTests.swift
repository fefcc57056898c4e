import HoldfastModel
import Testing

@testable import HoldfastConsole

@Suite struct LineAccumulatorTests {
    @Test func everySplit() throws {
        let bytes = Array("one\r\n\n日本 two\nrest".utf8)
        for first in 0...bytes.count {
            var accumulator = LineAccumulator(limitBytes: 100)
            var lines: [String] = []
            for piece in [bytes[..<first], bytes[first...]] {
                accumulator.append(piece)
                while let line = try accumulator.next() { lines.append(line) }
            }
            #expect(lines == ["one", "", "日本 two"], "cut at \(first)")
        }
    }

    @Test func limit() throws {
        var accumulator = LineAccumulator(limitBytes: 5)
        accumulator.append(Array("12345\n".utf8))
        #expect(try accumulator.next() == "12345")
        accumulator.append(Array("123456".utf8))
        let error = #expect(throws: HoldfastError.self) { try accumulator.next() }
        #expect(error?.code == .tooLarge)
    }

    @Test(arguments: [[UInt8(0)], [0x1b], [0x7f], [0xff, 0x0a], [0xc3, 0x0a]])
    func garbage(_ bytes: [UInt8]) {
        var accumulator = LineAccumulator(limitBytes: 100)
        accumulator.append(Array("abc".utf8) + bytes)
        let error = #expect(throws: HoldfastError.self) { try accumulator.next() }
        #expect(error?.code == .malformed)
    }
}
