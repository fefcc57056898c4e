import HoldfastModel

/// Numbers that follow from a seed alone (SplitMix64). Each part of a run draws from one of its own, so that a change to
/// one part leaves the others' draws as they are.
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Where it stands, without moving it.
    var peek: UInt64 { state }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// Another generator that this one decides.
    mutating func fork() -> Chance { Chance(seed: next()) }

    /// 0 up to, not including, `limit`.
    mutating func below(_ limit: Int) -> Int { Int(truncatingIfNeeded: next() >> 33) % max(1, limit) }

    mutating func isOne(in count: Int) -> Bool { below(count) == 0 }

    mutating func duration(_ range: ClosedRange<Duration>) -> Duration {
        let microseconds = (range.upperBound - range.lowerBound) / .microseconds(1)
        return range.lowerBound + .microseconds(below(Int(microseconds) + 1))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }
}

/// A generator that several hold, as Holdfast's own source of identifiers, salts and keys.
final class SimulatedEntropy: Entropy, @unchecked Sendable {
    // Touched by the executor's one thread.
    var chance: Chance

    init(_ chance: Chance) { self.chance = chance }

    func bytes(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + 7)
        while result.count < count {
            withUnsafeBytes(of: chance.next().littleEndian) { result += $0 }
        }
        return Array(result.prefix(count))
    }
}
