import Crypto

/// Names chunks: HMAC-SHA-256 of their plain content under the project's naming key.
struct ChunkNamer: Sendable {
    /// The keyed state is copied for each chunk, which saves the two blocks of the key.
    private let keyed: HMAC<SHA256>

    init(naming: [UInt8]) {
        keyed = HMAC<SHA256>(key: KeyDerivation.key(naming, info: KeyDerivation.chunkNames))
    }

    func name(of content: UnsafeRawBufferPointer) -> ChunkName {
        var mac = keyed
        mac.update(data: content)
        return mac.finalize().withUnsafeBytes { code in
            func word(_ index: Int) -> UInt64 {
                UInt64(bigEndian: code.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
            }
            return ChunkName(words: (word(0), word(1), word(2), word(3)))
        }
    }
}
