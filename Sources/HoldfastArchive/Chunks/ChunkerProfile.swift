/// How finely content is cut. Changing one ends deduplication against older backups.
package struct ChunkerProfile: Hashable, Sendable {
    /// In bytes, as are the others. Content shorter than this is one chunk.
    package let minimum: Int
    /// A power of two.
    package let average: Int
    package let maximum: Int
    /// Tested up to `average`: two bits more than its logarithm, so that few cuts come early.
    let strictMask: UInt64
    /// Tested beyond `average`: two bits fewer.
    let looseMask: UInt64

    private init(minimum: Int, average: Int, maximum: Int) {
        let bits = average.trailingZeroBitCount
        self.minimum = minimum
        self.average = average
        self.maximum = maximum
        // The hash shifts left, so its highest bits have seen the most bytes.
        self.strictMask = ~UInt64(0) << UInt64(64 - bits - 2)
        self.looseMask = ~UInt64(0) << UInt64(64 - bits + 2)
    }

    package static let media = ChunkerProfile(minimum: 128 << 10, average: 512 << 10, maximum: 2 << 20)
    package static let dump = ChunkerProfile(minimum: 16 << 10, average: 64 << 10, maximum: 256 << 10)
}
