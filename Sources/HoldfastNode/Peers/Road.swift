/// What the bytes of one piece of work pass on their way to storage and back: they are counted, and held to the node's
/// bandwidth.
package struct Road: Sendable {
    /// What goes at once where nothing is limited.
    private static let pieceByteCount = 256 << 10

    /// Each way by itself; nil where nothing is limited.
    private let sending: Bandwidth?
    private let receiving: Bandwidth?
    private let moved: @Sendable (Int) -> Void

    package init(
        sending: Bandwidth? = nil, receiving: Bandwidth? = nil, moved: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.sending = sending
        self.receiving = receiving
        self.moved = moved
    }

    /// The next bytes to send, once they may go, taken off those that are left; nil at their end.
    package func next(of rest: inout ArraySlice<UInt8>) async throws -> [UInt8]? {
        guard !rest.isEmpty else { return nil }
        let size = sending?.pieceBytes(atMost: Self.pieceByteCount) ?? Self.pieceByteCount
        let piece = Array(rest.prefix(size))
        try await sending?.pass(piece.count)
        rest = rest.dropFirst(size)
        moved(piece.count)
        return piece
    }

    /// Returns when more than these bytes may come.
    package func received(_ bytes: Int) async throws {
        moved(bytes)
        try await receiving?.pass(bytes)
    }
}
