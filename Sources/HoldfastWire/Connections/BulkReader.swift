import HoldfastModel

/// The bulk of the other side of a message, piece by piece as it comes; reading is what lets more come.
///
/// For one reader. Pieces have no meaning: how many there are depends on the network.
package struct BulkReader: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    let connection: Connection
    let stream: StreamID

    package struct AsyncIterator: AsyncIteratorProtocol {
        let reader: BulkReader

        package mutating func next() async throws -> [UInt8]? { try await reader.next() }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: self) }

    /// The next piece, never empty; nil at the end. Throws `unavailable` when the connection ends, `cancelled` when the
    /// message is cancelled, and the handler's error when it fails.
    package func next() async throws -> [UInt8]? { try await connection.nextBulk(stream) }

    /// Everything up to the end. Throws `tooLarge` beyond `limit` bytes.
    ///
    /// - Parameter came: told how many bytes came; more come once it has returned.
    package func collect(
        upTo limit: Int, _ came: (_ bytes: Int) async throws -> Void = { _ in }
    ) async throws -> [UInt8] {
        var result: [UInt8] = []
        while let piece = try await next() {
            guard result.count + piece.count <= limit else {
                throw HoldfastError(.tooLarge, "More than \(limit) bytes of bulk came; no more are taken here.")
            }
            result.append(contentsOf: piece)
            try await came(piece.count)
        }
        return result
    }

    /// The bulk cut into records of `size` bytes. Throws `malformed` when the last is incomplete.
    package func records(of size: Int) -> BulkRecords { BulkRecords(reader: self, size: size) }
}
