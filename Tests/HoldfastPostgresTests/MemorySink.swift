import HoldfastPostgres

/// Keeps a dump and the places where its parts begin.
struct MemorySink: DumpSink {
    var bytes: [UInt8] = []
    var boundaries: [Int] = []

    mutating func write(_ bytes: ArraySlice<UInt8>) async throws { self.bytes += bytes }
    mutating func boundary() async throws { boundaries.append(bytes.count) }

    /// The dump as a source gives it, in pieces of so many bytes.
    func source(piece: Int = 10_000) -> () async throws -> [UInt8]? {
        var rest = bytes[...]
        return {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(piece) }
            return Array(rest.prefix(piece))
        }
    }
}
