/// Where one side of a message writes its bulk.
package struct BulkWriter: Sendable {
    let connection: Connection
    let stream: StreamID

    /// Sends bytes after those written before. Suspends while the receiver is behind, so that memory stays bounded; an
    /// array of about 256 KiB travels best.
    ///
    /// Throws `cancelled` when the other side needs no more, `unavailable` when the connection has ended, and the
    /// handler's own error when it has failed.
    package func write(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty else { return }
        try await connection.write(bytes, on: stream)
    }

    package func write(_ bytes: ArraySlice<UInt8>) async throws {
        try await write(Array(bytes))
    }

    /// Tells the other side that no more comes. The end of a handler or of a `sending` closure says the same.
    package func finish() async {
        await connection.finishBulk(stream)
    }
}
