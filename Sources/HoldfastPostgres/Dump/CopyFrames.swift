package import HoldfastModel

/// Takes the rows of one table out of their block of a dump, in pieces of any size.
///
/// A block is a type byte, the entry's number, and frames (length as an integer, bytes) up to one of no bytes.
package struct CopyFrames: Sendable {
    private enum State: Sendable {
        /// So many bytes before the first frame.
        case head(Int)
        case length
        case frame(left: Int64)
        case over
    }

    /// A frame's beginning: how many bytes of the block and of the rows are before it.
    package struct Place: Hashable, Sendable {
        package var block: UInt64
        package var rows: UInt64

        package init(block: UInt64, rows: UInt64) {
            self.block = block
            self.rows = rows
        }
    }

    private static let integerBytes = 1 + ArchiveReader.integerSize

    private var state: State
    private var pending: [UInt8] = []
    /// Bytes consumed, and bytes of rows given.
    private var place = Place(block: 0, rows: 0)

    /// - Parameter place: where an earlier reader found a frame to begin; nil for the beginning of the block.
    package init(from place: Place? = nil) {
        state = place == nil ? .head(1 + Self.integerBytes) : .length
        self.place = place ?? self.place
    }

    package var isOver: Bool { if case .over = state { true } else { false } }

    /// Appends the rows among `bytes` to `rows`.
    ///
    /// - Returns: where the first frame began in these bytes; nil where none did.
    /// - Throws: `malformed`.
    package mutating func consume(
        _ bytes: ArraySlice<UInt8>, into rows: inout [UInt8]
    ) throws(HoldfastError) -> Place? {
        var rest = bytes
        var first: Place?
        while !rest.isEmpty {
            switch state {
            case .over: return first
            case .head(let left):
                let count = min(left, rest.count)
                skip(count, of: &rest)
                state = count == left ? .length : .head(left - count)
            case .length:
                if pending.isEmpty { first = first ?? place }
                let count = min(Self.integerBytes - pending.count, rest.count)
                pending += rest.prefix(count)
                skip(count, of: &rest)
                if pending.count == Self.integerBytes { state = try frame() }
            case .frame(let left):
                let count = Int(min(left, Int64(rest.count)))
                rows += rest.prefix(count)
                place.rows += UInt64(count)
                skip(count, of: &rest)
                state = Int64(count) == left ? .length : .frame(left: left - Int64(count))
            }
        }
        return first
    }

    private mutating func skip(_ count: Int, of rest: inout ArraySlice<UInt8>) {
        rest = rest.dropFirst(count)
        place.block += UInt64(count)
    }

    private mutating func frame() throws(HoldfastError) -> State {
        let length = pending.withUnsafeBytes { bytes in
            var reader = ArchiveReader(bytes)
            return try? reader.integer()
        }
        pending = []
        guard let length, length >= 0 else {
            throw HoldfastError(.malformed, "The dump is not whole: a piece of a table has no length")
        }
        return length == 0 ? .over : .frame(left: length)
    }
}
