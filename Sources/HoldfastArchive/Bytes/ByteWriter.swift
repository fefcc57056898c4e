/// Builds the bytes of a format. All integers are big-endian.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    mutating func integer<Integer: FixedWidthInteger>(_ value: Integer) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ content: some Sequence<UInt8>) { bytes.append(contentsOf: content) }

    mutating func name(_ name: ChunkName) {
        integer(name.words.0)
        integer(name.words.1)
        integer(name.words.2)
        integer(name.words.3)
    }

    /// A length of two bytes, then the content.
    mutating func short(_ content: some Collection<UInt8>) {
        integer(UInt16(content.count))
        raw(content)
    }

    /// A length of four bytes, then the content.
    mutating func long(_ content: some Collection<UInt8>) {
        integer(UInt32(content.count))
        raw(content)
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func removeFirst(_ count: Int) { bytes.removeFirst(count) }
}
