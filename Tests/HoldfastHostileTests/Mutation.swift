import HoldfastTestKit

/// Inputs made of good ones: bits flipped, bytes replaced, pieces cut, doubled, exchanged, and lengths that lie.
struct Mutation {
    let seeds: [[UInt8]]
    let entropy: SeededEntropy

    private static let telling: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, 10, 13, 34, 47, 92, 123]

    private func below(_ limit: Int) -> Int { Int(entropy.next() % UInt64(max(1, limit))) }

    mutating func next() -> [UInt8] {
        guard below(20) > 0, var bytes = seeds.isEmpty ? nil : seeds[below(seeds.count)] else {
            return entropy.bytes(below(80))
        }
        for _ in 0...below(4) {
            let at = below(bytes.count)
            switch below(8) {
            case _ where bytes.isEmpty: bytes = entropy.bytes(below(9))
            case 0, 1: bytes[at] ^= 1 << UInt8(below(8))
            case 2: bytes[at] = Self.telling[below(Self.telling.count)]
            case 3: bytes.removeSubrange(at..<min(bytes.count, at + 1 + below(8)))
            case 4: bytes.insert(contentsOf: entropy.bytes(1 + below(8)), at: at)
            case 5: bytes = Array(bytes[..<at])
            case 6:
                let piece = bytes[at..<min(bytes.count, at + below(40))]
                bytes.insert(contentsOf: piece, at: below(bytes.count))
            default:
                for index in at..<min(bytes.count, at + 4) { bytes[index] = below(2) == 0 ? 0xff : 0 }
            }
        }
        return bytes
    }
}
