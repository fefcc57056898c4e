/// The last bytes of a stream.
struct TailBuffer: Sendable {
    static let limit = 64 << 10

    private(set) var bytes: [UInt8] = []

    mutating func append(_ more: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: more.suffix(Self.limit))
        if bytes.count > 2 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }

    /// The last lines, tidied for a message.
    func lastLines(_ count: Int = 5) -> String {
        String(decoding: bytes.suffix(Self.limit), as: UTF8.self).split(separator: "\n").suffix(count)
            .joined(separator: "\n")
    }
}
