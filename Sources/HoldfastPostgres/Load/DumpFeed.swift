import HoldfastModel

/// Takes a dump from its source, checks its framing once more as it passes, and holds back what is read before
/// `pg_restore` can be started.
struct DumpFeed {
    private var framing = DumpFraming()
    private var heldBack: [[UInt8]] = []
    private(set) var isFinished = false

    /// Reads up to the end of the dump's contents list.
    mutating func readContents(from source: () async throws -> [UInt8]?) async throws -> DumpContents {
        while true {
            if let contents = framing.contents { return contents }
            guard let bytes = try await source() else {
                try framing.finish()
                throw HoldfastError(.malformed, "The dump is empty")
            }
            try check(bytes)
            heldBack.append(bytes)
        }
    }

    /// The next bytes for the tool; nil only once the dump has proven whole.
    mutating func next(from source: () async throws -> [UInt8]?) async throws -> [UInt8]? {
        guard heldBack.isEmpty else { return heldBack.removeFirst() }
        guard let bytes = try await source() else {
            try framing.finish()
            isFinished = true
            return nil
        }
        try check(bytes)
        return bytes
    }

    private mutating func check(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            start += try bytes[start...].withUnsafeBytes { try framing.consume($0).count }
        }
    }
}
