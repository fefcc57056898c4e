/// Gathers small pieces into ones that travel well.
struct BulkBatch {
    private static let size = 256 << 10

    private let give: ([UInt8]) async throws -> Void
    private var bytes: [UInt8] = []

    init(_ give: @escaping ([UInt8]) async throws -> Void) { self.give = give }

    mutating func add(_ piece: ArraySlice<UInt8>) async throws {
        bytes += piece
        if bytes.count >= Self.size { try await flush() }
    }

    mutating func flush() async throws {
        let full = bytes
        bytes = []
        if !full.isEmpty { try await give(full) }
    }
}
