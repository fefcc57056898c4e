import HoldfastModel

/// Bulk that is a list of records of one size, such as names of objects.
package struct BulkRecords: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    let reader: BulkReader
    let size: Int

    package struct AsyncIterator: AsyncIteratorProtocol {
        let reader: BulkReader
        let size: Int
        var piece: [UInt8] = []
        var offset = 0

        package mutating func next() async throws -> [UInt8]? {
            while piece.count - offset < size {
                guard let more = try await reader.next() else {
                    guard offset == piece.count else {
                        throw HoldfastError(.malformed, "The bulk ends within a record of \(size) bytes.")
                    }
                    return nil
                }
                piece = Array(piece[offset...]) + more
                offset = 0
            }
            defer { offset += size }
            return Array(piece[offset..<offset + size])
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: reader, size: size) }
}
