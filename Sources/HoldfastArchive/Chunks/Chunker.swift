/// Finds where chunks end: FastCDC with normalised chunking over a keyed gear table.
///
/// The cuts depend on the content since the last cut only, never on how it is split into buffers.
package struct Chunker: Sendable {
    private let profile: ChunkerProfile
    private let gear: [UInt64]
    private var hash: UInt64 = 0
    /// Bytes of the open chunk so far.
    private var length = 0

    package init(_ profile: ChunkerProfile, table: GearTable) {
        self.profile = profile
        self.gear = table.values
    }

    /// Takes bytes of the open chunk from the front of `bytes`, all of them unless the chunk ends before.
    ///
    /// - Returns: how many belong to the chunk, and whether it ends there.
    package mutating func scan(_ bytes: UnsafeRawBufferPointer) -> (count: Int, ends: Bool) {
        let count = bytes.count
        // The first bytes can't end a chunk; the hash starts at the minimum, so they are not even looked at.
        var index = min(count, max(0, profile.minimum - length))
        let strictEnd = min(count, max(index, profile.average - length))
        let looseEnd = min(count, profile.maximum - length)
        var hash = hash
        let found = gear.withUnsafeBufferPointer { gear in
            while index < strictEnd {
                hash = (hash << 1) &+ gear[Int(bytes[index])]
                index += 1
                if hash & profile.strictMask == 0 { return true }
            }
            while index < looseEnd {
                hash = (hash << 1) &+ gear[Int(bytes[index])]
                index += 1
                if hash & profile.looseMask == 0 { return true }
            }
            return false
        }
        length += index
        self.hash = hash
        guard found || length == profile.maximum else { return (index, false) }
        cut()
        return (index, true)
    }

    /// Ends the open chunk here, whatever its length: the next byte begins one.
    package mutating func cut() {
        hash = 0
        length = 0
    }
}
