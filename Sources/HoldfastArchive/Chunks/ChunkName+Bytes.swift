extension ChunkName {
    /// - Precondition: `bytes` are 32.
    package init(bytes: some Collection<UInt8>) {
        precondition(bytes.count == Self.byteCount)
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.init(words: (words[0], words[1], words[2], words[3]))
    }

    package var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.name(self)
        return writer.bytes
    }
}
